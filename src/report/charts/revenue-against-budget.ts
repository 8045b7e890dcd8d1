import { line } from '@observablehq/plot'
import {
  count,
  countIf,
  exp,
  floor,
  lit,
  ln,
  max,
  round,
  rowNumber,
  struct,
  when,
  type Column,
} from '../../frame/index.ts'
import { exactMean } from '../../gold/exact.ts'
import type { Canvas, Caption, ChartSources, RowsOf } from './chart.ts'
import type { Meaning } from './clickable.ts'
import { coverageText } from './coverage-text.ts'
import { always, coverage } from './coverage.ts'
import { filmsText, moneyText, roughMoneyText } from './format.ts'
import { labels, type Label } from './labels.ts'
import type { LegendItem } from './legend.ts'
import { billionths, hasMoney, logFit } from './log-fit.ts'
import { clipped, lineLabel } from './scatter-lines.ts'
import { drawScatter, filmDots, filmLabels, type Order } from './scatter.ts'
import { logDomain, logTicks } from './ticks.ts'

type Rows = RowsOf<typeof query>
type Row = Rows[number]

/** The chart's name. */
export const id = 'revenue-against-budget'

const mostFilms = 2500
const cellsPerDecade = 10

/**
 * One row per film while there are 2,500 at most, else one per cell of a tenth of a power of ten of budget and revenue: the middle of its films
 * and, by name, the one with the highest revenue. The first row carries the fit over all films shown, see `logFit`.
 */
export function query(sources: ChartSources) {
  const moneyed = sources.films
    .filter(hasMoney)
    .select((f) => ({
      movie_id: f.movie_id,
      is_franchise: f.is_franchise,
      ln_budget: ln(f.budget_musd),
      ln_revenue: ln(f.revenue_musd),
      top: struct({ revenue: f.revenue_musd, order: f.movie_id.multiply(-1), title: f.title, budget: f.budget_musd }),
    }))
    .as('moneyed')
  const counted = coverage(sources, hasMoney).as('counted')
  return moneyed
    .joinOn(counted, always)
    .withColumns((f) => ({
      budget_cell: when(f.shown.gt(mostFilms), cellOf(f.ln_budget)).otherwise(f.movie_id.cast('double')),
      revenue_cell: when(f.shown.gt(mostFilms), cellOf(f.ln_revenue)).otherwise(lit(0, 'double')),
    }))
    .groupBy('films', 'shown', 'budget_cell', 'revenue_cell')
    .agg((f) => ({
      film_count: count(),
      franchise_count: countIf(f.is_franchise),
      budget_musd: round(exp(exactMean(f.ln_budget, billionths)), 6),
      revenue_musd: round(exp(exactMean(f.ln_revenue, billionths)), 6),
      top: max(f.top),
    }))
    .withColumns((c) => ({
      top_id: c.top.fields.order.multiply(-1),
      top_title: c.top.fields.title,
      top_budget_musd: c.top.fields.budget,
      top_revenue_musd: c.top.fields.revenue,
    }))
    .withColumns((c) => ({ place: rowNumber().over({ orderBy: [c.film_count.desc(), c.top_id] }) }))
    .drop('top', 'budget_cell', 'revenue_cell')
    .joinOn(logFit(moneyed.select('ln_budget', 'ln_revenue')), (c) => c.place.eq(1), 'left')
    .drop('place')
    .dropNulls('budget_musd', 'revenue_musd', 'top_id', 'top_title', 'top_budget_musd', 'top_revenue_musd')
    .orderBy((c) => [c.film_count.desc(), c.top_id])
}

const cellOf = (logarithm: Column<'double' | null>) => floor(logarithm.multiply(cellsPerDecade / Math.LN10))

/** What the chart says in words. */
export function caption(rows: Rows): Caption {
  const [first] = rows
  const fit =
    first === undefined || !hasFit(first)
      ? ''
      : `; fit: ten times the budget, ${(10 ** (first.slope ?? 0)).toFixed(1)} times the revenue (R² ${(first.r2 ?? 0).toFixed(2)})`
  return {
    title: 'Revenue against budget, US$, log scales',
    subtitle: `${coverageText(rows, 'with budget and revenue of $1,000 or more')}${fit}`,
    description:
      first === undefined
        ? 'No film has both a budget and a revenue'
        : `Scatter plot of ${filmsText(first.shown)}, revenue against budget, with the line of breaking even${fit}`,
  }
}

const leastForFit = 3

/** A point a film, or a cell of films, with the line of breaking even and the fit; undefined without rows. */
export function draw(rows: Rows, canvas: Canvas): SVGSVGElement | undefined {
  const [first] = rows
  if (first === undefined) return undefined
  const { palette } = canvas
  const x = logDomain(rows.flatMap((row) => [row.top_budget_musd, row.budget_musd]))
  const y = logDomain(rows.flatMap((row) => [row.top_revenue_musd, row.revenue_musd]))
  const even = clipped(0, 1, x, y)
  const fit = hasFit(first) ? clipped(first.intercept ?? 0, first.slope ?? 0, x, y) : []
  const lineNames = [...lineLabel('broke even', even, 0.04, palette.muted), ...lineLabel('fit', fit, 0.97, palette.ink)]
  const points = rows.map((row) => ({ x: row.budget_musd, y: row.revenue_musd }))
  const fillOpacity = rows.length > 100 ? 0.6 : 0.85
  const largest = Math.max(...rows.map((row) => row.film_count))
  const look = { x: 'budget_musd', y: 'revenue_musd', fillOpacity, largest }
  return drawScatter(canvas, {
    legend: legendOf(rows, canvas),
    x: { type: 'log', domain: x },
    y: { type: 'log', domain: y },
    below: { format: roughMoneyText, label: 'budget, US$' },
    left: { format: roughMoneyText, label: 'revenue, US$' },
    ticks: (most) => ({ x: logTicks(...x, most), y: logTicks(...y, most) }),
    marks: [
      line(even, { stroke: palette.muted, strokeDasharray: '4 4' }),
      filmDots(standalone(rows), { ...look, symbol: 'circle', fill: palette.main }, meaningOf),
      filmDots(franchises(rows), { ...look, symbol: 'diamond2', fill: palette.accent }, meaningOf),
      line(fit, { stroke: palette.ink, strokeWidth: 2 }),
      labels([...lineNames, ...filmLabels(rows, named, labelOf)], points, palette),
    ],
  })
}

const hasFit = (row: Row): boolean => row.slope !== null && row.shown >= leastForFit
const franchises = (rows: Rows): Rows => rows.filter((row) => row.franchise_count * 2 > row.film_count)
const standalone = (rows: Rows): Rows => rows.filter((row) => row.franchise_count * 2 <= row.film_count)

function legendOf(rows: Rows, { palette }: Canvas): readonly LegendItem[] {
  const hasCells = rows.some((row) => row.film_count > 1)
  const circle = hasCells ? 'Standalone films, larger for more' : 'Standalone film'
  const diamond = hasCells ? 'Mostly franchise films' : 'Franchise film'
  return [
    ...(standalone(rows).length > 0 ? [{ name: circle, color: palette.main, shape: 'circle' } as const] : []),
    ...(franchises(rows).length > 0 ? [{ name: diamond, color: palette.accent, shape: 'diamond' } as const] : []),
  ]
}

/** What earned most, lost most, returned most, earned least and cost most. */
const named: readonly Order<Row>[] = [
  [(row) => row.top_revenue_musd, 4],
  [(row) => row.top_budget_musd - row.top_revenue_musd, 3],
  [(row) => (row.top_revenue_musd < 50 ? 0 : row.top_revenue_musd / row.top_budget_musd), 3],
  [(row) => -row.top_revenue_musd, 1],
  [(row) => row.top_budget_musd, 3],
  [(row) => row.top_revenue_musd, 12],
]

const labelOf = (row: Row): Label => ({ text: row.top_title, x: row.top_budget_musd, y: row.top_revenue_musd })

const meaningOf = (row: Row): Meaning =>
  row.film_count === 1
    ? {
        filter: `movie=${row.top_id}`,
        tip: `${row.top_title}: budget ${moneyText(row.top_budget_musd)}, revenue ${moneyText(row.top_revenue_musd)}`,
      }
    : {
        tip: `${filmsText(row.film_count)} around a budget of ${moneyText(row.budget_musd)} and a revenue of ${moneyText(row.revenue_musd)}, among them ${row.top_title}`,
      }
