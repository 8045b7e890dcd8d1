import type { ComponentChildren } from 'preact'
import { go } from '../state/place.ts'

interface Props {
  readonly href: string
  readonly class?: string
  readonly 'aria-current'?: 'page' | undefined
  readonly children: ComponentChildren
}

/** A link inside the dashboard: the page changes without being loaded anew, except into another tab. */
export function Link({ href, ...rest }: Props) {
  const follow = (event: MouseEvent): void => {
    if (event.defaultPrevented || event.button !== 0) return
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return
    event.preventDefault()
    go(href)
  }
  return <a href={href} onClick={follow} {...rest} />
}
