import type { RenderFunction } from '@observablehq/plot'
import type { Palette } from './chart.ts'
import { fontSizePx, textWidthPx, truncated } from './text.ts'

/** A text beside a point, which is in pixels for `placeLabels` and in the chart's units for `labels`. */
export interface Label {
  readonly text: string
  readonly x: number
  readonly y: number
  readonly fill?: string
  /** Whether the point gets a ring, so that it is seen which one is named. */
  readonly isRinged?: boolean
}

/** A point that labels leave uncovered where they can, in the same units. */
export interface Point {
  readonly x: number
  readonly y: number
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

const mostCovered = 4

/**
 * The labels that have room inside of the bounds, beside their point, over no other label and no other label's point, and where they cover the fewest of
 * the points. Who comes first goes first; what has no room, would cover more than 4 points, or has its own point covered, is left out. Texts are cut at
 * `mostPx`.
 */
export function placeLabels(
  labels: readonly Label[],
  points: readonly Point[],
  bounds: Box,
  mostPx: number,
): readonly PlacedLabel[] {
  const taken: Box[] = []
  const texts: Box[] = []
  return labels.flatMap((label) => {
    const point = around(label.x, label.y, 4, 4)
    if (texts.some((other) => overlap(point, other))) return []
    const text = truncated(label.text, mostPx)
    const [best] = boxesAround(label, textWidthPx(text))
      .filter((box) => isWithin(box, bounds) && !taken.some((other) => overlap(box, other)))
      .map((box) => ({ box, covered: points.filter((point) => overlap(box, around(point.x, point.y, 2, 2))).length }))
      .filter(({ covered }) => covered <= mostCovered)
      .toSorted((a, b) => a.covered - b.covered)
    const box = best?.box
    if (box === undefined) return []
    texts.push(box)
    taken.push(box, point)
    return [{ label, text, x: box.left, y: (box.top + box.bottom) / 2 }]
  })
}

/** A mark that writes labels beside their points, with a rim of the background; all points are in the units of the axes. */
export const labels =
  (items: readonly Label[], points: readonly Point[], palette: Palette): RenderFunction =>
  (_index, { x, y }, _values, size, { document }) => {
    const make = (name: string, attributes: Readonly<Record<string, string | number>>): SVGElement => {
      const element = document.createElementNS('http://www.w3.org/2000/svg', name)
      for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, String(value))
      return element
    }
    const group = make('g', { 'aria-label': 'labels', 'text-anchor': 'start' })
    if (x === undefined || y === undefined) return group
    const scaled = <P extends Point>(point: P): P => ({ ...point, x: Number(x(point.x)), y: Number(y(point.y)) })
    const bounds = {
      left: size.marginLeft,
      top: size.marginTop,
      right: size.width - size.marginRight,
      bottom: size.height - size.marginBottom,
    }
    const rim = { stroke: palette.background, 'stroke-width': 4, 'stroke-linejoin': 'round', 'paint-order': 'stroke' }
    const mostPx = Math.max(110, size.width * 0.26)
    for (const { label, text, ...at } of placeLabels(items.map(scaled), points.map(scaled), bounds, mostPx)) {
      const element = make('text', { ...at, dy: '0.32em', fill: label.fill ?? palette.ink, ...rim })
      element.textContent = text
      group.append(element)
      if (label.isRinged === true)
        group.append(make('circle', { cx: label.x, cy: label.y, r: 3.5, fill: 'none', stroke: palette.ink }))
    }
    return group
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
