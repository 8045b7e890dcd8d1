import { expect, it } from 'vitest'
import { formatBytes, formatDuration, formatShare } from '../../src/report/numbers.ts'

it.each([
  [640, '640 ms'],
  [999.7, '1.0 s'],
  [12_400, '12.4 s'],
  [59_970, '1 min 00 s'],
  [119_700, '2 min 00 s'],
  [185_000, '3 min 05 s'],
  [3_599_600, '1 h 00 min'],
  [7_620_000, '2 h 07 min'],
])('%d ms reads %s', (milliseconds, text) => {
  expect(formatDuration(milliseconds)).toBe(text)
})

it.each([
  [0, '0 B'],
  [999, '999 B'],
  [1000, '1.0 kB'],
  [999_960, '1.0 MB'],
  [4_200_000, '4.2 MB'],
  [5e12, '5.0 TB'],
])('%d bytes read %s', (bytes, text) => {
  expect(formatBytes(bytes)).toBe(text)
})

it.each([
  [0.07, '7%'],
  [0.0025, '0.25%'],
  [1, '100%'],
])('a share of %d reads %s', (share, text) => {
  expect(formatShare(share)).toBe(text)
})
