import { TableError } from '../errors.ts'
import type { Action, ReadAction } from './actions.ts'

/** Why a commit that was prepared on an older version cannot follow `other`; undefined when it can. Only blind appends can follow anything. */
export function conflictWith(
  other: readonly ReadAction[],
  mine: readonly Action[],
  isBlindAppend: boolean,
): string | undefined {
  if (!isBlindAppend) return 'this write has read the table'
  if (other.some(({ metaData }) => metaData)) return 'it changed the schema or the properties'
  if (other.some(({ protocol }) => protocol)) return 'it changed the protocol'
  const applications = new Set(mine.flatMap(({ txn }) => txn?.appId ?? []))
  const shared = other.find(({ txn }) => txn && applications.has(txn.appId))
  return shared?.txn ? `it moved the watermark of ${shared.txn.appId} too` : undefined
}

/** The error of a write that came too late. */
export const conflictError = (table: string, read: number | undefined, found: number, reason: string): TableError =>
  new TableError(
    `${table}: version ${found} came in between, and this write was prepared on ${read === undefined ? 'no table' : `version ${read}`}: ${reason}`,
    { fault: 'conflict', hint: 'nothing was written; run the step again' },
  )
