import type { ComponentChildren, RefObject } from 'preact'
import { Popover } from './popover.tsx'

/** A file that a panel can be had as. */
export interface Download {
  readonly label: string
  readonly href: string
}

/** A button of a panel that shows its content in another way. */
export interface View {
  readonly label: string
  readonly isShown: boolean
  readonly show: () => void
}

interface Props {
  readonly id: string
  /** Is given the element of the panel. */
  readonly box?: RefObject<HTMLElement | null>
  readonly title: string
  readonly subtitle?: string | undefined
  readonly isLoading: boolean
  readonly views?: readonly View[]
  readonly downloads?: readonly Download[]
  readonly children: ComponentChildren
}

/** A titled part of the page, with ways to see and to take along what is in it. */
export function Panel({ id, box, title, subtitle, isLoading, views = [], downloads = [], children }: Props) {
  return (
    <section
      {...(box && { ref: box })}
      class="panel"
      id={`panel-${id}`}
      aria-labelledby={`title-${id}`}
      aria-busy={isLoading}
    >
      <header class="panel-head">
        <div>
          <h2 id={`title-${id}`}>{title}</h2>
          {subtitle !== undefined && <p>{subtitle}</p>}
        </div>
        {(views.length > 0 || downloads.length > 0) && (
          <div class="panel-tools" role="group" aria-label={`${title}: views and files`}>
            {views.map((view) => (
              <button key={view.label} type="button" class="tool" aria-pressed={view.isShown} onClick={view.show}>
                {view.label}
              </button>
            ))}
            {downloads.length > 0 && <Downloads title={title} downloads={downloads} />}
          </div>
        )}
      </header>
      <div class={isLoading ? 'panel-body is-stale' : 'panel-body'}>{children}</div>
    </section>
  )
}

function Downloads({ title, downloads }: { readonly title: string; readonly downloads: readonly Download[] }) {
  return (
    <Popover label="Save" name={`Save ${title}`} class="tool">
      <ul class="menu">
        {downloads.map(({ label, href }) => (
          <li key={label}>
            <a href={href} download>
              {label}
            </a>
          </li>
        ))}
      </ul>
    </Popover>
  )
}
