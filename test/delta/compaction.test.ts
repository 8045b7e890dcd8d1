import { expect, it } from 'vitest'
import { planReplay } from '../../src/delta/compaction.ts'

const compaction = (from: number, to: number) => ({ from, to, path: `${from}-${to}` })
const plan = (start: number, target: number, ...compactions: readonly ReturnType<typeof compaction>[]) =>
  planReplay({ compactions }, start, target).map((step) => (typeof step === 'number' ? step : step.path))

it('reads commits where there is no compaction', () => {
  expect(plan(2, 5)).toEqual([3, 4, 5])
})

it('takes the longest compaction that ends by the version asked for', () => {
  expect(plan(-1, 6, compaction(1, 2), compaction(1, 5), compaction(1, 9))).toEqual([0, '1-5', 6])
})

it('takes one that began before the checkpoint, and one after the other', () => {
  expect(plan(4, 9, compaction(3, 7), compaction(8, 9))).toEqual(['3-7', '8-9'])
})

it('reads a commit rather than a compaction of which it alone is new', () => {
  expect(plan(4, 5, compaction(3, 5))).toEqual([5])
})
