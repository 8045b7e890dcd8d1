import { expect, it } from 'vitest'
import { filesWithin } from '../../src/delta/merge-plan.ts'
import type { Snapshot } from '../../src/delta/snapshot.ts'
import { bounds, file, snapshotOf } from './test-snapshot.ts'

const within = (snapshot: Snapshot, column: string, min: string, max: string): readonly string[] =>
  filesWithin(snapshot, [{ column, min, max }]).map(({ path }) => path)

it('leaves out files whose bounds lie beside the values', () => {
  const snapshot = snapshotOf([file('low', bounds('id', 1, 9)), file('high', bounds('id', 10, 20))])
  expect(within(snapshot, 'id', '2', '9')).toEqual(['low'])
  expect(within(snapshot, 'id', '9', '10')).toEqual(['low', 'high'])
})

it('keeps files of which nothing is known, or nothing exact', () => {
  const snapshot = snapshotOf([file('none'), file('rounded', bounds('id', 2 ** 60, 2 ** 60))])
  expect(within(snapshot, 'id', '1', '2')).toEqual(['none', 'rounded'])
})

it('compares text by its bytes, where U+FF5E comes before 😀', () => {
  const snapshot = snapshotOf([file('emoji', bounds('name', '😀', '😀'))])
  expect(within(snapshot, 'name', '～', '😀')).toEqual(['emoji'])
})

it('leaves out partitions by their values', () => {
  const files = ['2025-12-09', '2025-12-10', null].map((day) => file(`day=${day}`, undefined, { day }))
  expect(within(snapshotOf(files, ['day']), 'day', '2025-12-10', '2025-12-31')).toEqual(['day=2025-12-10'])
})
