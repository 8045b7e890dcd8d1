import { expect, it } from 'vitest'
import { planBins } from '../../src/delta/optimize-plan.ts'
import { file, snapshotOf } from './test-snapshot.ts'

const sized = (path: string, size: number, day?: string) => ({
  ...file(path, {}, day === undefined ? {} : { day }),
  size,
})
const vector = { storageType: 'i' as const, pathOrInlineDv: '', sizeInBytes: 1, cardinality: 1 }
const bins = (files: readonly ReturnType<typeof sized>[], sorts = false, partitionColumns: readonly string[] = []) =>
  planBins(snapshotOf(files, partitionColumns), { targetBytes: 100, sorts }).map((bin) => bin.map(({ path }) => path))

it('puts small files together up to the size wanted', () => {
  expect(bins([sized('a', 60), sized('b', 30), sized('c', 30), sized('d', 30)])).toEqual([['b', 'c', 'd']])
  expect(bins([sized('a', 50), sized('b', 50), sized('c', 50), sized('d', 50)])).toEqual([['a', 'b'], ['c', 'd']]) // prettier-ignore
})

it('leaves alone what is nearly as large as wanted, and a file that stands alone', () => {
  expect(bins([sized('a', 76), sized('b', 80), sized('c', 10)])).toEqual([])
})

it('writes files anew of which rows are hidden', () => {
  expect(bins([{ ...sized('a', 90), deletionVector: vector }, sized('b', 90)])).toEqual([['a']])
})

it('brings no partitions together', () => {
  expect(bins([sized('a', 10, '1'), sized('b', 10, '2'), sized('c', 10, '1')], false, ['day'])).toEqual([['a', 'c']])
})

it('takes every file when rows are to be sorted', () => {
  expect(bins([sized('a', 1000), sized('b', 10)], true)).toEqual([['a', 'b']])
})
