import { rm } from 'node:fs/promises'
import { expect, it } from 'vitest'
import { commitPath, versionName } from '../../../src/delta/log.ts'
import { field, handmade, metaData, plain, type Handmade } from './handmade-table.ts'

const name = (from: number, to: number): string => `_delta_log/${versionName(from)}.${versionName(to)}.compacted.json`
const remove = (id: number) => ({ remove: { path: `${id}.parquet`, dataChange: true, deletionTimestamp: 1 } })
const txn = (version: number) => ({ txn: { appId: 'app', version } })
const domain = (of: string, removed = false) => ({ domainMetadata: { domain: of, configuration: '{}', removed } })
const file = (t: Handmade, id: number): Promise<object> => t.file(`${id}.parquet`, `SELECT ${id}::BIGINT AS id`)

/** Four commits, and what the last three of them come to. */
async function compacted(): Promise<Handmade> {
  const t = await handmade()
  await t.commit(0, plain, metaData([field('id', 'long')]), await file(t, 1), domain('gone'), domain('kept'))
  await t.commit(1, await file(t, 2), remove(1), txn(1))
  await t.commit(2, await file(t, 3), txn(2), domain('gone', true))
  await t.commit(3, remove(2), await file(t, 4))
  const net = [await file(t, 3), await file(t, 4), remove(1), remove(2), txn(2), domain('gone', true)]
  await t.storage.put(name(1, 3), net.map((one) => `${JSON.stringify(one)}\n`).join(''))
  return t
}

it('comes to the same state by a compaction as by its commits', async () => {
  const t = await compacted()
  const state = async (): Promise<readonly unknown[]> => {
    const { files, tombstones, transactions, domains } = await t.read()
    return [files, tombstones, transactions, domains].map((map) => [...map.keys()].sort())
  }
  const rows = await t.rows()
  const withCompaction = await state()
  await rm(t.storage.locate(name(1, 3)))
  expect(await state()).toEqual(withCompaction)
  expect(withCompaction).toEqual([['3.parquet', '4.parquet'], ['1.parquet', '2.parquet'], ['app'], ['kept']])
  expect(rows).toEqual([{ id: 3 }, { id: 4 }])
})

it('reads the compaction in place of the commits', async () => {
  const t = await compacted()
  for (const version of [1, 2]) await rm(t.storage.locate(commitPath(version)))
  expect(await t.rows()).toEqual([{ id: 3 }, { id: 4 }])
  await expect(t.rows({ version: 2 })).rejects.toMatchObject({ fault: 'corrupt' })
})

it('does not use one that goes beyond the version asked for', async () => {
  const t = await compacted()
  expect(await t.rows({ version: 2 })).toEqual([{ id: 2 }, { id: 3 }])
})

it('reads the commits when the compaction is damaged', async () => {
  const t = await compacted()
  for (const text of ['', '{"add":']) {
    await t.storage.put(name(1, 3), text)
    expect(await t.rows()).toEqual([{ id: 3 }, { id: 4 }])
  }
})
