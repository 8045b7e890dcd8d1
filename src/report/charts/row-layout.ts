import { axisY, text, type Markish, type PlotOptions } from '@observablehq/plot'
import type { Canvas } from './chart.ts'
import { textWidthPx, truncated } from './text.ts'

/** A column of texts on the right of a chart that has a line per row. */
export interface TextColumn {
  readonly header: string
  readonly texts: readonly string[]
}

/** Where the lines of a chart stand. */
export interface RowLayout {
  /** Plot's options for it; the `y` of the row at place 2 is 2. */
  readonly layout: PlotOptions
  /** The marks that write the names and the columns. */
  readonly marks: Markish
  /** How wide the drawing between the names and the texts is. */
  readonly innerPx: number
}

const rowPx = 26
const gapPx = 12

/**
 * A line per name: the name on the left, cut where it is too long, and its texts on the right. The last columns are left out while the drawing
 * would have less than a third of the width.
 */
export function layoutRows(
  canvas: Canvas,
  names: readonly string[],
  columns: readonly TextColumn[],
  { top = 0, bottom = 4 } = {},
): RowLayout {
  const { width } = canvas
  const mostNamePx = Math.max(112, Math.min(width * 0.3, 240))
  const shown = names.map((name) => truncated(name, mostNamePx))
  const marginLeft = Math.ceil(Math.max(...shown.map((name) => textWidthPx(name)))) + gapPx
  const fitting = columns.filter((_, at) => widthOf(columns.slice(0, at + 1)) + marginLeft < width * 0.67)
  const marginRight = Math.ceil(widthOf(fitting)) + 4
  const marginTop = top + (columns.some(({ header }) => header !== '') ? 24 : 4)
  const places = names.map((_, at) => at)
  const height = marginTop + names.length * rowPx + bottom
  const y = { type: 'band', domain: places, label: null, padding: 0.25 } as const
  return {
    layout: { height, marginLeft, marginRight, marginTop, marginBottom: bottom, y },
    innerPx: width - marginLeft - marginRight,
    marks: [
      axisY(places, { tickSize: 0, tickPadding: 8, tickFormat: (place: number) => shown[place] ?? '' }),
      fitting.map((column, at) =>
        written(
          column,
          widthOf(fitting.slice(0, at + 1)),
          at === 0 ? canvas.palette.ink : canvas.palette.muted,
          canvas,
        ),
      ),
    ],
  }
}

const widthOf = (columns: readonly TextColumn[]): number =>
  columns.reduce(
    (sum, { header, texts }) => sum + gapPx + Math.max(...[header, ...texts].map((each) => textWidthPx(each))),
    0,
  )

function written({ header, texts }: TextColumn, dx: number, fill: string, { palette }: Canvas): Markish {
  return [
    text(texts, { y: (_, at) => at, text: (each: string) => each, frameAnchor: 'right', textAnchor: 'end', dx, fill }),
    header === '' ? null : text([header], { frameAnchor: 'top-right', dx, dy: -14, fill: palette.muted }),
  ]
}
