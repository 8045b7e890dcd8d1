import type { ComponentChildren } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'

interface Props {
  /** What stands on the button. */
  readonly label: ComponentChildren
  /** What the button is called for those who do not see where it stands. */
  readonly name?: string
  readonly class?: string
  readonly children: ComponentChildren
}

/** A button that opens a box below it. Esc, a click elsewhere or leaving it with Tab closes it; Esc puts the focus back on the button. */
export function Popover({ label, name, class: className = 'button', children }: Props) {
  const [isOpen, setOpen] = useState(false)
  const box = useRef<HTMLDivElement>(null)
  const button = useRef<HTMLButtonElement>(null)
  useEffect(() => {
    if (!isOpen) return
    const closeOutside = (event: Event): void => {
      if (event.target instanceof Node && box.current?.contains(event.target) === false) setOpen(false)
    }
    document.addEventListener('pointerdown', closeOutside)
    document.addEventListener('focusin', closeOutside)
    return () => {
      document.removeEventListener('pointerdown', closeOutside)
      document.removeEventListener('focusin', closeOutside)
    }
  }, [isOpen])
  const closeByKey = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape' || !isOpen) return
    event.stopPropagation()
    setOpen(false)
    button.current?.focus()
  }
  return (
    <div class="popover" ref={box} onKeyDown={closeByKey}>
      <button
        ref={button}
        type="button"
        class={className}
        aria-expanded={isOpen}
        aria-label={name}
        onClick={() => setOpen(!isOpen)}
      >
        {label}
        <span class="caret" aria-hidden="true" />
      </button>
      {isOpen && <div class="popover-box">{children}</div>}
    </div>
  )
}
