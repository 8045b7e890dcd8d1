import { count, floor, sum, when } from '../../frame/index.ts'
import { exact, millionths } from '../../gold/exact.ts'
import type { Canvas, Caption, ChartSources, RowsOf } from './chart.ts'
import { drawColumns } from './columns.ts'
import { coverageText } from './coverage-text.ts'
import { moneyText } from './format.ts'

type Rows = RowsOf<typeof query>

/** The chart's name. */
export const id = 'decades'

/** One row per decade of release with dated films, in order of time. */
export function query({ films }: ChartSources) {
  return (
    films
      .groupBy('year')
      .agg((f) => ({
        movie_count: count(),
        revenue_count: count(f.revenue_musd),
        revenue: sum(exact(f.revenue_musd)),
        budget_count: count(f.budget_musd),
        budget: sum(exact(f.budget_musd)),
      }))
      // there are far fewer years than films
      .withColumns((y) => ({ decade: floor(y.year.divide(10)).multiply(10).tryCast('int') }))
      .groupBy('decade')
      .agg((y) => ({
        movie_count: sum(y.movie_count),
        revenue_count: sum(y.revenue_count),
        mean_revenue_musd: sum(y.revenue).divide(sum(y.revenue_count)).divide(millionths),
        mean_budget_musd: sum(y.budget).divide(sum(y.budget_count)).divide(millionths),
      }))
      .withColumns((d) => ({
        films: sum(d.movie_count).over({}),
        shown: sum(when(d.decade.isNotNull(), d.revenue_count)).over({}),
      }))
      .dropNulls('decade', 'movie_count', 'revenue_count', 'films', 'shown')
      .orderBy((d) => [d.decade])
  )
}

/** What the chart says in words. */
export function caption(rows: Rows): Caption {
  const best = rows.toSorted((a, b) => (b.mean_revenue_musd ?? 0) - (a.mean_revenue_musd ?? 0))[0]
  return {
    title: 'Revenue and budget of a film by decade of release, mean, US$',
    subtitle: coverageText(rows, 'with revenue and a date', 'Not adjusted for inflation'),
    description:
      best === undefined || best.mean_revenue_musd === null
        ? 'No film has both a revenue and a date'
        : `Columns of ${rows.length === 1 ? '1 decade' : `${rows.length} decades`}; the highest mean revenue is ${moneyText(best.mean_revenue_musd)} in the ${best.decade}s`,
  }
}

/** A column a decade; undefined when no revenue is known. */
export function draw(rows: Rows, canvas: Canvas): SVGSVGElement | undefined {
  return drawColumns(
    rows.map((row) => ({ ...row, name: `${row.decade}s`, filter: `decade=${row.decade}` })),
    canvas,
  )
}
