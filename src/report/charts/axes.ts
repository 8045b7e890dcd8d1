import { axisX, axisY, gridX, gridY, text, type Markish } from '@observablehq/plot'
import type { Palette } from './chart.ts'

/** An axis: the values that are written at it, how, and what they are, with the unit. */
export interface Axis {
  readonly ticks: readonly number[]
  readonly format: (value: number) => string
  readonly label: string | null
}

// the text is given and not a format: on logarithmic axes Plot leaves out every second text a format makes
const texts = ({ format, label }: Axis, { muted }: Palette) =>
  ({ text: format, tickSize: 0, fill: muted, label, labelArrow: 'none' }) as const

/** The axis of x below the chart with its lines; 40 pixels high with a label, 24 without. */
export const axisBelow = (axis: Axis, palette: Palette): Markish => [
  gridX(axis.ticks, { stroke: palette.grid, strokeOpacity: 1 }),
  axisX(axis.ticks, { ...texts(axis, palette), labelAnchor: 'center', labelOffset: 37 }),
]

/** Where the drawing begins when there is an axis on the left. */
export const axisLeftPx = 56

/** The axis of y on the left of the chart with its lines; its label stands in the 24 pixels above the chart. */
export const axisLeft = (axis: Axis, palette: Palette): Markish => [
  gridY(axis.ticks, { stroke: palette.grid, strokeOpacity: 1 }),
  axisY(axis.ticks, { ...texts({ ...axis, label: null }, palette) }),
  text([axis.label ?? ''], { frameAnchor: 'top-left', dx: 4 - axisLeftPx, dy: -20, fill: palette.muted }),
]
