import { TableError } from '../errors.ts'
import { parseActions, type ReadAction } from './actions.ts'
import type { Storage } from './storage.ts'

/** A version as file names spell it, twenty digits. */
export const versionName = (version: number): string => String(version).padStart(20, '0')

/** Where the commit of a version lies. */
export const commitPath = (version: number): string => `_delta_log/${versionName(version)}.json`

/** A complete checkpoint: the parts to read, in order. */
export interface CheckpointFiles {
  readonly version: number
  readonly parts: readonly string[]
}

/** What lies in a log's folder. Both lists ascend. */
export interface LogListing {
  readonly commits: readonly number[]
  readonly checkpoints: readonly CheckpointFiles[]
}

/** The commits and complete checkpoints of a table; undefined when it has no log. Multi-part checkpoints that lack a part are left out. */
export async function listLog(storage: Storage): Promise<LogListing | undefined> {
  const commits: number[] = []
  const parts = new Map<string, string[]>()
  for (const path of await storage.list('_delta_log')) {
    const commit = /^_delta_log\/(\d{20})\.json$/.exec(path)
    if (commit !== null) commits.push(Number(commit[1]))
    const checkpoint = /^_delta_log\/(\d{20})\.checkpoint(?:\.(\d{10})\.(\d{10}))?\.parquet$/.exec(path)
    if (checkpoint === null) continue
    const key = `${checkpoint[1] ?? ''} ${checkpoint[3] ?? '1'}`
    parts.set(key, [...(parts.get(key) ?? []), path])
  }
  const checkpoints = [...parts]
    .filter(([key, files]) => files.length === Number(key.split(' ')[1]))
    .map(([key, files]) => ({ version: Number(key.split(' ')[0]), parts: files }))
  if (commits.length === 0 && checkpoints.length === 0) return undefined
  return { commits, checkpoints: checkpoints.sort((a, b) => a.version - b.version) }
}

/** The actions of one commit. Throws TableError: `missing` when the log has no such version (any more), `corrupt` when it is damaged. */
export async function readCommit(storage: Storage, version: number): Promise<readonly ReadAction[]> {
  const file = storage.locate(commitPath(version))
  const bytes = await storage.read(commitPath(version))
  if (bytes === undefined) throw new TableError(`${file}: the log has no version ${version}`, { fault: 'missing' })
  return parseActions(bytes.toString(), file)
}

/** When a commit's file was written, in milliseconds: the best there is where the commit itself does not say. */
export const writtenAt = async (storage: Storage, version: number): Promise<number> =>
  (await storage.info(commitPath(version)))?.modifiedAt ?? 0
