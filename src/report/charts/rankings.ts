import { barX } from '@observablehq/plot'
import type { Canvas, Caption, ChartSources, RowsOf } from './chart.ts'
import { clickable, type Meaning } from './clickable.ts'
import { coverageText } from './coverage-text.ts'
import { always, coverage } from './coverage.ts'
import { moneyText } from './format.ts'
import { addLegend, legendHeight, type LegendItem } from './legend.ts'
import { plotted } from './plot.ts'
import { layoutRows } from './row-layout.ts'

type Rows = RowsOf<typeof query>
type Row = Rows[number]

/** The chart's name. */
export const id = 'rankings'

const places = 15

/** The films with the highest revenue, as `gold.rankings` has them: ties go to the lower movie id. */
export function query(sources: ChartSources) {
  return sources.films
    .select('movie_id', 'title', 'year', 'budget_musd', 'revenue_musd', 'profit_musd')
    .dropNulls('revenue_musd')
    .orderBy((f) => [f.revenue_musd.desc(), f.movie_id])
    .limit(places)
    .joinOn(
      coverage(sources, (f) => f.revenue_musd.isNotNull()),
      always,
    )
    .orderBy((f) => [f.revenue_musd.desc(), f.movie_id])
}

/** What the chart says in words. */
export function caption(rows: Rows): Caption {
  const [first] = rows
  return {
    title: 'Films with the highest revenue, US$ worldwide',
    subtitle: coverageText(rows, 'with revenue', 'Revenue, the budget in it, and the profit between them'),
    description:
      first === undefined
        ? 'No film has a known revenue'
        : `Bars of the ${rows.length} films with the highest revenue; the first is ${titleOf(first)} with ${moneyText(first.revenue_musd)}`,
  }
}

/** A bar a film with its budget in it; undefined without rows. */
export function draw(rows: Rows, canvas: Canvas): SVGSVGElement | undefined {
  if (rows.length === 0) return undefined
  const { palette, width } = canvas
  const items: readonly LegendItem[] = [
    { name: 'Revenue', color: palette.main, shape: 'bar' },
    { name: 'Budget', color: palette.accent, shape: 'thin-bar' },
  ]
  const columns = [
    { header: 'revenue', texts: rows.map((row) => moneyText(row.revenue_musd)) },
    { header: 'profit', texts: rows.map((row) => (row.profit_musd === null ? '–' : moneyText(row.profit_musd))) },
    { header: 'year', texts: rows.map((row) => String(row.year ?? '–')) },
  ]
  const top = legendHeight(items, width)
  const titles = rows.map(({ title }) => title)
  const { marks, layout } = layoutRows(canvas, titles, columns, { top })
  const place = (_: Row, at: number): number => at
  const svg = plotted(canvas, {
    ...layout,
    x: { domain: [0, Math.max(...rows.flatMap((row) => [row.revenue_musd, row.budget_musd ?? 0]))], axis: null },
    marks: [
      marks,
      barX(rows, { y: place, x1: 0, x2: 'revenue_musd', fill: palette.main, ...clickable(rows, meaningOf) }),
      barX(rows, {
        y: place,
        x1: 0,
        x2: 'budget_musd',
        fill: palette.accent,
        insetTop: 6,
        insetBottom: 6,
        ...clickable(rows, meaningOf),
      }),
    ],
  })
  addLegend(svg, items, canvas)
  return svg
}

const titleOf = ({ title, year }: Row): string => (year === null ? title : `${title} (${year})`)

const meaningOf = (row: Row): Meaning => ({
  filter: `movie=${row.movie_id}`,
  tip: `${titleOf(row)}: revenue ${moneyText(row.revenue_musd)}, budget ${row.budget_musd === null ? 'unknown' : moneyText(row.budget_musd)}`,
})
