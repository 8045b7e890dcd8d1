import { expect, it } from 'vitest'
import type { ReadAction } from '../../src/delta/actions.ts'
import { conflictWith } from '../../src/delta/conflict.ts'

const add: ReadAction = { add: { path: 'b', partitionValues: {}, size: 1, modificationTime: 0, dataChange: true } }
const txn = (appId: string): ReadAction => ({ txn: { appId, version: 2 } })

it('lets a blind append follow other rows', () => {
  expect(conflictWith([add], [add], true)).toBeUndefined()
})

it('lets nothing follow that has read the table', () => {
  expect(conflictWith([add], [add], false)).toBe('this write has read the table')
})

it('lets a blind append follow no change of the protocol', () => {
  expect(conflictWith([{ protocol: { minReaderVersion: 3, minWriterVersion: 7 } }], [add], true)).toContain('protocol')
})

it('lets one writer alone move a watermark', () => {
  expect(conflictWith([txn('bronze.movies')], [add, txn('bronze.movies')], true)).toContain('bronze.movies')
  expect(conflictWith([txn('bronze.other')], [add, txn('bronze.movies')], true)).toBeUndefined()
})
