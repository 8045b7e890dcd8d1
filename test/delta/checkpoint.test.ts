import { expect, it } from 'vitest'
import { LocalStorage } from '../../src/delta/local-storage.ts'
import { checkpointActions, isCheckpointDue } from '../../src/delta/checkpoint.ts'
import type { Snapshot } from '../../src/delta/snapshot.ts'

const day = 24 * 3600 * 1000
const removed = (path: string, deletionTimestamp: number) =>
  [path, { path, deletionTimestamp, dataChange: true }] as const
const snapshot: Snapshot = {
  storage: new LocalStorage('/t'),
  table: 't',
  version: 10,
  protocol: { minReaderVersion: 1, minWriterVersion: 2 },
  metadata: { id: 'x', format: { provider: 'parquet' }, schemaString: '{}', partitionColumns: [], configuration: {} },
  schema: [],
  files: new Map([['a', { path: 'a', partitionValues: {}, size: 1, modificationTime: 0, dataChange: true }]]),
  tombstones: new Map([removed('old', 90 * day), removed('new', 99 * day)]),
  transactions: new Map([['app', { appId: 'app', version: 3 }]]),
  domains: new Map([['d', { domain: 'd', configuration: '{}', removed: false }]]),
}

it('keeps transactions, settings of features and the files removed in the last week', () => {
  const actions = checkpointActions(snapshot, 100 * day)
  expect(actions).toContainEqual({ txn: { appId: 'app', version: 3 } })
  expect(actions).toContainEqual({ domainMetadata: { domain: 'd', configuration: '{}', removed: false } })
  expect(actions.flatMap(({ remove }) => remove?.path ?? [])).toEqual(['new'])
})

const withProperties = (configuration: Record<string, string>, minWriterVersion = 7): Snapshot => ({
  ...snapshot,
  protocol: { minReaderVersion: 1, minWriterVersion },
  metadata: { ...snapshot.metadata, configuration },
})

it('keeps removed files as long as the table says', () => {
  const kept = (time: string): readonly string[] =>
    checkpointActions(withProperties({ 'delta.deletedFileRetentionDuration': time }), 100 * day).flatMap(
      ({ remove }) => remove?.path ?? [],
    )
  expect(kept('interval 12 hours')).toEqual([])
  expect(kept('interval 1 week 5 days')).toEqual(['old', 'new'])
})

it('keeps what features say of a file', () => {
  const kept = { tags: { a: 'b' }, baseRowId: 7, defaultRowCommitVersion: 2 }
  const add = { path: 'a', partitionValues: {}, size: 1, modificationTime: 0, dataChange: true, ...kept }
  const remove = { path: 'b', deletionTimestamp: 99 * day, ...kept }
  const files = {
    files: new Map([['a', { ...add, clusteringProvider: 'liquid' }]]),
    tombstones: new Map([['b', remove]]),
  }
  const actions = checkpointActions({ ...snapshot, ...files }, 100 * day)
  expect(actions).toContainEqual({ add: { ...add, clusteringProvider: 'liquid', dataChange: false } })
  expect(actions.find((action) => action.remove)?.remove).toMatchObject({ baseRowId: 7 })
})

it('is not written for a table that wants statistics in another form', () => {
  for (const property of [
    { 'delta.checkpoint.writeStatsAsStruct': 'true' },
    { 'delta.checkpoint.writeStatsAsJson': 'false' },
  ]) {
    expect(() => checkpointActions(withProperties(property), 0)).toThrow(
      expect.objectContaining({ fault: 'unsupported' }),
    )
    expect(() => checkpointActions(withProperties(property, 2), 0)).not.toThrow()
  }
})

it('is not written when it would round the version of an application', () => {
  const transactions = new Map([['app', { appId: 'app', version: 2 ** 60 }]])
  expect(() => checkpointActions({ ...snapshot, transactions }, 0)).toThrow('app is beyond 2^53')
})

it('says of no file that it changes data', () => {
  const actions = checkpointActions(snapshot, 100 * day)
  expect(actions.flatMap(({ add, remove }) => [add?.dataChange, remove?.dataChange]).filter(Boolean)).toEqual([])
})

it('is due every tenth version, or as often as the table says', () => {
  const due = (configuration: Record<string, string>) =>
    [0, 5, 10, 20].filter((version) => isCheckpointDue(version, configuration))
  expect(due({})).toEqual([10, 20])
  expect(due({ 'delta.checkpointInterval': '5' })).toEqual([5, 10, 20])
  expect(due({ 'delta.checkpointInterval': 'often' })).toEqual([10, 20])
})
