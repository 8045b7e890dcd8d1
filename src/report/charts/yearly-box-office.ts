import { rectY, text, type Markish } from '@observablehq/plot'
import { count, sum, when } from '../../frame/index.ts'
import { exactSum } from '../../gold/exact.ts'
import { axisBelow, axisLeft, axisLeftPx } from './axes.ts'
import type { Canvas, Caption, ChartSources, RowsOf } from './chart.ts'
import { clickable, type Meaning } from './clickable.ts'
import { coverageText } from './coverage-text.ts'
import { filmsText, moneyText, roughMoneyText } from './format.ts'
import { addLegend, legendHeight, type LegendItem } from './legend.ts'
import { plotted } from './plot.ts'
import { textWidthPx } from './text.ts'
import { linearTicks, yearTicks } from './ticks.ts'

type Rows = RowsOf<typeof query>
type Row = Rows[number]

const rightPx = 12

/** The chart's name. */
export const id = 'yearly-box-office'

/** One row per release year with films whose revenue is known, in order of time. */
export function query({ films }: ChartSources) {
  return films
    .select((f) => ({
      year: f.year,
      revenue_musd: f.revenue_musd,
      franchise_musd: when(f.is_franchise, f.revenue_musd),
    }))
    .groupBy('year')
    .agg((f) => ({
      movie_count: count(),
      revenue_count: count(f.revenue_musd),
      total_revenue_musd: exactSum(f.revenue_musd),
      franchise_revenue_musd: exactSum(f.franchise_musd),
    }))
    .withColumns((y) => ({
      films: sum(y.movie_count).over({}),
      shown: sum(when(y.year.isNotNull(), y.revenue_count)).over({}),
    }))
    .dropNulls('year', 'total_revenue_musd', 'films', 'shown')
    .orderBy((y) => [y.year])
}

/** What the chart says in words. */
export function caption(rows: Rows): Caption {
  const best = bestOf(rows)
  return {
    title: 'Worldwide box office by year of release, US$',
    subtitle: coverageText(
      rows,
      'with revenue and a date',
      'Revenue of all films of a year, not adjusted for inflation',
    ),
    description:
      best === undefined
        ? 'No film has both a revenue and a date'
        : `Bars of ${rows.length === 1 ? '1 year' : `${rows.length} years`}; the most is ${moneyText(best.total_revenue_musd)} in ${best.year}`,
  }
}

/** A bar a year, franchises below and standalone films above; undefined without rows. */
export function draw(rows: Rows, canvas: Canvas): SVGSVGElement | undefined {
  const [first, last, best] = [rows[0], rows.at(-1), bestOf(rows)]
  if (first === undefined || last === undefined || best === undefined) return undefined
  const { palette, width } = canvas
  const items = legendOf(rows, canvas)
  const marginTop = legendHeight(items, width) + 24
  const height = Math.round(Math.min(420, Math.max(240, width * 0.45))) + marginTop
  const [from, to] = [first.year - 0.5, Math.max(last.year, first.year + 4) + 0.5]
  const left = (row: Row): number => row.year - 0.42
  const right = (row: Row): number => row.year + 0.42
  const franchise = (row: Row): number => row.franchise_revenue_musd ?? 0
  const bar = { x1: left, x2: right, ...clickable(rows, meaningOf) }
  const svg = plotted(canvas, {
    height,
    marginTop,
    marginLeft: axisLeftPx,
    marginRight: rightPx,
    marginBottom: 28,
    x: { domain: [from, to] },
    y: { domain: [0, best.total_revenue_musd * 1.1] },
    marks: [
      axisLeft(
        { ticks: linearTicks(best.total_revenue_musd, 6), format: roughMoneyText, label: 'revenue, US$' },
        palette,
      ),
      axisBelow({ ticks: yearTicks(first.year, to - 0.5, width / 60), format: String, label: null }, palette),
      rectY(rows, { ...bar, y1: franchise, y2: 'total_revenue_musd', fill: palette.main }),
      rectY(rows, { ...bar, y1: 0, y2: franchise, fill: palette.accent }),
      highest(best, (best.year - from) / (to - from), width - axisLeftPx - rightPx),
    ],
  })
  addLegend(svg, items, canvas)
  return svg
}

/** The most, in figures above its bar, which stands at this part of the width. */
function highest({ year, total_revenue_musd }: Row, part: number, innerPx: number): Markish {
  const words = `${year}: ${moneyText(total_revenue_musd)}`
  const [at, half] = [part * innerPx, textWidthPx(words) / 2]
  const textAnchor = at + half > innerPx ? 'end' : at < half ? 'start' : 'middle'
  return text([words], { x: [year], y: [total_revenue_musd], dy: -9, textAnchor })
}

const bestOf = (rows: Rows): Row | undefined =>
  rows.toSorted((a, b) => b.total_revenue_musd - a.total_revenue_musd || a.year - b.year)[0]

const legendOf = (rows: Rows, { palette }: Canvas): readonly LegendItem[] => [
  { name: 'Standalone films', color: palette.main, shape: 'bar' },
  ...(rows.some((row) => row.franchise_revenue_musd !== null)
    ? [{ name: 'Franchise films', color: palette.accent, shape: 'bar' } as const]
    : []),
]

const meaningOf = (row: Row): Meaning => ({
  filter: `year=${row.year}`,
  tip: `${row.year}: ${moneyText(row.total_revenue_musd)} from ${filmsText(row.revenue_count)}, franchises ${moneyText(row.franchise_revenue_musd ?? 0)}`,
})
