import { dot, type Markish, type PlotOptions } from '@observablehq/plot'
import { axisBelow, axisLeft, axisLeftPx, type Axis } from './axes.ts'
import type { Canvas } from './chart.ts'
import { clickable, type Meaning } from './clickable.ts'
import type { Label } from './labels.ts'
import { addLegend, legendHeight, type LegendItem } from './legend.ts'
import { plotted } from './plot.ts'

/** A film, or several that are close together. */
export interface FilmPoint {
  readonly film_count: number
  readonly top_id: number | null
}

/** The axes, the names of the series and the marks of a scatter plot. */
export interface Scatter {
  readonly legend: readonly LegendItem[]
  readonly x: NonNullable<PlotOptions['x']>
  readonly y: NonNullable<PlotOptions['y']>
  readonly below: Omit<Axis, 'ticks'>
  readonly left: Omit<Axis, 'ticks'>
  /** The values at the axes, of which so many have room. */
  readonly ticks: (most: number) => { readonly x: readonly number[]; readonly y: readonly number[] }
  readonly marks: readonly Markish[]
}

/** A scatter plot as wide as the canvas, with its legend above. */
export function drawScatter(canvas: Canvas, scatter: Scatter): SVGSVGElement {
  const { width, palette } = canvas
  const marginTop = legendHeight(scatter.legend, width) + 24
  const innerPx = Math.round(Math.min(540, Math.max(280, width * 0.56)))
  const svg = plotted(canvas, {
    height: marginTop + innerPx + 44,
    marginTop,
    marginLeft: axisLeftPx,
    marginRight: 12,
    marginBottom: 44,
    x: scatter.x,
    y: scatter.y,
    r: { type: 'identity' },
    marks: [
      axisBelow({ ...scatter.below, ticks: scatter.ticks((width - axisLeftPx) / 62).x }, palette),
      axisLeft({ ...scatter.left, ticks: scatter.ticks(innerPx / 44).y }, palette),
      ...scatter.marks,
    ],
  })
  addLegend(svg, scatter.legend, canvas)
  return svg
}

/** How the points of a series look. `largest` is the most films a point of the chart stands for. */
export interface Look {
  readonly x: string
  readonly y: string
  readonly symbol: 'circle' | 'diamond2'
  readonly fill: string
  readonly fillOpacity: number
  readonly largest: number
}

/** A point a row, its area growing with its films. */
export const filmDots = <Row extends FilmPoint>(
  rows: readonly Row[],
  { largest, ...look }: Look,
  meaningOf: (row: Row) => Meaning,
): Markish =>
  dot(rows, {
    ...look,
    r: (row: Row) => (largest === 1 ? 3 : 1.8 + 5 * Math.sqrt((row.film_count - 1) / largest)),
    sort: null,
    ...clickable(rows, meaningOf),
  })

/** Which films to name: the first so many by a value, the highest first. */
export type Order<Row> = readonly [value: (row: Row) => number, most: number]

/** Labels for the films that come first in these orders, each once. */
export function filmLabels<Row extends FilmPoint>(
  rows: readonly Row[],
  orders: readonly Order<Row>[],
  labelOf: (row: Row) => Label,
): readonly Label[] {
  const chosen = orders.flatMap(([value, most]) =>
    rows.toSorted((a, b) => value(b) - value(a) || (a.top_id ?? 0) - (b.top_id ?? 0)).slice(0, most),
  )
  return [...new Set(chosen)].map((row) => ({ ...labelOf(row), isRinged: true }))
}
