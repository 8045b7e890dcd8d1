import { useEffect, useRef, useState } from 'preact/hooks'
import type { ChartAnswer } from '../../api-types.ts'
import { dark, light } from '../../../report/charts/palette.ts'
import { EmptyMessage } from '../parts/states.tsx'
import { filtersOf, withoutFilters } from '../state/filters.ts'
import { explore } from '../state/place.ts'
import type { Theme } from '../state/theme.ts'
import { drawSoon } from './draw-queue.ts'
import { drawingOf } from './drawings.ts'
import { enliven } from './marks.ts'

interface Props {
  readonly answer: ChartAnswer
  readonly query: URLSearchParams
  readonly theme: Theme
}

interface Tip {
  readonly text: string
  readonly x: number
  readonly y: number
}

/** A chart as wide as there is room. A click on a mark filters all films by it. */
export function Picture({ answer, query, theme }: Props) {
  const box = useRef<HTMLDivElement>(null)
  const width = useWidth(box)
  const [tip, setTip] = useState<Tip>()
  const [drawn, setDrawn] = useState<'not yet' | 'nothing' | 'chart'>('not yet')
  useEffect(() => {
    const element = box.current
    if (element === null || width === 0) return
    setDrawn('not yet')
    return drawSoon(element, () => {
      setTip(undefined)
      setDrawn(show(drawChart(answer, width, theme), element, setTip) ? 'chart' : 'nothing')
    })
  }, [answer, width, theme])
  const clear = filtersOf(query).length === 0 ? undefined : () => explore(withoutFilters)
  return (
    <div class="picture" aria-busy={drawn === 'not yet'}>
      <div ref={box} />
      {drawn === 'nothing' && <EmptyMessage why={answer.caption.subtitle} clear={clear} />}
      {tip !== undefined && <TipBox tip={tip} width={width} />}
    </div>
  )
}

/** The chart is in the box, in place of the one before, and its marks can be used. False when there is none. */
function show(svg: SVGSVGElement | undefined, box: HTMLElement, setTip: (tip: Tip | undefined) => void): boolean {
  const focused = focusedFilter(box)
  box.replaceChildren(...(svg === undefined ? [] : [svg]))
  if (svg === undefined) return false
  const explain = (mark: Element | undefined, text: string): void =>
    setTip(mark === undefined || text === '' ? undefined : { text, ...placeOf(mark, box) })
  enliven(svg, { explain, focused })
  return true
}

function TipBox({ tip, width }: { readonly tip: Tip; readonly width: number }) {
  const place = (element: HTMLElement | null): void => {
    if (element === null) return
    const half = element.offsetWidth / 2
    element.style.left = `${Math.min(Math.max(tip.x, half), Math.max(width - half, half))}px`
    element.style.top = `${tip.y}px`
  }
  return (
    <div class="tip" aria-hidden="true" ref={place}>
      {tip.text}
    </div>
  )
}

function drawChart(answer: ChartAnswer, width: number, theme: Theme): SVGSVGElement | undefined {
  const palette = theme === 'dark' ? dark : light
  const svg = drawingOf(answer.id)?.(answer.rows, { document, width, palette })
  svg?.setAttribute('aria-label', answer.caption.description)
  return svg
}

function focusedFilter(box: HTMLElement): string | undefined {
  const { activeElement } = document
  return box.contains(activeElement) ? (activeElement?.getAttribute('data-filter') ?? undefined) : undefined
}

function placeOf(mark: Element, box: HTMLElement): { readonly x: number; readonly y: number } {
  const at = mark.getBoundingClientRect()
  const origin = box.getBoundingClientRect()
  return { x: at.left + at.width / 2 - origin.left, y: at.top - origin.top }
}

function useWidth(box: { readonly current: HTMLElement | null }): number {
  const [width, setWidth] = useState(0)
  useEffect(() => {
    const element = box.current
    if (element === null) return
    const observer = new ResizeObserver(() => setWidth(Math.floor(element.clientWidth)))
    observer.observe(element)
    return () => observer.disconnect()
  }, [])
  return width
}
