import type { RenderFunction } from '@observablehq/plot'
import type { Palette } from './chart.ts'
import { fontSizePx, textWidthPx, truncated } from './text.ts'

/** A text beside a point, which is in pixels for `placeLabels` and in the chart's units for `labels`. */
export interface Label {
  readonly text: string
  readonly x: number
  readonly y: number
  readonly fill?: string
}

/** A rectangle in pixels. */
export interface Box {
  readonly left: number
  readonly top: number
  readonly right: number
  readonly bottom: number
}

/** A label where it is written: `x` is the text's start, `y` its middle. */
export interface PlacedLabel {
  readonly label: Label
  readonly text: string
  readonly x: number
  readonly y: number
}

const linePx = fontSizePx + 3
const distancePx = 7

/**
 * The labels that have room inside of the bounds, beside their point, over no other label and no other label's point. Who comes first goes first;
 * what has no room is left out. Texts are cut at `mostPx`.
 */
export function placeLabels(labels: readonly Label[], bounds: Box, mostPx: number): readonly PlacedLabel[] {
  const taken: Box[] = []
  return labels.flatMap((label) => {
    const text = truncated(label.text, mostPx)
    const box = boxesAround(label, textWidthPx(text)).find(
      (each) => isWithin(each, bounds) && !taken.some((other) => overlap(each, other)),
    )
    if (box === undefined) return []
    taken.push(box, around(label.x, label.y, 4, 4))
    return [{ label, text, x: box.left, y: (box.top + box.bottom) / 2 }]
  })
}

/** A mark that writes labels beside their points, with a rim of the background; the points are in the units of the axes. */
export const labels =
  (items: readonly Label[], palette: Palette): RenderFunction =>
  (_index, { x, y }, _values, size, { document }) => {
    const group = document.createElementNS('http://www.w3.org/2000/svg', 'g')
    if (x === undefined || y === undefined) return group
    const bounds = {
      left: size.marginLeft,
      top: size.marginTop,
      right: size.width - size.marginRight,
      bottom: size.height - size.marginBottom,
    }
    const rim = { stroke: palette.background, 'stroke-width': 4, 'stroke-linejoin': 'round', 'paint-order': 'stroke' }
    setAll(group, { 'aria-label': 'labels', 'text-anchor': 'start', ...rim })
    const points = items.map((item) => ({ ...item, x: Number(x(item.x)), y: Number(y(item.y)) }))
    for (const { label, text, ...at } of placeLabels(points, bounds, Math.max(110, size.width * 0.26))) {
      const element = document.createElementNS('http://www.w3.org/2000/svg', 'text')
      setAll(element, { ...at, dy: '0.32em', fill: label.fill ?? palette.ink })
      element.textContent = text
      group.append(element)
    }
    return group
  }

function setAll(element: Element, attributes: Readonly<Record<string, string | number>>): void {
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value))
}

function boxesAround({ x, y }: Label, widthPx: number): readonly Box[] {
  const [aside, up] = [widthPx / 2 + distancePx, linePx / 2 + distancePx]
  const centres = [
    [x + aside, y],
    [x - aside, y],
    [x, y - up],
    [x, y + up],
    [x + aside, y - up],
    [x - aside, y - up],
    [x + aside, y + up],
    [x - aside, y + up],
  ] as const
  return centres.map(([centre, middle]) => around(centre, middle, widthPx / 2, linePx / 2))
}

const around = (x: number, y: number, halfWidth: number, halfHeight: number): Box => ({
  left: x - halfWidth,
  top: y - halfHeight,
  right: x + halfWidth,
  bottom: y + halfHeight,
})

const isWithin = (box: Box, bounds: Box): boolean =>
  box.left >= bounds.left && box.right <= bounds.right && box.top >= bounds.top && box.bottom <= bounds.bottom

/** Whether two boxes share more than an edge. */
export const overlap = (a: Box, b: Box): boolean =>
  a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom
