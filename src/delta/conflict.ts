import { ConflictError } from '../errors.ts'
import type { Action, AddFile, ReadAction } from './actions.ts'
import type { Condition } from './condition.ts'
import { mayHold } from './skipping.ts'
import type { Snapshot } from './snapshot.ts'

/** What a commit that came too late wanted. */
export interface Latecomer {
  readonly base: Snapshot | undefined
  readonly actions: readonly Action[]
  /** Which rows of its table it was worked out from. */
  readonly reads: Condition
}

/**
 * Why a commit that was prepared on an older version cannot follow `other`; undefined when the table would be the same as if
 * nobody had been in between: then the two are serializable, in this order.
 */
export function conflictWith(other: readonly ReadAction[], mine: Latecomer): string | undefined {
  if (mine.base === undefined) return 'it made the table'
  if (other.some(({ protocol }) => protocol)) return 'it changed the protocol'
  if (other.some(({ metaData }) => metaData)) return 'it changed the schema or the properties'
  const applications = new Set(mine.actions.flatMap(({ txn }) => txn?.appId ?? []))
  const shared = other.find(({ txn }) => txn && applications.has(txn.appId))
  if (shared?.txn) return `it moved the watermark of ${shared.txn.appId} too`
  const domains = new Set(mine.actions.flatMap(({ domainMetadata }) => domainMetadata?.domain ?? []))
  const domain = other.find(({ domainMetadata }) => domainMetadata && domains.has(domainMetadata.domain))
  if (domain?.domainMetadata) return `it changed the settings of ${domain.domainMetadata.domain} too`
  return rowConflict(other, mine, mine.base)
}

function rowConflict(other: readonly ReadAction[], { actions, reads }: Latecomer, base: Snapshot): string | undefined {
  // by path alone: of two deletion vectors over one file, the later would bring back what the earlier took away
  const removed = new Set(actions.flatMap(({ remove }) => remove?.path ?? []))
  const hasRead = (file: AddFile): boolean => mayHold(base, file, reads)
  const stored = new Map([...base.files.values()].map((file) => [file.path, file]))
  for (const { add, remove } of other) {
    if (remove && removed.has(remove.path)) return `it took ${remove.path} away, which this write changes`
    // files that are only laid out anew hold the rows that were read
    const gone = remove?.dataChange === false ? undefined : stored.get(remove?.path ?? '')
    if (gone !== undefined && hasRead(gone)) return `it changed rows that this write has read, in ${gone.path}`
    if (add?.dataChange === true && hasRead(add))
      return `it added rows that this write should have read, in ${add.path}`
  }
  return undefined
}

/** The error of a write that came too late. */
export const conflictError = (table: string, read: number | undefined, found: number, reason: string): ConflictError =>
  new ConflictError(
    `${table}: version ${found} came in between, and this write was prepared on ${read === undefined ? 'no table' : `version ${read}`}: ${reason}`,
    { readVersion: read, foundVersion: found, hint: 'nothing was written; run the step again' },
  )
