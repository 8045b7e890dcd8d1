import { withQuery } from '../state/api.ts'
import { filterQuery, isFiltered, toggled } from '../state/filters.ts'
import { explore, go, readPlace } from '../state/place.ts'
import { type MarkMeaning, readMeaning } from './mark-meaning.ts'

/** What the marks of a chart work with. */
export interface MarkUse {
  /** The reader looks at a mark, or at none. */
  readonly explain: (mark: Element | undefined, text: string) => void
  /** `data-filter` of the mark that had the focus before the chart was drawn anew, and gets it back. */
  readonly focused: string | undefined
}

/**
 * The marks of a chart can be used: by pointer, and by keys as one stop of Tab in which arrows, Home and End go from mark to mark and Enter or the space
 * bar filter, or open the film. Several marks with one meaning are one stop.
 */
export function enliven(svg: SVGSVGElement, use: MarkUse): void {
  const stops = stopsOf(svg)
  const { query } = readPlace()
  const at = stops.findIndex(({ mark }) => keyOf(mark) === use.focused)
  for (const mark of svg.querySelectorAll(':has(> title)')) moveTitle(mark)
  for (const [place, { mark, meaning }] of stops.entries()) {
    mark.setAttribute('tabindex', place === Math.max(at, 0) ? '0' : '-1')
    mark.setAttribute('aria-label', mark.getAttribute('data-tip')?.replaceAll('\n', ', ') ?? '')
    mark.setAttribute('role', 'film' in meaning ? 'link' : 'button')
    if ('filter' in meaning) mark.setAttribute('aria-pressed', String(isFiltered(query, meaning.filter)))
  }
  silenceTheRest(svg, stops.length > 0)
  listen(
    svg,
    stops.map(({ mark }) => mark),
    use,
  )
  if (at >= 0) focusOn(stops[at]?.mark)
}

function listen(svg: SVGSVGElement, stops: readonly Element[], { explain }: MarkUse): void {
  svg.addEventListener('click', (event) => {
    const mark = closest(event, '[data-filter]')
    if (mark !== undefined) follow(mark)
  })
  svg.addEventListener('keydown', (event) => {
    const mark = closest(event, '[tabindex]')
    if (mark === undefined) return
    const next = nextStop(stops, mark, event.key)
    if (next !== undefined) moveFocus(mark, next)
    else if (event.key === 'Enter' || event.key === ' ') follow(mark)
    else return
    event.preventDefault()
  })
  const look = (event: Event): void => {
    const mark = closest(event, '[data-tip]')
    explain(mark, mark?.getAttribute('data-tip') ?? '')
  }
  for (const kind of ['pointerover', 'focusin']) svg.addEventListener(kind, look)
  for (const kind of ['pointerleave', 'focusout']) svg.addEventListener(kind, () => explain(undefined, ''))
}

/** One mark of each meaning, in the order of the chart; those that mean nothing here lose what says so. */
function stopsOf(svg: SVGSVGElement): readonly { readonly mark: Element; readonly meaning: MarkMeaning }[] {
  const seen = new Set<string>()
  return [...svg.querySelectorAll('[data-filter]')].flatMap((mark) => {
    const meaning = readMeaning(keyOf(mark))
    if (meaning === undefined) mark.removeAttribute('data-filter')
    if (meaning === undefined || seen.has(keyOf(mark))) return []
    seen.add(keyOf(mark))
    return [{ mark, meaning }]
  })
}

/** The mark's title becomes its tip: a browser would show it late and beside ours. */
function moveTitle(mark: Element): void {
  const title = mark.querySelector(':scope > title')
  mark.setAttribute('data-tip', title?.textContent ?? '')
  title?.remove()
}

/** Axes, grids and marks that do nothing are silent: the chart's own label says what it shows. */
function silenceTheRest(svg: SVGSVGElement, hasStops: boolean): void {
  svg.setAttribute('role', hasStops ? 'group' : 'img')
  for (const part of svg.querySelectorAll('[aria-label]:not([tabindex]), [aria-description]')) {
    part.removeAttribute('aria-label')
    part.removeAttribute('aria-description')
  }
  for (const child of svg.children)
    if (child.querySelector('[tabindex]') === null && !child.hasAttribute('tabindex'))
      child.setAttribute('aria-hidden', 'true')
}

function follow(mark: Element): void {
  const meaning = readMeaning(keyOf(mark))
  if (meaning === undefined) return
  if ('film' in meaning) go(withQuery(`/films/${meaning.film}`, filterQuery(readPlace().query)))
  else explore((now) => toggled(now, meaning.filter))
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

function keyOf(mark: Element): string {
  return mark.getAttribute('data-filter') ?? ''
}
