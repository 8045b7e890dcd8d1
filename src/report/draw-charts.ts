import { parseHTML } from 'linkedom'
import { Frame } from '../frame/index.ts'
import type { Caption, ChartSources } from './charts/chart.ts'
import { charts } from './charts/index.ts'
import { light } from './charts/palette.ts'
import { csvText } from './csv.ts'
import { framedChart, margin } from './static/framed-chart.ts'
import { svgText } from './static/svg-text.ts'

/** A chart as it is put into files and pages. */
export interface DrawnChart {
  readonly id: string
  readonly caption: Caption
  /** The chart alone, to stand in a page under its caption; undefined when there is nothing to draw. */
  readonly inline: string | undefined
  /** The picture with its caption and source, as a file of its own. */
  readonly svg: string
  /** The rows that are drawn. */
  readonly csv: string
}

/** The width of a picture in pixels; in a PNG it has twice as many. */
const widthPx = 860

/** All charts, drawn in the colours of paper; `source` says in a line each where the figures are from. */
export async function drawCharts(sources: ChartSources, source: readonly string[]): Promise<readonly DrawnChart[]> {
  const { document } = parseHTML('<html></html>')
  const drawn: DrawnChart[] = []
  for (const { id, query, caption: captionOf, draw } of charts) {
    const frame = query(sources)
    const found: readonly unknown[] = await frame.collect()
    // a chart knows the type of its own rows
    const rows = found as readonly never[]
    const caption = captionOf(rows)
    const chart = draw(rows, { document, width: widthPx - 2 * margin, palette: light })
    drawn.push({
      id,
      caption,
      inline: chart === undefined ? undefined : inlineChart(chart, id, caption),
      svg: framedChart(chart, { id, caption, source, palette: light, width: widthPx }),
      csv: csvText(frame instanceof Frame ? Object.keys(frame.types) : [], rows),
    })
  }
  return drawn
}

function inlineChart(chart: SVGSVGElement, id: string, { title, description }: Caption): string {
  chart.setAttribute('role', 'img')
  chart.setAttribute('aria-label', `${title}. ${description}`)
  const text = svgText(chart, `chart-${id}`)
  for (const name of ['role', 'aria-label']) chart.removeAttribute(name)
  return text
}
