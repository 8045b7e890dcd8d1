import { dot, ruleY } from '@observablehq/plot'
import { count, median, sum, when } from '../../frame/index.ts'
import { exactSum } from '../../gold/exact.ts'
import { axisBelow } from './axes.ts'
import type { Canvas, Caption, ChartSources, RowsOf } from './chart.ts'
import { clickable, type Meaning } from './clickable.ts'
import { coverageText } from './coverage-text.ts'
import { countText, filmsText, moneyText, multipleText, roughMoneyText } from './format.ts'
import { plotted } from './plot.ts'
import { layoutRows } from './row-layout.ts'
import { logDomain, logTicks } from './ticks.ts'

type Rows = RowsOf<typeof query>
type Row = Rows[number]

/** The chart's name. */
export const id = 'languages'

const places = 15

/** The original languages whose films had the highest revenue together, ties by code. */
export function query({ films }: ChartSources) {
  return films
    .select((f) => ({
      original_language: f.original_language,
      revenue_musd: f.revenue_musd,
      roi: when(f.is_roi_eligible, f.roi),
    }))
    .groupBy('original_language')
    .agg((f) => ({
      movie_count: count(),
      revenue_count: count(f.revenue_musd),
      total_revenue_musd: exactSum(f.revenue_musd),
      median_roi: median(f.roi),
    }))
    .withColumns((l) => ({
      films: sum(l.movie_count).over({}),
      shown: sum(when(l.original_language.isNotNull(), l.revenue_count)).over({}),
    }))
    .drop('revenue_count')
    .dropNulls('original_language', 'total_revenue_musd', 'films', 'shown')
    .orderBy((l) => [l.total_revenue_musd.desc(), l.original_language])
    .limit(places)
}

/** What the chart says in words. */
export function caption(rows: Rows): Caption {
  const [first] = rows
  return {
    title: 'Revenue by original language, US$ worldwide, log scale',
    subtitle: coverageText(rows, 'with revenue', 'All films of a language together'),
    description:
      first === undefined
        ? 'No language has films whose revenue is known'
        : `Dots of ${rows.length === 1 ? '1 language' : `${rows.length} languages`}; the first is ${nameOf(first)} with ${moneyText(first.total_revenue_musd)} from ${filmsText(first.movie_count)}`,
  }
}

/** A dot a language on a logarithmic axis; undefined without rows. */
export function draw(rows: Rows, canvas: Canvas): SVGSVGElement | undefined {
  if (rows.length === 0) return undefined
  const { palette } = canvas
  const columns = [
    { header: 'revenue', texts: rows.map((row) => moneyText(row.total_revenue_musd)) },
    { header: 'films', texts: rows.map((row) => countText(row.movie_count)) },
    {
      header: 'median return',
      texts: rows.map((row) => (row.median_roi === null ? '–' : multipleText(row.median_roi))),
    },
  ]
  const { marks, innerPx, layout } = layoutRows(canvas, rows.map(nameOf), columns, { bottom: 26 })
  const domain = logDomain(rows.map((row) => row.total_revenue_musd))
  const ticks = logTicks(...domain, Math.max(2, Math.floor(innerPx / 60)))
  const place = (_: Row, at: number): number => at
  return plotted(canvas, {
    ...layout,
    x: { type: 'log', domain, label: null },
    marks: [
      axisBelow({ ticks, format: roughMoneyText, label: null }, palette),
      marks,
      ruleY(rows, { y: place, x1: domain[0], x2: 'total_revenue_musd', stroke: palette.main, strokeOpacity: 0.45 }),
      dot(rows, { y: place, x: 'total_revenue_musd', r: 5.5, fill: palette.main, ...clickable(rows, meaningOf) }),
    ],
  })
}

// TMDB has codes of its own beside those of ISO 639
const ownNames: Readonly<Record<string, string>> = { cn: 'Cantonese', xx: 'No language', sh: 'Serbo-Croatian' }
const names = new Intl.DisplayNames('en', { type: 'language' })

function nameOf({ original_language: code }: Row): string {
  return ownNames[code] ?? (/^[a-z]{2,3}$/.test(code) ? names.of(code) : undefined) ?? code
}

const meaningOf = (row: Row): Meaning => ({
  filter: `language=${row.original_language}`,
  tip: `${nameOf(row)}: ${moneyText(row.total_revenue_musd)} from ${filmsText(row.movie_count)}`,
})
