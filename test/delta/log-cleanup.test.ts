import { utimes } from 'node:fs/promises'
import { expect, it } from 'vitest'
import { LocalStorage } from '../../src/delta/local-storage.ts'
import { cleanLog } from '../../src/delta/log-cleanup.ts'
import { versionName } from '../../src/delta/log.ts'
import { tempFolder } from '../engines/temp-folder.ts'
import { snapshotOf } from './test-snapshot.ts'

const day = 24 * 3600 * 1000
const now = 100 * day

/** A log of one commit a day, the last of them today, with these checkpoints. */
async function logOf(commits: number, checkpoints: readonly number[]): Promise<LocalStorage> {
  const storage = new LocalStorage(await tempFolder())
  for (let version = 0; version < commits; version += 1) {
    const path = `_delta_log/${versionName(version)}.json`
    await storage.put(path, '{}')
    const written = (now - (commits - 1 - version) * day) / 1000
    await utimes(storage.locate(path), written, written)
  }
  for (const version of checkpoints) await storage.put(`_delta_log/${versionName(version)}.checkpoint.parquet`, '')
  return storage
}
const versions = (paths: readonly string[]): readonly string[] =>
  paths.map((path) => path.replace(/^_delta_log\/0*(?=\d)/, ''))
const clean = async (storage: LocalStorage, configuration: Readonly<Record<string, string>> = {}) => {
  const snapshot = snapshotOf([])
  const metadata = {
    ...snapshot.metadata,
    configuration: { 'delta.logRetentionDuration': 'interval 3 days', ...configuration },
  }
  return versions(await cleanLog({ ...snapshot, storage, metadata }, now))
}

it('forgets what lies before the newest checkpoint that is itself old enough', async () => {
  const storage = await logOf(10, [2, 4, 8])
  expect(await clean(storage)).toEqual(['0.json', '1.json', '2.json', '3.json', '2.checkpoint.parquet'])
  expect(versions(await storage.list('_delta_log'))[0]).toBe('4.checkpoint.parquet')
})

it('forgets nothing without an old checkpoint, while all is young, or when the table says so', async () => {
  expect(await clean(await logOf(10, [8]))).toEqual([])
  expect(await clean(await logOf(3, [2]))).toEqual([])
  expect(await clean(await logOf(10, [4]), { 'delta.enableExpiredLogCleanup': 'false' })).toEqual([])
})
