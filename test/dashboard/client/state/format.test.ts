import { expect, it } from 'vitest'
import { formatDuration } from '../../../../src/dashboard/client/state/format.ts'

it('a duration reads as it does in the terminal, and as a dash when it is not known', () => {
  expect([119_700, 59_970, 7 * 3_600_000, null].map(formatDuration)).toEqual([
    '2 min 00 s',
    '1 min 00 s',
    '7 h 00 min',
    '–',
  ])
})
