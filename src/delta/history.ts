import type { CommitInfo, ReadAction } from './actions.ts'
import { TableError } from '../errors.ts'
import { commitTimes, type CommitTime } from './commit-times.ts'
import { listLog, readCommit } from './log.ts'
import type { Place } from './snapshot.ts'
import type { Storage } from './storage.ts'

/** One commit as the log tells it. */
export interface CommitRecord {
  readonly version: number
  /** Milliseconds since 1970: the commit's in-commit timestamp, else the time of its file; later than those of older commits. */
  readonly timestamp: number
  readonly info: CommitInfo
  readonly actions: readonly ReadAction[]
}

/** The commits from version `from` on that the log still has, oldest first. */
export async function readHistory(storage: Storage, from = 0): Promise<readonly CommitRecord[]> {
  const listing = await listLog(storage)
  const commits = new Map<number, readonly ReadAction[]>()
  for (const version of listing?.commits ?? [])
    if (version >= from) commits.set(version, await readCommit(storage, version))
  const infos = new Map([...commits].map(([version, actions]) => [version, infoOf(actions)]))
  const times = await commitTimes(storage, [...commits.keys()], infos)
  return times.map(({ version, timestamp }) => {
    const actions = commits.get(version) ?? []
    return { version, timestamp, info: infoOf(actions), actions }
  })
}

/** The commits of all versions from `from` up to `to`, oldest first. Throws TableError `missing`, with the hint, when the log no longer has one of them. */
export async function readCommits(
  { table, storage }: Place,
  from: number,
  to: number,
  hint: string,
): Promise<readonly CommitRecord[]> {
  const known = new Map((await readHistory(storage, from)).map((commit) => [commit.version, commit]))
  return Array.from({ length: Math.max(0, to - from + 1) }, (_, i) => {
    const commit = known.get(from + i)
    if (commit !== undefined) return commit
    throw new TableError(`${table}: the log no longer has version ${from + i}`, { fault: 'missing', hint })
  })
}

const infoOf = (actions: readonly ReadAction[]): CommitInfo =>
  actions.find((action) => action.commitInfo)?.commitInfo ?? {}

/** What the newest commit up to `version` says of itself for which `isSought` is true; undefined when the log has none (any more). */
export async function findInfo(
  storage: Storage,
  version: number,
  isSought: (info: CommitInfo) => boolean,
): Promise<CommitInfo | undefined> {
  const commits = (await listLog(storage))?.commits.filter((one) => one <= version) ?? []
  for (const commit of commits.toReversed()) {
    const info = infoOf(await readCommit(storage, commit))
    if (isSought(info)) return info
  }
  return undefined
}

/** The version that was current at an instant. Throws TableError `missing` when the table, or what the log remembers of it, is younger. */
export async function versionAt({ table, storage }: Place, instant: number): Promise<number> {
  const times = await commitTimes(storage, (await listLog(storage))?.commits ?? [])
  const found = times.findLast(({ timestamp }) => timestamp <= instant)
  if (found !== undefined) return found.version
  const [first, last] = [times[0], times.at(-1)].map((time) => time && shown(time))
  throw new TableError(`${table}: there is no version as old as ${new Date(instant).toISOString()}`, {
    fault: 'missing',
    hint: first === undefined ? 'its log has no commits' : `the earliest known is ${first}, the newest ${last}`,
  })
}

const shown = ({ version, timestamp }: CommitTime): string =>
  `version ${version} of ${new Date(timestamp).toISOString()}`

/** The newest version up to `version` that added or removed rows; the oldest the log still has when none of those did. */
export async function newestChange(storage: Storage, version: number): Promise<number> {
  const commits = (await listLog(storage))?.commits.filter((one) => one <= version) ?? []
  for (const commit of commits.toReversed()) {
    const actions = await readCommit(storage, commit)
    if (actions.some(({ add, remove }) => add?.dataChange === true || remove?.dataChange === true)) return commit
  }
  return commits[0] ?? version
}
