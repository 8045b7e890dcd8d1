import { barX, ruleX, ruleY, text, tickX } from '@observablehq/plot'
import { count, lit, median, percentile } from '../../frame/index.ts'
import { axisBelow } from './axes.ts'
import type { Canvas, Caption, ChartSources, RowsOf } from './chart.ts'
import { clickable, type Meaning } from './clickable.ts'
import { coverageText } from './coverage-text.ts'
import { always, coverage } from './coverage.ts'
import { countText, filmsText, multipleText, roughMultipleText } from './format.ts'
import { plotted } from './plot.ts'
import { layoutRows } from './row-layout.ts'
import { textWidthPx } from './text.ts'
import { logDomain, logTicks } from './ticks.ts'

type Rows = RowsOf<typeof query>
type Row = Rows[number]

/** The chart's name. */
export const id = 'roi-by-genre'

const mostGenres = 40

/** One row per genre with films that count for roi, the highest median first; before them, with null for the genre, a row of all films. */
export function query(sources: ChartSources) {
  const eligible = sources.films
    .filter((f) => f.is_roi_eligible)
    .select('genres', 'roi')
    .dropNulls('roi')
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
      coverage(sources, (f) => f.is_roi_eligible),
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
    subtitle: coverageText(
      rows,
      'with revenue and a budget large enough to count',
      'Line: median; box: middle half; whiskers: 10th to 90th percentile',
    ),
    description:
      all === undefined || first === undefined || last === undefined
        ? 'No genre has films whose return is known'
        : `Box plots of ${rows.length - 1} genres: the median return is ${multipleText(all.roi_median)} for all films, highest for ${first.genre} at ${multipleText(first.roi_median)}, lowest for ${last.genre} at ${multipleText(last.roi_median)}`,
  }
}

/** A box plot a genre, and one of all films above them, on a logarithmic axis; undefined without rows. */
export function draw(rows: Rows, canvas: Canvas): SVGSVGElement | undefined {
  if (rows.length === 0) return undefined
  const { palette } = canvas
  const columns = [
    { header: 'median', texts: rows.map((row) => multipleText(row.roi_median)) },
    { header: 'films', texts: rows.map((row) => countText(row.roi_count)) },
  ]
  const { marks, innerPx, layout } = layoutRows(canvas, rows.map(nameOf), columns, { bottom: 40 })
  const domain = logDomain([1, ...rows.flatMap((row) => [row.roi_p10, row.roi_p90])])
  const ticks = logTicks(...domain, Math.max(3, Math.floor(innerPx / 52)))
  const fill = (row: Row): string => (row.genre === null ? palette.accent : palette.main)
  const place = (_: Row, at: number): number => at
  return plotted(canvas, {
    ...layout,
    x: { type: 'log', domain, label: null },
    marks: [
      axisBelow({ ticks, format: roughMultipleText, label: 'revenue ÷ budget, log scale' }, palette),
      marks,
      ruleX([1], { stroke: palette.muted, strokeDasharray: '4 4' }),
      text(['broke even'], {
        x: [1],
        textAnchor: anchorAt(domain, innerPx),
        frameAnchor: 'top',
        dy: -14,
        fill: palette.muted,
      }),
      ruleY(rows, { y: place, x1: 'roi_p10', x2: 'roi_p90', stroke: fill, strokeWidth: 1.5 }),
      barX(rows, {
        y: place,
        x1: 'roi_q1',
        x2: 'roi_q3',
        fill,
        fillOpacity: 0.35,
        stroke: fill,
        ...clickable(rows, meaningOf),
      }),
      tickX(rows, { y: place, x: 'roi_median', stroke: palette.ink, strokeWidth: 2.5 }),
    ],
  })
}

// the words stay within the chart, away from the headers beside it
function anchorAt([low, high]: readonly [number, number], innerPx: number): 'start' | 'middle' | 'end' {
  const [at, half] = [(-Math.log(low) / Math.log(high / low)) * innerPx, textWidthPx('broke even') / 2]
  return at + half > innerPx ? 'end' : at - half < 0 ? 'start' : 'middle'
}

const nameOf = ({ genre }: Row): string => genre ?? 'All films'

const meaningOf = (row: Row): Meaning => ({
  ...(row.genre !== null && { filter: `genre=${row.genre}` }),
  tip: `${nameOf(row)}: median ${multipleText(row.roi_median)}, middle half ${multipleText(row.roi_q1)} to ${multipleText(row.roi_q3)}, ${filmsText(row.roi_count)}`,
})
