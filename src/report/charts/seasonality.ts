import { count, sum, when } from '../../frame/index.ts'
import { exactMean } from '../../gold/exact.ts'
import type { Canvas, Caption, ChartSources, RowsOf } from './chart.ts'
import { drawColumns, type MoneyColumn } from './columns.ts'
import { coverageText } from './coverage-text.ts'
import { moneyText, monthNames } from './format.ts'

type Rows = RowsOf<typeof query>

/** The chart's name. */
export const id = 'seasonality'

/** One row per month of release with dated films, January first, over all years. */
export function query({ films }: ChartSources) {
  return films
    .groupBy('month')
    .agg((f) => ({
      movie_count: count(),
      revenue_count: count(f.revenue_musd),
      mean_revenue_musd: exactMean(f.revenue_musd),
      mean_budget_musd: exactMean(f.budget_musd),
    }))
    .withColumns((m) => ({
      films: sum(m.movie_count).over({}),
      shown: sum(when(m.month.isNotNull(), m.revenue_count)).over({}),
    }))
    .dropNulls('month', 'films', 'shown')
    .orderBy((m) => [m.month])
}

/** What the chart says in words. */
export function caption(rows: Rows): Caption {
  const best = rows.toSorted((a, b) => (b.mean_revenue_musd ?? 0) - (a.mean_revenue_musd ?? 0))[0]
  return {
    title: 'Revenue and budget of a film by month of release, mean, US$',
    subtitle: coverageText(rows, 'with revenue and a date', 'All years together'),
    description:
      best === undefined || best.mean_revenue_musd === null
        ? 'No film has both a revenue and a date'
        : `Columns of twelve months; the highest mean revenue is ${moneyText(best.mean_revenue_musd)} in ${monthNames[best.month - 1] ?? ''}`,
  }
}

/** A column a month, months without films left empty; undefined when no revenue is known. */
export function draw(rows: Rows, canvas: Canvas): SVGSVGElement | undefined {
  const byMonth = new Map(rows.map((row) => [row.month, row]))
  const columns = monthNames.map((name, at): MoneyColumn => {
    const { mean_revenue_musd = null, mean_budget_musd = null, revenue_count = 0 } = byMonth.get(at + 1) ?? {}
    return { name, filter: `month=${at + 1}`, mean_revenue_musd, mean_budget_musd, revenue_count }
  })
  return drawColumns(columns, canvas)
}
