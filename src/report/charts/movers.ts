import { barX, ruleX } from '@observablehq/plot'
import { abs, count, countIf, max, min } from '../../frame/index.ts'
import type { Canvas, Caption, ChartSources, RowsOf } from './chart.ts'
import { clickable, type Meaning } from './clickable.ts'
import { always } from './coverage.ts'
import { changeText, countText, dayText, filmsText, numberText } from './format.ts'
import { plotted } from './plot.ts'
import { layoutRows } from './row-layout.ts'

type Rows = RowsOf<typeof query>
type Row = Rows[number]

/** The chart's name. */
export const id = 'movers'

const places = 15

/** The films whose popularity changed most between the last two days they were asked for, either way; the greatest gain first, ties by movie id. */
export function query({ total, movers }: ChartSources) {
  const totals = movers.agg((m) => ({
    shown: count(m.popularity_change),
    first_on: min(m.previous_on),
    last_on: max(m.measured_on),
    revenue_changes: countIf(m.revenue_change_musd.ne(0)),
  }))
  return movers
    .select('movie_id', 'title', 'popularity', 'popularity_change')
    .dropNulls('popularity', 'popularity_change')
    .filter((m) => m.popularity_change.ne(0))
    .orderBy((m) => [abs(m.popularity_change).desc(), m.movie_id])
    .limit(places)
    .joinOn(totals, always)
    .joinOn(total, always)
    .dropNulls('first_on', 'last_on')
    .orderBy((m) => [m.popularity_change.desc(), m.movie_id])
}

/** What the chart says in words. */
export function caption(rows: Rows): Caption {
  const [first] = rows
  const coverage =
    first === undefined
      ? 'No film was asked for on two days yet'
      : `Between ${dayText(first.first_on)} and ${dayText(first.last_on)}; ${countText(first.shown)} of ${filmsText(first.films)} asked for on two days, ${countText(first.revenue_changes)} with another revenue`
  return {
    title: 'What moved since the run before: change of TMDB popularity',
    subtitle: coverage,
    description:
      first === undefined
        ? 'Nothing moved'
        : `Bars of the ${rows.length} greatest changes, from ${changeText(first.popularity_change)} for ${first.title} to ${changeText(rows.at(-1)?.popularity_change ?? 0)} for ${rows.at(-1)?.title ?? ''}`,
  }
}

/** A bar a film, to the right for a gain and to the left for a loss; undefined without rows. */
export function draw(rows: Rows, canvas: Canvas): SVGSVGElement | undefined {
  if (rows.length === 0) return undefined
  const { palette } = canvas
  const columns = [
    { header: 'change', texts: rows.map((row) => changeText(row.popularity_change)) },
    { header: 'now', texts: rows.map((row) => numberText(row.popularity)) },
  ]
  const titles = rows.map(({ title }) => title)
  const { marks, layout } = layoutRows(canvas, titles, columns)
  const changes = rows.map((row) => row.popularity_change)
  return plotted(canvas, {
    ...layout,
    x: { domain: [Math.min(0, ...changes), Math.max(0, ...changes)], axis: null },
    marks: [
      marks,
      barX(rows, {
        y: (_, at) => at,
        x1: 0,
        x2: 'popularity_change',
        fill: (row: Row) => (row.popularity_change > 0 ? palette.main : palette.accent),
        ...clickable(rows, meaningOf),
      }),
      ruleX([0], { stroke: palette.ink }),
    ],
  })
}

const meaningOf = (row: Row): Meaning => ({
  filter: `movie=${row.movie_id}`,
  tip: `${row.title}: popularity ${numberText(row.popularity - row.popularity_change)} before, ${numberText(row.popularity)} now`,
})
