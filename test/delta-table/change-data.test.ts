import path from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { openDelta, type RowChange } from '../../src/delta-table/index.ts'
import { field, handmade, mapped, metaData, type Handmade } from '../engines/duckdb/handmade-table.ts'

const feed = { 'delta.enableChangeDataFeed': 'true' }
const protocol = { protocol: { minReaderVersion: 2, minWriterVersion: 5 } }
const columns = [field('id', 'long'), field('title', 'string')]

/** A file of change data, and its `cdc`. */
async function cdc(t: Handmade, name: string, sql: string, more: object = {}): Promise<object> {
  const { add } = (await t.file(decodeURIComponent(name), sql)) as { add: { size: number } }
  return { cdc: { path: name, partitionValues: {}, size: add.size, dataChange: false, ...more } }
}
const removed = (name: string, more: object = {}) => ({ remove: { path: name, dataChange: true, ...more } })

async function changesOf(t: Handmade, range: { from: number; to?: number; key?: string[] }): Promise<unknown[]> {
  const table = await openDelta(path.join(t.root, 't'), { threads: 1 })
  onTestFinished(() => table.close())
  const found: RowChange[] = []
  for await (const one of table.changes(range)) found.push(one)
  return found.map(({ version, change, row }) => [version, change, ...Object.values(row)])
}

/** A table of two films, one of which has another title in version 1. */
async function retitled(t: Handmade, recorded: string): Promise<void> {
  const before = await t.file('a.parquet', "SELECT 1::BIGINT AS id, 'Alien' AS title UNION ALL SELECT 2, 'Brazil'")
  await t.commit(0, protocol, metaData(columns, feed), before)
  const after = await t.file('b.parquet', "SELECT 1::BIGINT AS id, 'Aliens' AS title UNION ALL SELECT 2, 'Brazil'")
  await t.commit(1, removed('a.parquet'), after, await cdc(t, '_change_data/c.parquet', recorded))
}
const update = "1::BIGINT AS id, 'Alien' AS title, 'update_preimage' AS _change_type"

it('are those that the commit has recorded, and an update needs no key', async () => {
  const t = await handmade()
  await retitled(t, `SELECT ${update} UNION ALL SELECT 1, 'Aliens', 'update_postimage'`)
  expect(await changesOf(t, { from: 1 })).toEqual([
    [1, 'update_preimage', 1, 'Alien'],
    [1, 'update_postimage', 1, 'Aliens'],
  ])
  expect(await changesOf(t, { from: 0, to: 0 })).toEqual([
    [0, 'insert', 1, 'Alien'],
    [0, 'insert', 2, 'Brazil'],
  ])
})

it('are those alone, whatever files came and went', async () => {
  const t = await handmade()
  await retitled(t, "SELECT 7::BIGINT AS id, 'Contact' AS title, 'delete' AS _change_type")
  expect(await changesOf(t, { from: 1, key: ['id'] })).toEqual([[1, 'delete', 7, 'Contact']])
})

it('are found by the physical names of columns, with partition values from the log and paths that are escaped', async () => {
  const t = await handmade()
  const renamed = [mapped('movie id', 'long', 1, 'c1'), mapped('place', 'string', 2, 'c2')]
  const byName = { ...feed, 'delta.columnMapping.mode': 'name' }
  await t.commit(0, protocol, metaData(renamed, byName, ['place']))
  const values = { partitionValues: { c2: 'a b' } }
  const rows = "SELECT 5::BIGINT AS c1, 'insert' AS _change_type, true AS __is_cdc"
  await t.commit(1, await cdc(t, '_change_data/c2=a%20b/c.parquet', rows, values))
  expect(await changesOf(t, { from: 0 })).toEqual([[1, 'insert', 5, 'a b']])
})

it('are found by the ids of columns, where the files do so', async () => {
  const t = await handmade()
  const byId = { ...feed, 'delta.columnMapping.mode': 'id' }
  await t.commit(0, protocol, metaData([mapped('id', 'long', 1, 'c1')], byId))
  await t.file('c.parquet', "SELECT 5::BIGINT AS x, 'insert' AS _change_type", { fieldIds: '{x: 1}' })
  await t.commit(1, { cdc: { path: 'c.parquet', partitionValues: {}, size: 1, dataChange: false } })
  expect(await changesOf(t, { from: 0 })).toEqual([[1, 'insert', 5]])
})

it('are told beside a column called __change', async () => {
  const t = await handmade()
  await t.commit(0, protocol, metaData([field('__change', 'long')], feed))
  await t.commit(1, await cdc(t, 'c.parquet', "SELECT 5::BIGINT AS __change, 'insert' AS _change_type"))
  expect(await changesOf(t, { from: 1 })).toEqual([[1, 'insert', 5]])
})
