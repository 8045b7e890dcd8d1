import { axisX, axisY, barX, gridX, ruleX, ruleY, text, tickX } from '@observablehq/plot'
import { count, lit, median, percentile, when } from '../../frame/index.ts'
import type { Canvas, Caption, ChartSources, RowsOf } from './chart.ts'
import { clickable } from './clickable.ts'
import { coverageText } from './coverage-text.ts'
import { always, coverage } from './coverage.ts'
import { countText, filmsText, multipleText } from './format.ts'
import { plotted } from './plot.ts'
import { textWidthPx, truncated } from './text.ts'
import { logDomain, logTicks } from './ticks.ts'

type Rows = RowsOf<typeof query>

/** The chart's name. */
export const id = 'roi-by-genre'

const rowPx = 26
const mostGenres = 40

/** One row per genre with films that count for roi, the highest median first; before them, with null for the genre, a row of all films. */
export function query({ films }: ChartSources) {
  const eligible = films.select((f) => ({ genres: f.genres, roi: when(f.is_roi_eligible, f.roi) })).dropNulls('roi')
  return eligible
    .select((f) => ({ genre: lit(null, 'string'), roi: f.roi }))
    .unionByName(eligible.explode('genres', 'genre'))
    .groupBy('genre')
    .agg((f) => ({
      roi_count: count(),
      roi_p10: percentile(f.roi, 0.1),
      roi_q1: percentile(f.roi, 0.25),
      roi_median: median(f.roi),
      roi_q3: percentile(f.roi, 0.75),
      roi_p90: percentile(f.roi, 0.9),
    }))
    .dropNulls('roi_p10', 'roi_q1', 'roi_median', 'roi_q3', 'roi_p90')
    .joinOn(
      coverage(films, (f) => f.is_roi_eligible),
      always,
    )
    .orderBy((g) => [g.genre.isNotNull(), g.roi_median.desc(), g.genre])
    .limit(mostGenres)
}

/** What the chart says in words. */
export function caption(rows: Rows): Caption {
  const [all, first] = rows
  const last = rows.at(-1)
  return {
    title: 'Return on budget by genre: revenue as a multiple of the budget',
    subtitle: `Line: median; box: middle half; whiskers: 10th to 90th percentile. ${coverageText(rows, 'with revenue and a budget large enough to count')}`,
    description:
      all === undefined || first === undefined || last === undefined
        ? 'No genre has films whose return is known'
        : `Box plots of ${rows.length - 1} genres: the median return is ${multipleText(all.roi_median)} for all films, highest for ${first.genre} at ${multipleText(first.roi_median)}, lowest for ${last.genre} at ${multipleText(last.roi_median)}`,
  }
}

/** A box plot a genre, and one of all films above them, on a logarithmic axis; undefined without rows. */
export function draw(rows: Rows, canvas: Canvas): SVGSVGElement | undefined {
  const [all] = rows
  if (all === undefined) return undefined
  const { palette, width } = canvas
  const names = rows.map(({ genre }) => genre ?? 'All films')
  const mostNamePx = Math.min(width * 0.34, 180)
  const marginLeft = Math.min(mostNamePx, Math.max(...names.map((name) => textWidthPx(name)))) + 10
  const marginRight = Math.max(...rows.map((row) => textWidthPx(countText(row.roi_count))), textWidthPx('films')) + 64
  const domain = logDomain([1, ...rows.flatMap((row) => [row.roi_p10, row.roi_p90])])
  const ticks = logTicks(...domain, Math.floor((width - marginLeft - marginRight) / 48))
  const nameOf = (row: Rows[number]): string => row.genre ?? 'All films'
  const fill = (row: Rows[number]): string => (row.genre === null ? palette.accent : palette.main)
  const meaning = clickable(rows, (row) => ({
    ...(row.genre !== null && { filter: `genre=${row.genre}` }),
    tip: `${nameOf(row)}: median ${multipleText(row.roi_median)}, middle half ${multipleText(row.roi_q1)} to ${multipleText(row.roi_q3)}, ${filmsText(row.roi_count)}`,
  }))
  const column = { y: nameOf, frameAnchor: 'right', textAnchor: 'end' } as const
  return plotted(canvas, {
    height: rows.length * rowPx + 62,
    ...{ marginLeft, marginRight, marginTop: 24, marginBottom: 38 },
    x: { type: 'log', domain, label: null },
    y: { domain: names, label: null, padding: 0.3 },
    marks: [
      gridX(ticks, { stroke: palette.grid, strokeOpacity: 1 }),
      axisX(ticks, {
        tickFormat: multipleText,
        tickSize: 0,
        label: 'revenue ÷ budget, log scale',
        labelAnchor: 'center',
        labelArrow: 'none',
        fill: palette.muted,
      }),
      axisY({ tickSize: 0, tickFormat: (name: string) => truncated(name, mostNamePx) }),
      ruleX([1], { stroke: palette.muted, strokeDasharray: '4 4' }),
      text([1], { x: [1], text: ['broke even'], frameAnchor: 'top', dy: -10, fill: palette.muted }),
      ruleY(rows, { y: nameOf, x1: 'roi_p10', x2: 'roi_p90', stroke: fill, strokeWidth: 1.5 }),
      barX(rows, { y: nameOf, x1: 'roi_q1', x2: 'roi_q3', fill, fillOpacity: 0.35, stroke: fill, ...meaning }),
      tickX(rows, { y: nameOf, x: 'roi_median', stroke: palette.ink, strokeWidth: 2.5 }),
      text(rows, { ...column, text: (row) => multipleText(row.roi_median), dx: marginRight - 58, textAnchor: 'start' }),
      text(rows, { ...column, text: (row) => countText(row.roi_count), dx: marginRight, fill: palette.muted }),
      text(['median'], {
        frameAnchor: 'top-right',
        textAnchor: 'start',
        dx: marginRight - 58,
        dy: -10,
        fill: palette.muted,
      }),
      text(['films'], { frameAnchor: 'top-right', dx: marginRight, dy: -10, fill: palette.muted }),
    ],
  })
}
