import path from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { readCommit } from '../../src/delta/log.ts'
import { LocalStorage } from '../../src/delta/local-storage.ts'
import type { DeltaTable } from '../../src/delta-table/delta-table.ts'
import { openDelta } from '../../src/delta-table/open-delta.ts'
import { tempFolder } from '../engines/temp-folder.ts'
import { features, field, handmade, metaData } from '../engines/duckdb/handmade-table.ts'

const enabled = { 'delta.enableInCommitTimestamps': 'true' }
const far = Date.parse('2100-01-01T00:00:00Z')

/** A table whose commits tell their times, of which the first lies in the future. */
async function timed(
  first: object = { commitInfo: { inCommitTimestamp: far } },
): Promise<readonly [DeltaTable, string]> {
  const t = await handmade()
  await t.commit(0, first, features([], ['inCommitTimestamp']), metaData([field('id', 'long')], enabled))
  return [await open(path.join(t.root, 't')), path.join(t.root, 't')]
}
async function open(folder: string): Promise<DeltaTable> {
  const table = await openDelta(folder, { threads: 1 })
  onTestFinished(() => table.close())
  return table
}
const said = async (folder: string, version: number): Promise<unknown> =>
  (await readCommit(new LocalStorage(folder), version))[0]?.commitInfo?.inCommitTimestamp

it('says in the first line of each commit when it was made, later than the one before', async () => {
  const [table, folder] = await timed()
  await table.append([{ id: 1 }])
  await table.append([{ id: 2 }])
  expect([await said(folder, 1), await said(folder, 2)]).toEqual([far + 1, far + 2])
})

it('says now when the one before is older', async () => {
  const [table, folder] = await timed({ commitInfo: { inCommitTimestamp: 5 } })
  const before = Date.now()
  await table.append([{ id: 1 }])
  expect(Number(await said(folder, 1))).toBeGreaterThanOrEqual(before)
})

it('is later than the commit of another writer that came in between', async () => {
  const [table, folder] = await timed()
  const other = await open(folder)
  const times: unknown[] = []
  await Promise.all([1, 2, 3].flatMap((id) => [table.append([{ id }]), other.append([{ id }])]))
  for (let version = 0; version <= 6; version += 1) times.push(await said(folder, version))
  expect(times).toEqual([0, 1, 2, 3, 4, 5, 6].map((n) => far + n))
})

it('goes by these times in history and in reading older versions', async () => {
  const [table] = await timed()
  await table.append([{ id: 1 }])
  await table.append([{ id: 2 }])
  const asOf = new Date(far + 1).toISOString()
  expect((await table.history()).map(({ timestamp }) => timestamp)[1]).toBe(asOf)
  expect(await table.collect({ asOf })).toEqual([{ id: 1 }])
})

it('does not write behind a commit that does not say its time', async () => {
  const [table] = await timed({ commitInfo: {} })
  await expect(table.append([{ id: 1 }])).rejects.toMatchObject({ fault: 'corrupt' })
})

it('says nothing where the table does not ask for it', async () => {
  const t = await handmade()
  await t.commit(0, { commitInfo: {} }, features([], ['inCommitTimestamp']), metaData([field('id', 'long')]))
  const table = await open(path.join(t.root, 't'))
  await table.append([{ id: 1 }])
  expect(await said(path.join(t.root, 't'), 1)).toBeUndefined()
})

it('begins anew in a copy, without the version since which the original told times', async () => {
  const t = await handmade()
  const since = { 'delta.inCommitTimestampEnablementVersion': '7', 'delta.inCommitTimestampEnablementTimestamp': '9' }
  const protocol = features([], ['inCommitTimestamp', 'domainMetadata'])
  const domain = { domainMetadata: { domain: 'd', configuration: '{}', removed: false } }
  await t.commit(0, { commitInfo: {} }, protocol, metaData([field('id', 'long')], { ...enabled, ...since }), domain)
  const folder = path.join(await tempFolder(), 'copy')
  await (await open(path.join(t.root, 't'))).clone(folder)
  const copy = await open(folder)
  expect((await copy.metadata()).configuration).toEqual(enabled)
  expect(await said(folder, 0)).toEqual(expect.any(Number))
})
