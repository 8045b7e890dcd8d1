import { randomUUID } from 'node:crypto'
import { renderActions, type Action } from './actions.ts'
import { conflictError, conflictWith, type ReadSet } from './conflict.ts'
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
  readonly reads: ReadSet
  readonly operation: Operation
  readonly now: number
}

/**
 * The version the actions became. They are on the disk then, and seen by every reader.
 * Throws TableError `conflict` when another writer was first and the actions cannot follow theirs; nothing is written then.
 */
export async function putActions(commit: Commit): Promise<number> {
  const { storage } = commit.place
  const text = renderActions([commitInfo(commit), ...commit.actions])
  for (let version = (commit.base?.version ?? -1) + 1; ; version += 1) {
    if (await storage.putIfAbsent(commitPath(version), text)) return version
    const other = await readCommit(storage, version)
    const reason = conflictWith(other, commit)
    if (reason !== undefined) throw conflictError(commit.place.table, commit.base?.version, version, reason)
  }
}

// the protocol wants operationMetrics as text
function commitInfo({ base, actions, reads, operation, now }: Commit): Action {
  const isBlindAppend = reads.length === 0 && actions.some(({ add }) => add) && !actions.some(({ remove }) => remove)
  return {
    commitInfo: {
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
