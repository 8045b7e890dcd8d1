import { expect, it } from 'vitest'
import { durationOf, fileRetention } from '../../src/delta/duration.ts'

const hour = 3600 * 1000

it.each([
  ['interval 1 week', 168 * hour],
  ['interval 30 days', 720 * hour],
  ['168 hours', 168 * hour],
  ['INTERVAL 1 DAY 2 HOURS', 26 * hour],
  ['interval 0 hours', 0],
])('reads %j', (text, expected) => {
  expect(durationOf(text, -1)).toBe(expected)
})

it.each([undefined, null, '', 'for ever', 'interval 1 fortnight', 'interval 1 month'])(
  'takes the default for %j',
  (text) => {
    expect(durationOf(text, 5)).toBe(5)
  },
)

it('keeps files for a week unless the table says otherwise', () => {
  expect(fileRetention({})).toBe(168 * hour)
  expect(fileRetention({ 'delta.deletedFileRetentionDuration': 'interval 2 hours' })).toBe(2 * hour)
})
