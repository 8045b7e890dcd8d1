import { TableError } from '../errors.ts'
import { parseActions, type ReadAction } from './actions.ts'
import type { Compaction } from './compaction.ts'
import type { Storage } from './storage.ts'

/** A version as file names spell it, twenty digits. */
export const versionName = (version: number): string => String(version).padStart(20, '0')

/** Where the commit of a version lies. */
export const commitPath = (version: number): string => `_delta_log/${versionName(version)}.json`

/** A complete checkpoint: the parts to read, in order. Sidecars are named inside of them. */
export interface CheckpointFiles {
  readonly version: number
  readonly parts: readonly string[]
}

/** What lies in a log's folder. Commits and checkpoints ascend; a version may have several checkpoints. */
export interface LogListing {
  readonly commits: readonly number[]
  readonly checkpoints: readonly CheckpointFiles[]
  readonly compactions: readonly Compaction[]
}

const checkpointForm =
  /^_delta_log\/(\d{20})\.checkpoint(?:\.(?:(\d{10})\.(\d{10})|([0-9a-f-]{36})))?\.(parquet|json)$/i

/** The commits and complete checkpoints of a table; undefined when it has no log. Multi-part checkpoints that lack a part are left out. */
export async function listLog(storage: Storage): Promise<LogListing | undefined> {
  const commits: number[] = []
  const compactions: Compaction[] = []
  const parts = new Map<string, string[]>()
  for (const path of await storage.list('_delta_log')) {
    const [, version, to] = /^_delta_log\/(\d{20})(?:\.(\d{20})\.compacted)?\.json$/.exec(path) ?? []
    if (version !== undefined && to === undefined) commits.push(Number(version))
    if (version !== undefined && to !== undefined) compactions.push({ from: Number(version), to: Number(to), path })
    const key = checkpointKey(path)
    if (key !== undefined) parts.set(key, [...(parts.get(key) ?? []), path])
  }
  const checkpoints = [...parts]
    .filter(([key, files]) => files.length === Number(key.split(' ')[1]))
    .map(([key, files]) => ({ version: Number(key.split(' ')[0]), parts: files }))
  if (commits.length === 0 && checkpoints.length === 0) return undefined
  return { commits, compactions, checkpoints: checkpoints.sort((a, b) => a.version - b.version) }
}

/** What the files of one checkpoint share: its version, how many they are, and its UUID; undefined for other files. */
function checkpointKey(path: string): string | undefined {
  const [, version, part, count, uuid, format] = checkpointForm.exec(path) ?? []
  if (version === undefined) return undefined
  // only a checkpoint with a UUID may be JSON
  if (format === 'json' && uuid === undefined) return undefined
  return `${version} ${part === undefined ? 1 : Number(count)} ${uuid ?? ''}`
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
