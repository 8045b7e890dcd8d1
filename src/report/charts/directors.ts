import { barX } from '@observablehq/plot'
import { count, min, size, sum, transform } from '../../frame/index.ts'
import { exact, exactMean, millionths } from '../../gold/exact.ts'
import type { Canvas, Caption, ChartSources, RowsOf } from './chart.ts'
import { clickable, type Meaning } from './clickable.ts'
import { coverageText } from './coverage-text.ts'
import { always } from './coverage.ts'
import { countText, filmsText, moneyText } from './format.ts'
import { plotted } from './plot.ts'
import { layoutRows } from './row-layout.ts'

type Rows = RowsOf<typeof query>
type Row = Rows[number]

/** The chart's name. */
export const id = 'directors'

const places = 15

/** The people whose films had the highest revenue together, ties by name, then id. A film of two directors counts for both. */
export function query({ films, total, directed }: ChartSources) {
  const paid = films
    .dropNulls('revenue_musd')
    .select((f) => ({
      person_ids: transform(f.directors, (director) => director.fields.person_id),
      revenue: exact(f.revenue_musd),
    }))
    .as('paid')
  const totals = paid
    .explode('person_ids', 'person_id')
    .dropNulls('person_id')
    .groupBy('person_id')
    .agg((d) => ({ total_revenue_musd: sum(d.revenue).divide(millionths) }))
    .as('totals')
  const least = totals
    .orderBy((d) => [d.total_revenue_musd.desc()])
    .limit(places)
    .agg((d) => ({ least: min(d.total_revenue_musd) }))
  // all who are at the last place, which names decide
  const top = totals
    .joinOn(least, (d, l) => d.total_revenue_musd.ge(l.least))
    .drop('least')
    .as('top')
  const theirs = directed.join(top, ['person_id'], 'semi').as('theirs')
  // of these few people alone films without revenue are looked at, and names
  return films
    .join(theirs, ['movie_id'], 'semi')
    .select('directors', 'vote_average')
    .explode('directors', 'director')
    .select((f) => ({
      person_id: f.director.fields.person_id,
      name: f.director.fields.name,
      vote_average: f.vote_average,
    }))
    .groupBy('person_id')
    .agg((d) => ({ name: min(d.name), movie_count: count(), mean_rating: exactMean(d.vote_average) }))
    .join(top, ['person_id'])
    .dropNulls('person_id', 'name', 'total_revenue_musd')
    .select('person_id', 'name', 'movie_count', 'total_revenue_musd', 'mean_rating')
    .orderBy((d) => [d.total_revenue_musd.desc(), d.name, d.person_id])
    .limit(places)
    .joinOn(
      total.joinOn(
        paid.filter((f) => size(f.person_ids).gt(0)).agg(() => ({ shown: count() })),
        always,
      ),
      always,
    )
    .orderBy((d) => [d.total_revenue_musd.desc(), d.name, d.person_id])
}

/** What the chart says in words. */
export function caption(rows: Rows): Caption {
  const [first] = rows
  return {
    title: 'Directors by the revenue of all their films, US$ worldwide',
    subtitle: coverageText(rows, 'with a director and revenue', 'A film of two directors counts for both'),
    description:
      first === undefined
        ? 'No director has a film whose revenue is known'
        : `Bars of ${rows.length} directors; the first is ${first.name} with ${moneyText(first.total_revenue_musd)} from ${filmsText(first.movie_count)}`,
  }
}

/** A bar a director; undefined without rows. */
export function draw(rows: Rows, canvas: Canvas): SVGSVGElement | undefined {
  if (rows.length === 0) return undefined
  const columns = [
    { header: 'revenue', texts: rows.map((row) => moneyText(row.total_revenue_musd)) },
    { header: 'films', texts: rows.map((row) => countText(row.movie_count)) },
    { header: 'mean rating', texts: rows.map((row) => row.mean_rating?.toFixed(1) ?? '–') },
  ]
  const names = rows.map(({ name }) => name)
  const { marks, layout } = layoutRows(canvas, names, columns)
  return plotted(canvas, {
    ...layout,
    x: { domain: [0, Math.max(...rows.map((row) => row.total_revenue_musd))], axis: null },
    marks: [
      marks,
      barX(rows, {
        y: (_, at) => at,
        x1: 0,
        x2: 'total_revenue_musd',
        fill: canvas.palette.main,
        ...clickable(rows, meaningOf),
      }),
    ],
  })
}

const meaningOf = (row: Row): Meaning => ({
  filter: `director=${row.person_id}`,
  tip: `${row.name}: ${moneyText(row.total_revenue_musd)} from ${filmsText(row.movie_count)}`,
})
