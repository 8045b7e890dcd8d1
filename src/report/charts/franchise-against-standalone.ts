import { barX, ruleX } from '@observablehq/plot'
import { count, median, sum, when } from '../../frame/index.ts'
import { exactMean } from '../../gold/exact.ts'
import type { Canvas, Caption, ChartSources, RowsOf } from './chart.ts'
import { clickable } from './clickable.ts'
import { countText, filmsText, moneyText, multipleText, numberText } from './format.ts'
import { addLegend, legendHeight, type LegendItem } from './legend.ts'
import { plotted } from './plot.ts'
import { layoutRows } from './row-layout.ts'

type Rows = RowsOf<typeof query>
type Row = Rows[number]

/** The chart's name. */
export const id = 'franchise-against-standalone'

/** One row per kind of film, `franchise` first, with the measures of `gold.franchise_vs_standalone` and of how many films each is. */
export function query({ films }: ChartSources) {
  return films
    .select((f) => ({
      kind: when(f.is_franchise, 'franchise').otherwise('standalone'),
      revenue_musd: f.revenue_musd,
      roi: when(f.is_roi_eligible, f.roi),
      budget_musd: f.budget_musd,
      popularity: f.popularity,
      vote_average: f.vote_average,
    }))
    .as('kinds')
    .groupBy('kind')
    .agg((f) => ({
      shown: count(),
      mean_revenue_musd: exactMean(f.revenue_musd),
      revenue_count: count(f.revenue_musd),
      median_roi: median(f.roi),
      roi_count: count(f.roi),
      mean_budget_musd: exactMean(f.budget_musd),
      budget_count: count(f.budget_musd),
      mean_popularity: exactMean(f.popularity),
      popularity_count: count(f.popularity),
      mean_rating: exactMean(f.vote_average),
      rating_count: count(f.vote_average),
    }))
    .withColumns((k) => ({ films: sum(k.shown).over({}) }))
    .dropNulls('films')
    .orderBy((k) => [k.kind])
}

/** What the chart says in words. */
export function caption(rows: Rows): Caption {
  const shares = rows.map((row) => `${countText(row.shown)} ${row.kind}`).join(' and ')
  return {
    title: 'Franchise against standalone films: US$, multiple of the budget, points',
    subtitle:
      rows.length === 0
        ? 'No film'
        : `Each measure on a scale of its own. ${shares} of ${filmsText(rows[0]?.films ?? 0)}; a franchise film belongs to a collection`,
    description: `Pairs of bars: ${barsOf(rows)
      .map((bar) => `${bar.name}, ${bar.row.kind} ${bar.text}`)
      .join('; ')}`,
  }
}

interface Bar {
  readonly row: Row
  readonly name: string
  readonly value: number
  readonly text: string
  readonly count: number
  readonly share: number
}

/** A pair of bars a measure; undefined without films. */
export function draw(rows: Rows, canvas: Canvas): SVGSVGElement | undefined {
  const bars = barsOf(rows)
  if (bars.length === 0) return undefined
  const { palette, width } = canvas
  const items = rows.map(({ kind }): LegendItem => ({
    name: kind === 'franchise' ? 'Franchise' : 'Standalone',
    color: kind === 'franchise' ? palette.accent : palette.main,
    shape: kind === 'franchise' ? 'thin-bar' : 'bar',
  }))
  const names = bars.map((bar, at) => (bars[at - 1]?.name === bar.name ? '' : bar.name))
  const columns = [
    { header: 'value', texts: bars.map(({ text }) => text) },
    { header: 'films', texts: bars.map((bar) => countText(bar.count)) },
  ]
  const { marks, layout } = layoutRows(canvas, names, columns, { top: legendHeight(items, width) })
  const [franchise, standalone] = [true, false].map((wanted) =>
    bars.flatMap((bar, at) => ((bar.row.kind === 'franchise') === wanted ? [{ ...bar, at }] : [])),
  )
  const barsIn = (part: readonly (Bar & { at: number })[] = [], fill: string, inset: number) =>
    barX(part, {
      y: 'at',
      x1: 0,
      x2: 'share',
      fill,
      insetTop: inset,
      insetBottom: inset,
      ...clickable(part, (bar) => ({
        filter: `kind=${bar.row.kind}`,
        tip: `${bar.name}, ${bar.row.kind}: ${bar.text}, ${filmsText(bar.count)}`,
      })),
    })
  const svg = plotted(canvas, {
    ...layout,
    x: { domain: [0, 1], axis: null },
    marks: [
      marks,
      barsIn(franchise, palette.accent, 4),
      barsIn(standalone, palette.main, 0),
      ruleX([0], { stroke: palette.muted }),
    ],
  })
  addLegend(svg, items, canvas)
  return svg
}

/** The bars from top to bottom: a measure, then its kinds; a measure that is known of no film is left out. */
function barsOf(rows: Rows): readonly Bar[] {
  return measures.flatMap(({ name, value, count, text }) => {
    const most = Math.max(...rows.map((row) => value(row) ?? 0))
    return rows.flatMap((row) => {
      const known = value(row)
      return known === null
        ? []
        : [{ row, name, value: known, text: text(known), count: count(row), share: most > 0 ? known / most : 0 }]
    })
  })
}

interface Measure {
  readonly name: string
  readonly value: (row: Row) => number | null
  readonly count: (row: Row) => number
  readonly text: (value: number) => string
}

const measures: readonly Measure[] = [
  { name: 'Mean revenue', value: (r) => r.mean_revenue_musd, count: (r) => r.revenue_count, text: moneyText },
  { name: 'Median return', value: (r) => r.median_roi, count: (r) => r.roi_count, text: multipleText },
  { name: 'Mean budget', value: (r) => r.mean_budget_musd, count: (r) => r.budget_count, text: moneyText },
  { name: 'Mean popularity', value: (r) => r.mean_popularity, count: (r) => r.popularity_count, text: numberText },
  {
    name: 'Mean rating',
    value: (r) => r.mean_rating,
    count: (r) => r.rating_count,
    text: (v) => v.toFixed(2),
  },
]
