import { parseHTML } from 'linkedom'
import { dark, light } from '../../report/charts/palette.ts'
import { framedChart, margin } from '../../report/static/framed-chart.ts'
import { renderPng } from '../../report/static/png.ts'
import type { ChartAnswer } from '../api-types.ts'
import { findChart } from './chart-answer.ts'

/** How a chart is drawn. */
export interface PictureOptions {
  readonly theme: 'light' | 'dark'
  readonly width: number
  /** Where the figures are from; a line each. */
  readonly source: readonly string[]
}

/** A chart as an SVG file, with its caption and source. */
export function renderSvg({ id, caption, rows }: ChartAnswer, { theme, width, source }: PictureOptions): string {
  const { document } = parseHTML('<html></html>')
  const palette = theme === 'dark' ? dark : light
  // a chart knows the type of its own rows
  const drawn = findChart(id).draw(rows as readonly unknown[] as readonly never[], {
    document,
    width: width - 2 * margin,
    palette,
  })
  return framedChart(drawn, { id, caption, source, palette, width })
}

/** The same as a PNG file, of twice as many pixels. */
export const renderChartPng = (answer: ChartAnswer, options: PictureOptions): Uint8Array<ArrayBuffer> =>
  new Uint8Array(renderPng(renderSvg(answer, options)))
