import { expect, it } from 'vitest'
import { durationMs, fileRetentionMs, logRetentionMs } from '../../src/delta/duration.ts'

const hour = 3600 * 1000

it.each([
  ['interval 1 week', 168 * hour],
  ['interval 30 days', 720 * hour],
  ['168 hours', 168 * hour],
  ['INTERVAL 1 DAY 2 HOURS', 26 * hour],
  ['interval 0 hours', 0],
])('reads %j', (text, expected) => {
  expect(durationMs(text)).toBe(expected)
})

it.each(['', 'for ever', 'interval 1 fortnight', 'interval 1 month', 'interval 0 months', 'interval 3'])(
  'keeps everything for %j',
  (text) => {
    expect(durationMs(text)).toBe(Infinity)
  },
)

it('keeps files for a week and versions for a month unless the table says otherwise', () => {
  expect(fileRetentionMs({})).toBe(168 * hour)
  expect(fileRetentionMs({ 'delta.deletedFileRetentionDuration': 'interval 2 hours' })).toBe(2 * hour)
  expect(logRetentionMs({})).toBe(720 * hour)
})
