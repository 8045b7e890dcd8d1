import { rectY, text, type Markish } from '@observablehq/plot'
import { axisLeft, axisLeftPx } from './axes.ts'
import type { Canvas } from './chart.ts'
import { clickable, type Meaning } from './clickable.ts'
import { countText, moneyText, roughMoneyText } from './format.ts'
import { addLegend, legendHeight, type LegendItem } from './legend.ts'
import { plotted } from './plot.ts'
import { textWidthPx } from './text.ts'
import { linearTicks } from './ticks.ts'

/** A group of films as a column: what it is called, what its films cost and earned on average, and of how many films that is the mean. */
export interface MoneyColumn {
  readonly name: string
  readonly filter: string
  readonly mean_revenue_musd: number | null
  readonly mean_budget_musd: number | null
  readonly revenue_count: number
}

const rightPx = 8
// one column alone would be a wall
const leastSlots = 4

/** Columns of the mean revenue with the mean budget in them, and the number of films below each; undefined when no revenue is known. */
export function drawColumns(columns: readonly MoneyColumn[], canvas: Canvas): SVGSVGElement | undefined {
  const known = columns.flatMap(({ mean_revenue_musd: mean }) => mean ?? [])
  if (known.length === 0) return undefined
  const { palette, width } = canvas
  const items: readonly LegendItem[] = [
    { name: 'Mean revenue', color: palette.main, shape: 'bar' },
    { name: 'Mean budget', color: palette.accent, shape: 'thin-bar' },
  ]
  const marginTop = legendHeight(items, width) + 24
  const height = Math.round(Math.min(400, Math.max(250, width * 0.42))) + marginTop
  const high = Math.max(...known, ...columns.flatMap(({ mean_budget_musd: mean }) => mean ?? []))
  const bar = (half: number) => ({
    x1: (_: MoneyColumn, at: number) => at - half,
    x2: (_: MoneyColumn, at: number) => at + half,
  })
  const svg = plotted(canvas, {
    height,
    marginTop,
    marginLeft: axisLeftPx,
    marginRight: rightPx,
    marginBottom: 58,
    x: { domain: [-0.5, Math.max(columns.length, leastSlots) - 0.5], axis: null },
    y: { domain: [0, high * 1.1] },
    marks: [
      axisLeft({ ticks: linearTicks(high, 6), format: roughMoneyText, label: 'mean of a film, US$' }, palette),
      rectY(columns, { ...bar(0.38), y: 'mean_revenue_musd', fill: palette.main, ...clickable(columns, meaningOf) }),
      rectY(columns, { ...bar(0.15), y: 'mean_budget_musd', fill: palette.accent, ...clickable(columns, meaningOf) }),
      highest(columns, canvas),
      names(columns, canvas),
    ],
  })
  addLegend(svg, items, canvas)
  return svg
}

/** The highest mean revenue, in figures above its column. */
function highest(columns: readonly MoneyColumn[], { width }: Canvas): Markish {
  const means = columns.map(({ mean_revenue_musd: mean }) => mean ?? 0)
  const [most, slots] = [Math.max(...means), Math.max(columns.length, leastSlots)]
  const at = means.indexOf(most)
  const eachPx = (width - axisLeftPx - rightPx) / slots
  // wider than a narrow column, it may not stick out at the end
  const isWide = textWidthPx(moneyText(most)) > eachPx
  const place = isWide && at === slots - 1 ? ({ textAnchor: 'end', dx: eachPx / 2 } as const) : {}
  return text([most], { x: [at], y: [most], text: [moneyText(most)], dy: -9, ...place })
}

function names(columns: readonly MoneyColumn[], { width, palette }: Canvas): Markish {
  const eachPx = (width - axisLeftPx - rightPx) / Math.max(columns.length, leastSlots)
  const every = (texts: readonly string[]): number =>
    Math.ceil((Math.max(...texts.map((each) => textWidthPx(each))) + 4) / eachPx)
  const counts = columns.map((column) => countText(column.revenue_count))
  const [nameStep, countStep] = [every(columns.map(({ name }) => name)), every(counts)]
  const line = (texts: readonly string[], step: number, dy: number, fill: string): Markish =>
    text(texts, {
      x: (_, at) => at,
      frameAnchor: 'bottom',
      lineAnchor: 'top',
      dy,
      fill,
      filter: (_, at) => at % step === 0,
    })
  return [
    line(
      columns.map(({ name }) => name),
      nameStep,
      8,
      palette.ink,
    ),
    line(counts, Math.max(nameStep, countStep), 24, palette.muted),
    text(['films with revenue'], { frameAnchor: 'bottom-left', lineAnchor: 'top', dy: 42, fill: palette.muted }),
  ]
}

const meaningOf = (column: MoneyColumn): Meaning => ({
  filter: column.filter,
  tip: `${column.name}: mean revenue ${column.mean_revenue_musd === null ? 'unknown' : moneyText(column.mean_revenue_musd)}, mean budget ${column.mean_budget_musd === null ? 'unknown' : moneyText(column.mean_budget_musd)}, ${countText(column.revenue_count)} with revenue`,
})
