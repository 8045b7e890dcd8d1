import type { Canvas } from './chart.ts'
import { textWidthPx } from './text.ts'

/** A series: its colour, the shape its marks have, its name. */
export interface LegendItem {
  readonly name: string
  readonly color: string
  readonly shape: 'bar' | 'thin-bar' | 'circle' | 'diamond' | 'line' | 'dashes'
}

const lineHeightPx = 20
const swatchPx = 18
const gapPx = 18

/** How high a legend is when it is as wide as the canvas. */
export function legendHeight(items: readonly LegendItem[], widthPx: number): number {
  return items.length === 0 ? 0 : (placed(items, widthPx).at(-1)?.y ?? 0) + lineHeightPx + 4
}

/** Writes the names of the series, each beside a mark of its shape, above a chart that left `legendHeight` free. */
export function addLegend(svg: SVGSVGElement, items: readonly LegendItem[], canvas: Canvas): void {
  const make = (name: string, attributes: Readonly<Record<string, string | number>>): Element => {
    const element = canvas.document.createElementNS('http://www.w3.org/2000/svg', name)
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, String(value))
    return element
  }
  const legend = make('g', { 'aria-label': 'legend', 'text-anchor': 'start' })
  for (const { item, x, y } of placed(items, canvas.width)) {
    const middle = y + lineHeightPx / 2
    const text = make('text', { x: x + swatchPx + 6, y: middle, dy: '0.32em', fill: canvas.palette.ink })
    text.textContent = item.name
    legend.append(make(...swatch(item, x, middle)), text)
  }
  svg.append(legend)
}

function placed(items: readonly LegendItem[], widthPx: number) {
  let [x, y] = [0, 0]
  return items.map((item) => {
    const itemPx = swatchPx + 6 + textWidthPx(item.name)
    if (x > 0 && x + itemPx > widthPx) [x, y] = [0, y + lineHeightPx]
    const place = { item, x, y }
    x += itemPx + gapPx
    return place
  })
}

function swatch(
  { color, shape }: LegendItem,
  x: number,
  y: number,
): [string, Readonly<Record<string, string | number>>] {
  const middle = x + swatchPx / 2
  if (shape === 'circle') return ['circle', { cx: middle, cy: y, r: 5, fill: color }]
  if (shape === 'diamond') return ['path', { d: `M${middle},${y - 6}l6,6l-6,6l-6,-6Z`, fill: color }]
  if (shape === 'line' || shape === 'dashes')
    return [
      'line',
      {
        x1: x,
        x2: x + swatchPx,
        y1: y,
        y2: y,
        stroke: color,
        'stroke-width': 2,
        ...(shape === 'dashes' && { 'stroke-dasharray': '4 3' }),
      },
    ]
  const height = shape === 'bar' ? 12 : 5
  return ['rect', { x, y: y - height / 2, width: swatchPx, height, fill: color }]
}
