import { dot, line, type Markish } from '@observablehq/plot'
import { count, countIf, exp, floor, lit, ln, max, round, struct, when, type Column } from '../../frame/index.ts'
import { exactMean } from '../../gold/exact.ts'
import { axisBelow, axisLeft, axisLeftPx } from './axes.ts'
import type { Canvas, Caption, ChartSources, RowsOf } from './chart.ts'
import { clickable, type Meaning } from './clickable.ts'
import { coverageText } from './coverage-text.ts'
import { always } from './coverage.ts'
import { filmsText, moneyText, roughMoneyText } from './format.ts'
import { labels, type Label } from './labels.ts'
import { addLegend, legendHeight, type LegendItem } from './legend.ts'
import { hasMoney, logFit } from './log-fit.ts'
import { plotted } from './plot.ts'
import { clipped, lineLabel } from './scatter-lines.ts'
import { logDomain, logTicks } from './ticks.ts'

type Rows = RowsOf<typeof query>
type Row = Rows[number]

/** The chart's name. */
export const id = 'revenue-against-budget'

const mostFilms = 2500
const cellsPerDecade = 10

/**
 * One row per film while there are 2,500 at most, else one per cell of a tenth of a power of ten of budget and revenue: the middle of its films
 * and, by name, the one with the highest revenue. Every row carries the fit over all films shown, see `logFit`.
 */
export function query({ films }: ChartSources) {
  return films
    .filter(hasMoney)
    .joinOn(logFit(films), always)
    .withColumns((f) => ({
      budget_cell: when(f.shown.gt(mostFilms), cellOf(f.budget_musd)).otherwise(f.movie_id.cast('double')),
      revenue_cell: when(f.shown.gt(mostFilms), cellOf(f.revenue_musd)).otherwise(lit(0, 'double')),
      ln_budget: ln(f.budget_musd),
      ln_revenue: ln(f.revenue_musd),
      top: struct({ revenue: f.revenue_musd, order: f.movie_id.multiply(-1), title: f.title, budget: f.budget_musd }),
    }))
    .groupBy('films', 'shown', 'slope', 'intercept', 'r2', 'budget_cell', 'revenue_cell')
    .agg((f) => ({
      film_count: count(),
      franchise_count: countIf(f.is_franchise),
      budget_musd: round(exp(exactMean(f.ln_budget, 1e9)), 6),
      revenue_musd: round(exp(exactMean(f.ln_revenue, 1e9)), 6),
      top: max(f.top),
    }))
    .withColumns((c) => ({
      top_id: c.top.fields.order.multiply(-1),
      top_title: c.top.fields.title,
      top_budget_musd: c.top.fields.budget,
      top_revenue_musd: c.top.fields.revenue,
    }))
    .drop('top', 'budget_cell', 'revenue_cell')
    .dropNulls('budget_musd', 'revenue_musd', 'top_id', 'top_title', 'top_budget_musd', 'top_revenue_musd')
    .orderBy((c) => [c.film_count.desc(), c.top_id])
}

const cellOf = (musd: Column<'double' | null>) => floor(ln(musd).multiply(cellsPerDecade / Math.LN10))

/** What the chart says in words. */
export function caption(rows: Rows): Caption {
  const [first] = rows
  const fit =
    first === undefined || !hasFit(first)
      ? ''
      : `; fit: ten times the budget, ${(10 ** (first.slope ?? 0)).toFixed(1)} times the revenue (R² ${(first.r2 ?? 0).toFixed(2)})`
  return {
    title: 'Revenue against budget, US$, log scales',
    subtitle: `${coverageText(rows, 'with budget and revenue')}${fit}`,
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
  const { palette, width } = canvas
  const items = legendOf(rows, canvas)
  const marginTop = legendHeight(items, width) + 24
  const height = Math.round(Math.min(560, Math.max(300, width * 0.6))) + marginTop
  const x = logDomain(rows.flatMap((row) => [row.top_budget_musd, row.budget_musd]))
  const y = logDomain(rows.flatMap((row) => [row.top_revenue_musd, row.revenue_musd]))
  const even = clipped(0, 1, x, y)
  const fit = hasFit(first) ? clipped(first.intercept ?? 0, first.slope ?? 0, x, y) : []
  const svg = plotted(canvas, {
    ...{ height, marginTop, marginLeft: axisLeftPx, marginRight: 12, marginBottom: 44 },
    x: { type: 'log', domain: x },
    y: { type: 'log', domain: y },
    r: { type: 'identity' },
    marks: [
      axisBelow({ ticks: logTicks(...x, width / 70), format: roughMoneyText, label: 'budget, US$' }, palette),
      axisLeft({ ticks: logTicks(...y, height / 50), format: roughMoneyText, label: 'revenue, US$' }, palette),
      line(even, { stroke: palette.muted, strokeDasharray: '4 4' }),
      points(standalone(rows), 'circle', palette.main, rows),
      points(franchises(rows), 'diamond2', palette.accent, rows),
      line(fit, { stroke: palette.ink, strokeWidth: 2 }),
      labels(
        [
          ...lineLabel('broke even', even, 0.04, palette.muted),
          ...lineLabel('fit', fit, 0.97, palette.ink),
          ...filmLabels(rows),
        ],
        rows.map((row) => ({ x: row.budget_musd, y: row.revenue_musd })),
        palette,
      ),
    ],
  })
  addLegend(svg, items, canvas)
  return svg
}

const hasFit = (row: Row): boolean => row.slope !== null && row.shown >= leastForFit
const franchises = (rows: Rows): Rows => rows.filter((row) => row.franchise_count * 2 > row.film_count)
const standalone = (rows: Rows): Rows => rows.filter((row) => row.franchise_count * 2 <= row.film_count)

function points(part: Rows, symbol: 'circle' | 'diamond2', fill: string, rows: Rows): Markish {
  const largest = Math.max(...rows.map((row) => row.film_count))
  const radius = (row: Row): number => (largest === 1 ? 3 : 1.8 + 5 * Math.sqrt((row.film_count - 1) / largest))
  return dot(part, {
    ...{ x: 'budget_musd', y: 'revenue_musd', r: radius, symbol, fill, sort: null },
    fillOpacity: rows.length > 100 ? 0.6 : 0.85,
    ...clickable(part, meaningOf),
  })
}

function legendOf(rows: Rows, { palette }: Canvas): readonly LegendItem[] {
  const of = rows.some((row) => row.film_count > 1) ? 's, larger for more films' : ''
  const [some, others] = [franchises(rows).length > 0, standalone(rows).length > 0]
  return [
    ...(others ? [{ name: `Standalone film${of}`, color: palette.main, shape: 'circle' } as const] : []),
    ...(some
      ? [
          {
            name: of === '' ? 'Franchise film' : 'mostly franchise films',
            color: palette.accent,
            shape: 'diamond',
          } as const,
        ]
      : []),
  ]
}

/** The films to name: what earned most, lost most and returned most, and the ends of both axes. */
function filmLabels(rows: Rows): readonly Label[] {
  const by = (value: (row: Row) => number, most: number): Rows =>
    rows.toSorted((a, b) => value(b) - value(a) || a.top_id - b.top_id).slice(0, most)
  const chosen = [
    ...by((row) => row.top_revenue_musd, 4),
    ...by((row) => row.top_budget_musd - row.top_revenue_musd, 3),
    ...by((row) => (row.top_revenue_musd < 50 ? 0 : row.top_revenue_musd / row.top_budget_musd), 3),
    ...by((row) => -row.top_revenue_musd, 1),
    ...by((row) => row.top_budget_musd, 3),
    ...by((row) => row.top_revenue_musd, 12).slice(4),
  ]
  return [...new Set(chosen)].map((row) => ({
    ...{ text: row.top_title, x: row.top_budget_musd, y: row.top_revenue_musd, isRinged: true },
  }))
}

const meaningOf = (row: Row): Meaning =>
  row.film_count === 1
    ? {
        filter: `movie=${row.top_id}`,
        tip: `${row.top_title}: budget ${moneyText(row.top_budget_musd)}, revenue ${moneyText(row.top_revenue_musd)}`,
      }
    : {
        tip: `${filmsText(row.film_count)} around a budget of ${moneyText(row.budget_musd)} and a revenue of ${moneyText(row.revenue_musd)}, among them ${row.top_title}`,
      }
