import type { Caption, Palette } from '../charts/chart.ts'
import { fontFamily, textWidthPx } from '../charts/text.ts'
import { escapeXml, svgText } from './svg-text.ts'

/** A chart with what stands around it. */
export interface Framing {
  /** Name for the ids in the picture, other than that of any other picture of the page. */
  readonly id: string
  readonly caption: Caption
  /** Where the figures are from; a line each. */
  readonly source: readonly string[]
  readonly palette: Palette
  readonly width: number
}

/** Around a picture, in pixels: the chart in it is narrower by two of them. */
export const margin = 20

interface Style {
  readonly size: number
  readonly leading: number
  readonly weight: number
  readonly fill: string
}

/**
 * A picture that stands alone: title, subtitle, the chart, where the figures are from, and its description for those who cannot see it.
 * Without a chart it says that there is nothing to draw.
 */
export function framedChart(
  chart: SVGSVGElement | undefined,
  { id, caption, source, palette, width }: Framing,
): string {
  const room = width - 2 * margin
  const head = new Column(margin + 18)
  head.add(wrapped(caption.title, 19, room), { size: 19, leading: 24, weight: 600, fill: palette.ink })
  head.add(wrapped(caption.subtitle, 13, room), { size: 13, leading: 18, weight: 400, fill: palette.muted })
  const height = heightOf(chart)
  const foot = new Column(head.y + height + 14)
  const notes = source.flatMap((line) => wrapped(line, 11, room))
  foot.add(notes, { size: 11, leading: 15, weight: 400, fill: palette.muted })
  const total = foot.y - 11 + margin / 2
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${total}" width="${width}" height="${total}" role="img"`,
    ` aria-labelledby="${id}-title ${id}-desc" font-family="${fontFamily}">`,
    `<title id="${id}-title">${escapeXml(caption.title)}</title>`,
    `<desc id="${id}-desc">${escapeXml(caption.description)}</desc>`,
    `<rect width="${width}" height="${total}" fill="${palette.background}"/>`,
    head.text,
    chart === undefined ? nothing(width, head.y, palette) : placed(chart, id, head.y - 10, palette),
    foot.text,
    '</svg>\n',
  ].join('')
}

/** Lines of text below each other. */
class Column {
  y: number
  text = ''

  constructor(y: number) {
    this.y = y
  }

  add(lines: readonly string[], { size, leading, weight, fill }: Style): void {
    for (const line of lines) {
      this.text += `<text x="${margin}" y="${this.y}" font-size="${size}" font-weight="${weight}" fill="${fill}">${escapeXml(line)}</text>`
      this.y += leading
    }
  }
}

const emptyHeight = 120

const heightOf = (chart: SVGSVGElement | undefined): number =>
  chart === undefined ? emptyHeight : Number(chart.getAttribute('height') ?? 0)

function placed(chart: SVGSVGElement, id: string, y: number, palette: Palette): string {
  chart.setAttribute('x', String(margin))
  chart.setAttribute('y', String(y))
  if (!chart.hasAttribute('fill')) chart.setAttribute('fill', palette.ink)
  if (!chart.hasAttribute('font-size')) chart.setAttribute('font-size', '12')
  return svgText(chart, id)
}

const nothing = (width: number, y: number, { muted }: Palette): string =>
  `<text x="${width / 2}" y="${y + emptyHeight / 2}" font-size="14" text-anchor="middle" fill="${muted}">No films to draw yet</text>`

/** The words in lines that fit into `room` pixels. */
function wrapped(text: string, size: number, room: number): string[] {
  const lines: string[] = []
  for (const word of text.split(/\s+/)) {
    const longer = `${lines.at(-1) ?? ''} ${word}`
    if (lines.length === 0 || textWidthPx(longer, size) > room) lines.push(word)
    else lines[lines.length - 1] = longer
  }
  return lines
}
