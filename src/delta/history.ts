import type { CommitInfo, ReadAction } from './actions.ts'
import { listLog, readCommit, writtenAt } from './log.ts'
import type { Storage } from './storage.ts'

/** One commit as the log tells it. */
export interface CommitRecord {
  readonly version: number
  /** Milliseconds since 1970. Taken from the commit, else from its file; never before an older commit. */
  readonly timestamp: number
  readonly info: CommitInfo
  readonly actions: readonly ReadAction[]
}

/** The commits from version `from` on that the log still has, oldest first. */
export async function readHistory(storage: Storage, from = 0): Promise<readonly CommitRecord[]> {
  const listing = await listLog(storage)
  const records: CommitRecord[] = []
  for (const version of listing?.commits ?? []) {
    if (version < from) continue
    const actions = await readCommit(storage, version)
    const info = actions.find((action) => action.commitInfo)?.commitInfo ?? {}
    const said = info.inCommitTimestamp ?? info.timestamp ?? (await writtenAt(storage, version))
    records.push({ version, timestamp: Math.max(said, records.at(-1)?.timestamp ?? 0), info, actions })
  }
  return records
}

/** The version that was current at an instant; undefined when the table, or what the log remembers of it, is younger. */
export async function versionAt(storage: Storage, instant: number): Promise<number | undefined> {
  return (await readHistory(storage)).findLast(({ timestamp }) => timestamp <= instant)?.version
}

/** The newest version up to `version` that added or removed rows; the oldest the log still has when none of those did. */
export async function newestChange(storage: Storage, version: number): Promise<number> {
  const commits = (await listLog(storage))?.commits.filter((one) => one <= version) ?? []
  for (const commit of commits.toReversed()) {
    const actions = await readCommit(storage, commit)
    if (actions.some(({ add, remove }) => add?.dataChange === true || remove?.dataChange === true)) return commit
  }
  return commits[0] ?? version
}
