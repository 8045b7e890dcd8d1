import { barX } from '@observablehq/plot'
import { count, min, size, transform } from '../../frame/index.ts'
import { exactMean, exactSum } from '../../gold/exact.ts'
import type { Canvas, Caption, ChartSources, RowsOf } from './chart.ts'
import { clickable, type Meaning } from './clickable.ts'
import { coverageText } from './coverage-text.ts'
import { always, coverage } from './coverage.ts'
import { countText, filmsText, moneyText } from './format.ts'
import { plotted } from './plot.ts'
import { layoutRows } from './row-layout.ts'

type Rows = RowsOf<typeof query>
type Row = Rows[number]

/** The chart's name. */
export const id = 'directors'

const places = 15

/** The people whose films had the highest revenue together, ties by name, then id. A film of two directors counts for both. */
export function query({ films }: ChartSources) {
  const top = films
    .select('directors', 'revenue_musd')
    .dropNulls('revenue_musd')
    .explode('directors', 'director')
    .select((f) => ({
      person_id: f.director.fields.person_id,
      name: f.director.fields.name,
      revenue_musd: f.revenue_musd,
    }))
    .dropNulls('person_id', 'name')
    .groupBy('person_id')
    .agg((d) => ({ name: min(d.name), total_revenue_musd: exactSum(d.revenue_musd) }))
    .dropNulls('name', 'total_revenue_musd')
    .orderBy((d) => [d.total_revenue_musd.desc(), d.name, d.person_id])
    .limit(places)
    .as('top')
  // most films have no revenue: of these few people alone all are looked at
  const directed = films
    .select((f) => ({
      person_ids: transform(f.directors, (director) => director.fields.person_id),
      vote_average: f.vote_average,
    }))
    .explode('person_ids', 'person_id')
    .dropNulls('person_id')
    .join(top, ['person_id'], 'semi')
    .groupBy('person_id')
    .agg((d) => ({ movie_count: count(), mean_rating: exactMean(d.vote_average) }))
  return top
    .join(directed, ['person_id'])
    .select('person_id', 'name', 'movie_count', 'total_revenue_musd', 'mean_rating')
    .joinOn(
      coverage(films, (f) => f.revenue_musd.isNotNull().and(size(f.directors).gt(0))),
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
