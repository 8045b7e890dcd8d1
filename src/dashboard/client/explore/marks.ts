import { filtersOf, isFiltered, withFilter, without } from '../state/filters.ts'

/** What happens at the marks of a chart. */
export interface MarkUse {
  readonly query: URLSearchParams
  /** The reader wants the films of a mark: the query with its filter, or without it where it was there. */
  readonly filter: (query: URLSearchParams) => void
  /** The reader looks at a mark, or at none. */
  readonly explain: (mark: Element | undefined, text: string) => void
}

/**
 * The marks of a chart can be used: by pointer, and by keys as one stop of Tab in which arrows, Home and End go from mark to mark and Enter or the space
 * bar filter. Several marks of one filter are one stop. `focused` is the filter whose mark gets the focus back after the chart was drawn anew.
 */
export function enliven(svg: SVGSVGElement, use: MarkUse, focused: string | undefined): void {
  const stops = stopsOf(svg)
  for (const mark of svg.querySelectorAll('[data-filter], :has(> title)')) nameMark(mark)
  hideTheRest(svg, stops.length > 0)
  const at = stops.findIndex((mark) => filterOf(mark) === focused)
  for (const [place, mark] of stops.entries()) {
    mark.setAttribute('role', 'button')
    mark.setAttribute('tabindex', place === Math.max(at, 0) ? '0' : '-1')
    mark.setAttribute('aria-pressed', String(isInUse(mark, use.query)))
  }
  const apply = (mark: Element): void => use.filter(toggledBy(use.query, mark))
  listen(svg, stops, use, apply)
  if (at >= 0) focusOn(stops[at])
}

function listen(svg: SVGSVGElement, stops: readonly Element[], use: MarkUse, apply: (mark: Element) => void): void {
  svg.addEventListener('click', (event) => {
    const mark = closest(event, '[data-filter]')
    if (mark !== undefined) apply(mark)
  })
  svg.addEventListener('keydown', (event) => {
    const mark = closest(event, '[role=button]')
    if (mark === undefined) return
    const next = nextStop(stops, mark, event.key)
    if (next !== undefined) moveFocus(mark, next)
    else if (event.key === 'Enter' || event.key === ' ') apply(mark)
    else return
    event.preventDefault()
  })
  const look = (event: Event): void => {
    const mark = closest(event, '[data-tip]')
    use.explain(mark, mark?.getAttribute('data-tip') ?? '')
  }
  for (const kind of ['pointerover', 'focusin']) svg.addEventListener(kind, look)
  for (const kind of ['pointerleave', 'focusout']) svg.addEventListener(kind, () => use.explain(undefined, ''))
}

function stopsOf(svg: SVGSVGElement): readonly Element[] {
  const byFilter = new Map<string, Element>()
  for (const mark of svg.querySelectorAll('[data-filter]'))
    if (!byFilter.has(filterOf(mark))) byFilter.set(filterOf(mark), mark)
  return [...byFilter.values()]
}

/** The mark's title becomes its label and its tip: a browser would show it late and beside ours. */
function nameMark(mark: Element): void {
  const title = mark.querySelector(':scope > title')
  const text = title?.textContent ?? ''
  title?.remove()
  mark.setAttribute('data-tip', text)
  if (mark.hasAttribute('data-filter')) mark.setAttribute('aria-label', text.replaceAll('\n', ', '))
}

/** Axes, grids and marks that do nothing are silent: the chart's own label says what it shows. */
function hideTheRest(svg: SVGSVGElement, hasStops: boolean): void {
  svg.setAttribute('role', hasStops ? 'group' : 'img')
  if (!hasStops) return
  for (const child of svg.children) {
    child.removeAttribute('aria-label')
    if (child.querySelector('[data-filter]') === null) child.setAttribute('aria-hidden', 'true')
  }
}

function toggledBy(query: URLSearchParams, mark: Element): URLSearchParams {
  const filters = filtersOf(new URLSearchParams(filterOf(mark)))
  if (isInUse(mark, query)) return filters.reduce(without, query)
  return filters.reduce(
    (changed, filter) => (isFiltered(changed, filter) ? changed : withFilter(changed, filter)),
    query,
  )
}

function isInUse(mark: Element, query: URLSearchParams): boolean {
  return filtersOf(new URLSearchParams(filterOf(mark))).every((filter) => isFiltered(query, filter))
}

function nextStop(stops: readonly Element[], mark: Element, key: string): Element | undefined {
  const at = stops.indexOf(mark)
  if (key === 'Home') return stops[0]
  if (key === 'End') return stops.at(-1)
  if (key === 'ArrowRight' || key === 'ArrowDown') return stops[(at + 1) % stops.length]
  return key === 'ArrowLeft' || key === 'ArrowUp' ? stops.at(at - 1) : undefined
}

function moveFocus(from: Element, to: Element): void {
  from.setAttribute('tabindex', '-1')
  to.setAttribute('tabindex', '0')
  focusOn(to)
}

function focusOn(mark: Element | undefined): void {
  if (mark instanceof SVGElement) mark.focus()
}

function closest(event: Event, selector: string): Element | undefined {
  return event.target instanceof Element ? (event.target.closest(selector) ?? undefined) : undefined
}

function filterOf(mark: Element): string {
  return mark.getAttribute('data-filter') ?? ''
}
