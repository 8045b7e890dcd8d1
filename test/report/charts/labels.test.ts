import fc from 'fast-check'
import { expect, it } from 'vitest'
import { overlap, placeLabels, type Box, type Label } from '../../../src/report/charts/labels.ts'
import { fontSizePx, textWidthPx } from '../../../src/report/charts/text.ts'

const bounds: Box = { left: 0, top: 0, right: 300, bottom: 120 }
const anyLabel = fc.record({
  text: fc.constantFrom('Up', 'The Godfather', 'Big Hero 6'),
  x: fc.integer({ min: 0, max: 300 }),
  y: fc.integer({ min: 0, max: 120 }),
})
const place = (labels: readonly Label[]) =>
  placeLabels(labels, [], bounds, 200).map(({ label, text, x, y }) => ({
    text: { left: x, top: y - fontSizePx / 2, right: x + textWidthPx(text), bottom: y + fontSizePx / 2 },
    ring: { left: label.x - 3, top: label.y - 3, right: label.x + 3, bottom: label.y + 3 },
  }))

it('writes no label over another, over a point that another names, or beyond the edge, wherever the points lie', () => {
  const check = (labels: readonly Label[]): void => {
    const placed = place(labels)
    for (const [i, { text }] of placed.entries()) {
      const others = placed.filter((_, j) => j !== i)
      expect(others.filter((other) => overlap(text, other.text) || overlap(text, other.ring))).toEqual([])
      expect(text.left >= bounds.left && text.right <= bounds.right).toBe(true)
    }
  }
  fc.assert(fc.property(fc.array(anyLabel, { maxLength: 12 }), check), { numRuns: 300 })
})

it('labels every point that has room', () => {
  const labels = [10, 60, 110].map((y) => ({ text: 'Up', x: 100, y }))
  expect(place(labels)).toHaveLength(3)
})
