import { randomUUID } from 'node:crypto'
import { TableError } from '../errors.ts'
import { renderActions, type Action } from './actions.ts'
import { hasCommitTimes, nextTime } from './commit-times.ts'
import { isNoRow, type Condition } from './condition.ts'
import { conflictError, conflictWith } from './conflict.ts'
import { commitPath, readCommit } from './log.ts'
import type { Place, Snapshot } from './snapshot.ts'

/** What the commit says about itself. */
export interface Operation {
  /** `WRITE`, `MERGE`, …, as other engines name them in a table's history. */
  readonly name: string
  readonly parameters: Readonly<Record<string, string>>
  readonly metrics: Readonly<Record<string, number>>
  readonly engineInfo: string
  /** Free text, kept as it is. */
  readonly userMetadata?: string
}

/** A commit ready to be put. */
export interface Commit {
  readonly place: Place
  /** The version the actions were made for; undefined when they make the table. */
  readonly base: Snapshot | undefined
  readonly actions: readonly Action[]
  /** What of the table the actions were made from: commits of others that leave that alone may come first. */
  readonly reads: Condition
  readonly operation: Operation
  readonly now: number
}

/**
 * The version the actions became. They are on the disk then, and seen by every reader.
 * Throws TableError `conflict` when another writer was first and the actions cannot follow theirs; nothing is written then.
 */
export async function putActions(commit: Commit): Promise<number> {
  const { storage, table } = commit.place
  const isTimed = tellsTime(commit)
  let before = isTimed && commit.base ? await readCommit(storage, commit.base.version) : undefined
  for (let version = (commit.base?.version ?? -1) + 1; ; version += 1) {
    const time = isTimed ? nextTime(before, commit.now, table) : undefined
    const text = renderActions([commitInfo(commit, time), ...commit.actions])
    if (await put(commit.place, version, text)) return version
    const other = await readCommit(storage, version)
    before = other
    const reason = conflictWith(other, commit)
    if (reason !== undefined) throw conflictError(table, commit.base?.version, version, reason)
  }
}

/** Whether the text is the commit of that version now. After an error of the store it is looked at: an answer can get lost on its way. */
async function put({ storage, table }: Place, version: number, text: string): Promise<boolean> {
  const path = commitPath(version)
  try {
    return await storage.putIfAbsent(path, text)
  } catch (error) {
    if (error instanceof TableError) throw error
    const found = await storage.read(path).catch(() => {
      throw new TableError(`${table}: whether version ${version} was written is not known`, {
        fault: 'corrupt',
        hint: 'look at its history before you write it again',
        cause: error,
      })
    })
    if (found?.toString() === text) return true
    throw error
  }
}

/** Whether the table says that its commits tell their times themselves. Throws TableError `unsupported` for a commit that is the first to. */
function tellsTime({ base, actions, place }: Commit): boolean {
  const protocol = actions.find((action) => action.protocol)?.protocol ?? base?.protocol
  const metadata = actions.find(({ metaData }) => metaData)?.metaData ?? base?.metadata
  if (!protocol || !metadata || !hasCommitTimes({ protocol, metadata })) return false
  if (base === undefined || hasCommitTimes(base)) return true
  throw new TableError(`${place.table}: in-commit timestamps cannot be switched on here`, { fault: 'unsupported' })
}

// the protocol wants operationMetrics as text
function commitInfo({ base, actions, reads, operation, now }: Commit, time: number | undefined): Action {
  const isBlindAppend = isNoRow(reads) && actions.some(({ add }) => add) && !actions.some(({ remove }) => remove)
  return {
    commitInfo: {
      ...(time !== undefined && { inCommitTimestamp: time }),
      timestamp: now,
      operation: operation.name,
      operationParameters: operation.parameters,
      operationMetrics: Object.fromEntries(Object.entries(operation.metrics).map(([name, n]) => [name, String(n)])),
      ...(base !== undefined && { readVersion: base.version }),
      isolationLevel: 'Serializable',
      isBlindAppend,
      engineInfo: operation.engineInfo,
      txnId: randomUUID(),
      ...(operation.userMetadata !== undefined && { userMetadata: operation.userMetadata }),
    },
  }
}
