import { describe, expect, it } from 'vitest'
import type { Action, ReadAction } from '../../src/delta/actions.ts'
import { everyRow, noRow, type Condition } from '../../src/delta/condition.ts'
import { conflictWith } from '../../src/delta/conflict.ts'
import { removal, removeAction } from '../../src/delta/merge-plan.ts'
import { between } from '../../src/delta/skipping.ts'
import { bounds, file, snapshotOf } from './test-snapshot.ts'

const low = file('low', bounds('id', 1, 9))
const high = file('high', bounds('id', 10, 19))
const base = snapshotOf([low, high])
const readsLow = between(base.schema, 'id', '1', '5')
const add = (path: string, min: number, max: number, dataChange = true): ReadAction => ({
  add: { ...file(path, bounds('id', min, max)), dataChange },
})
const remove = (one: typeof low, dataChange = true): ReadAction => ({ remove: { ...removal(one, 0), dataChange } })
const txn = (appId: string): ReadAction => ({ txn: { appId, version: 2 } })
const conflict = (
  other: readonly ReadAction[],
  reads: Condition,
  actions: readonly Action[] = [],
): string | undefined => conflictWith(other, { base, actions, reads })

describe('a blind append', () => {
  it('follows other rows, whatever became of them', () => {
    expect(conflict([add('new', 1, 2), remove(low)], noRow)).toBeUndefined()
  })

  it('follows no change of what the table is', () => {
    expect(conflict([{ protocol: { minReaderVersion: 3, minWriterVersion: 7 } }], noRow)).toContain('protocol')
    const metaData = { ...base.metadata, partitionColumns: [] }
    expect(conflict([{ metaData }], noRow)).toContain('schema')
  })

  it('does not make a table that another has made', () => {
    expect(conflictWith([add('new', 1, 2)], { base: undefined, actions: [], reads: noRow })).toContain('made')
  })
})

it('lets one writer alone move a watermark or set what belongs to a feature', () => {
  expect(conflict([txn('bronze')], noRow, [txn('bronze')])).toContain('bronze')
  expect(conflict([txn('other')], noRow, [txn('bronze')])).toBeUndefined()
  const domainMetadata = { domain: 'd', configuration: '', removed: false }
  expect(conflict([{ domainMetadata }], noRow, [{ domainMetadata }])).toContain('settings of d')
})

describe('a write that has read rows', () => {
  it('follows rows it would not have read', () => {
    expect(conflict([add('new', 6, 30), remove(high)], readsLow)).toBeUndefined()
  })

  it('follows no rows it should have read', () => {
    expect(conflict([add('new', 5, 30)], readsLow)).toBe('it added rows that this write should have read, in new')
    expect(conflict([{ add: file('no statistics') }], readsLow)).toContain('no statistics')
    expect(conflict([add('new', 20, 30)], everyRow)).toContain('new')
  })

  it('follows no change of rows it has read', () => {
    expect(conflict([remove(low)], readsLow)).toBe('it changed rows that this write has read, in low')
  })

  it('follows rows that were only laid out anew, unless it changes them', () => {
    const compacted = [remove(low, false), remove(high, false), add('both', 1, 19, false)]
    expect(conflict(compacted, readsLow)).toBeUndefined()
    expect(conflict(compacted, readsLow, [removeAction(low, 0)])).toBe('it took low away, which this write changes')
  })

  it('lays no second deletion vector over a file', () => {
    const vector = { storageType: 'u' as const, pathOrInlineDv: 'x', offset: 1, sizeInBytes: 1, cardinality: 1 }
    const marked: readonly ReadAction[] = [remove(low), { add: { ...low, deletionVector: vector } }]
    expect(conflict(marked, noRow, [removeAction(low, 0)])).toContain('low')
  })
})
