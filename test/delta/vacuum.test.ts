import { utimes } from 'node:fs/promises'
import { beforeEach, expect, it } from 'vitest'
import { writeVectors } from '../../src/delta/deletion-vector.ts'
import { LocalStorage } from '../../src/delta/local-storage.ts'
import { unneededFiles, type VacuumLimits } from '../../src/delta/vacuum.ts'
import { tempFolder } from '../engines/temp-folder.ts'
import { file, snapshotOf } from './test-snapshot.ts'

const hour = 3600 * 1000
const now = 1000 * hour
let storage: LocalStorage

beforeEach(async () => {
  storage = new LocalStorage(await tempFolder())
})

async function put(path: string, modifiedAt = 0): Promise<void> {
  await storage.put(path, '')
  await utimes(storage.locate(path), 0, modifiedAt / 1000)
}
const removed = (path: string, deletionTimestamp: number) =>
  [path, { path, deletionTimestamp, dataChange: true }] as const
async function unneeded(
  files: readonly ReturnType<typeof file>[],
  limits: Partial<VacuumLimits> = {},
  changes: Partial<ReturnType<typeof snapshotOf>> = {},
): Promise<readonly string[]> {
  const snapshot = { ...snapshotOf(files), ...changes, storage }
  return (await unneededFiles(snapshot, { now, ...limits })).map(({ path }) => path)
}

it('spares what the newest version needs, what left it lately and what was just written', async () => {
  for (const path of ['live', 'gone long ago', 'gone lately', 'orphan', 'day=1/live', 'day=1/orphan']) await put(path)
  await put('just written', now - hour)
  const tombstones = new Map([
    removed('gone%20long%20ago', now - 169 * hour),
    removed('gone%20lately', now - 167 * hour),
  ])
  const live = [file('live'), file('day=1/live')]
  expect(await unneeded(live, {}, { tombstones })).toEqual(['day=1/orphan', 'gone long ago', 'orphan'])
})

it('spares deletion vectors that are laid over files', async () => {
  const { path, vectors } = await writeVectors(storage, [[1]])
  const stale = await writeVectors(storage, [[2]])
  for (const one of ['a', path, stale.path]) await put(one)
  expect(await unneeded([{ ...file('a'), deletionVector: vectors[0] }])).toEqual([stale.path])
})

it('looks into no hidden folder but that of change data, and into partitions that begin with _', async () => {
  for (const path of ['_delta_log/x', '_other/x', '.x.crc', '_change_data/x', '_day=1/x', 'a/.b/x']) await put(path)
  expect(await unneeded([])).toEqual(['_change_data/x', '_day=1/x'])
})

it('takes what puts have left that were cut short long ago, from the log as well', async () => {
  const left = (name: string): string => `.${name}.0a0a0a0a-0000-4000-8000-000000000000.tmp`
  const old = [`_delta_log/${left('00000000000000000001.json')}`, left('deletion_vector.bin')]
  for (const path of [...old, '_delta_log/00000000000000000001.json', '.other.tmp']) await put(path)
  await put(left('just begun'), now - hour)
  expect(await unneeded([])).toEqual(old.toReversed())
})

it('refuses a longer retention than the table asks for, as it does not remember for so long', async () => {
  await expect(unneeded([], { retentionMs: 169 * hour })).rejects.toMatchObject({ fault: 'mismatch' })
})

it('refuses a shorter retention than the table asks for, unless it is allowed', async () => {
  await put('orphan', now - 2 * hour)
  const retentionMs = hour
  await expect(unneeded([], { retentionMs })).rejects.toMatchObject({
    fault: 'mismatch',
    message: 't: keeps removed files for 168 hours, 1 were asked for',
  })
  expect(await unneeded([], { retentionMs, allowShortRetention: true })).toEqual(['orphan'])
  const metadata = { ...snapshotOf([]).metadata, configuration: { 'delta.deletedFileRetentionDuration': '1 hour' } }
  expect(await unneeded([], { retentionMs }, { metadata })).toEqual(['orphan'])
})
