import { TableError } from '../errors.ts'
import { parseActions, type CommitInfo, type Metadata, type Protocol, type ReadAction } from './actions.ts'
import { writerFeatures } from './features.ts'
import { commitPath, readCommit, writtenAt } from './log.ts'
import type { Storage } from './storage.ts'

/** When a version was committed, in whole milliseconds since 1970. */
export interface CommitTime {
  readonly version: number
  readonly timestamp: number
}

/** Whether each commit of the table must say itself when it was made. */
export const hasCommitTimes = ({
  protocol,
  metadata,
}: {
  readonly protocol: Protocol
  readonly metadata: { readonly configuration?: Metadata['configuration'] | null | undefined }
}): boolean =>
  writerFeatures(protocol).has('inCommitTimestamp') &&
  metadata.configuration?.['delta.enableInCommitTimestamps'] === 'true'

/**
 * The times of commits, ascending. A commit of a table with in-commit timestamps says it itself; for others the time of the file counts,
 * raised where an older commit would be as late. `infos` spares reading commits again.
 */
export async function commitTimes(
  storage: Storage,
  versions: readonly number[],
  infos: ReadonlyMap<number, CommitInfo> = new Map(),
): Promise<readonly CommitTime[]> {
  const times: CommitTime[] = []
  for (const version of versions) {
    const info = infos.get(version) ?? (await firstInfo(storage, version))
    const before = times.at(-1)?.timestamp ?? -1
    // a time within the commit was made to be later than all before it, files may have been copied since
    const said = info?.inCommitTimestamp ?? Math.max(Math.floor(await writtenAt(storage, version)), before + 1)
    times.push({ version, timestamp: said })
  }
  return times
}

// in-commit timestamps stand in the first line, which is short where others are long
const firstBytes = 8192

/** What the first line of a commit says, when it is a `commitInfo`. */
async function firstInfo(storage: Storage, version: number): Promise<CommitInfo | undefined> {
  const head = await storage.read(commitPath(version), { offset: 0, length: firstBytes })
  const end = head?.indexOf('\n') ?? -1
  const actions =
    head === undefined || end <= 0
      ? await readCommit(storage, version)
      : parseActions(head.subarray(0, end).toString(), storage.locate(commitPath(version)))
  return actions[0]?.commitInfo ?? undefined
}

/**
 * The time that the commit after `previous` says: now, but at least a millisecond later; now for the first of a table. Throws TableError
 * `corrupt` when the one before does not say.
 */
export function nextTime(previous: readonly ReadAction[] | undefined, now: number, table: string): number {
  if (previous === undefined) return now
  const before = previous.find(({ commitInfo }) => commitInfo)?.commitInfo?.inCommitTimestamp
  if (typeof before === 'number') return Math.max(now, before + 1)
  throw new TableError(`${table}: its newest commit does not say when it was made`, { fault: 'corrupt' })
}
