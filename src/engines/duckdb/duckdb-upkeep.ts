import type { Action, AddFile } from '../../delta/actions.ts'
import { noRow, type Condition } from '../../delta/condition.ts'
import type { DeltaLog, LogNote, Target } from '../../delta/delta-log.ts'
import { removal } from '../../delta/merge-plan.ts'
import { planBins } from '../../delta/optimize-plan.ts'
import { fieldsNamed } from '../../delta/schema.ts'
import type { Place, Snapshot } from '../../delta/snapshot.ts'
import { filesBeside, unneededFiles, type Unneeded } from '../../delta/vacuum.ts'
import { checkWritable } from '../../delta/writable.ts'
import { ConflictError, TableError } from '../../errors.ts'
import { duckdbDialect } from './duckdb-dialect.ts'
import { removeFiles, writeFiles } from './duckdb-files.ts'
import type { DuckdbSession } from './duckdb-session.ts'
import type { DuckdbVectors } from './duckdb-vectors.ts'
import { zOrderSql } from './duckdb-z-order.ts'

const { identifier } = duckdbDialect
const hour = 3600 * 1000
// each time, another writer has made progress
const mostTries = 20
const filesAtOnce = 100

/** A table, and what its upkeep works with. */
export interface UpkeepParts {
  readonly place: Place
  readonly session: DuckdbSession
  readonly log: DeltaLog
  readonly vectors: DuckdbVectors
}

/** How an optimize lays a table out. */
export interface OptimizeOptions {
  /** Bytes a data file should have; 128 MB by default. */
  readonly targetBytes?: number
  /** Sorts all rows so that those near each other in these columns lie near each other; readers that look for values then leave out files. */
  readonly zOrderBy?: readonly string[]
  /** Free text, shown by every engine's history. */
  readonly userMetadata?: string
}

/** What an optimize did. */
export interface OptimizeResult {
  readonly version: number
  readonly filesAdded: number
  readonly filesRemoved: number
}

/** What a vacuum may take. */
export interface VacuumOptions {
  /** Files that left the table longer ago than this are taken; by default what the table says, else 168. */
  readonly retentionHours?: number
  /** Says what would go and leaves it. */
  readonly dryRun?: boolean
  /** Allows less than the table says: readers of older versions, and writers at work, may lose files. */
  readonly allowShortRetention?: boolean
  /** Free text, shown by every engine's history. */
  readonly userMetadata?: string
}

/** What a vacuum took, or would take. */
export interface VacuumResult {
  /** Relative to the table's folder. */
  readonly files: readonly string[]
  readonly sizeBytes: number
}

/** Brings small files together, and takes the rows that deletion vectors hide off the disk. */
export async function optimize(parts: UpkeepParts, options: OptimizeOptions = {}): Promise<OptimizeResult> {
  const { targetBytes = 128 * 2 ** 20, zOrderBy = [], userMetadata } = options
  const target = await targetOf(parts)
  const { base } = target
  fieldsNamed(base.schema, zOrderBy, base.table)
  const bins = planBins(base, { targetBytes, sorts: zOrderBy.length > 0 })
  if (bins.length === 0) return { version: base.version, filesAdded: 0, filesRemoved: 0 }
  const added: AddFile[] = []
  try {
    for (const bin of bins) added.push(...(await rewrite(parts, base, bin, zOrderBy, targetBytes)))
    const removed = bins.flat()
    const now = Date.now()
    // the rows stay what they are: whatever others add or change elsewhere can come first
    const version = await commitUpkeep(parts, target, 'OPTIMIZE', {
      parameters: { predicate: '[]', zOrderBy: JSON.stringify(zOrderBy) },
      metrics: { numAddedFiles: added.length, numRemovedFiles: removed.length },
      actions: [
        ...removed.map((file): Action => ({ remove: { ...removal(file, now), dataChange: false } })),
        ...added.map((add): Action => ({ add: { ...add, dataChange: false } })),
      ],
      ...(userMetadata !== undefined && { userMetadata }),
    })
    return { version, filesAdded: added.length, filesRemoved: removed.length }
  } catch (error) {
    if (!(error instanceof TableError && error.fault === 'corrupt')) await removeFiles(base.storage, added)
    throw error
  }
}

async function rewrite(
  { vectors, session }: UpkeepParts,
  base: Snapshot,
  files: readonly AddFile[],
  zOrderBy: readonly string[],
  fileBytes: number,
): Promise<readonly AddFile[]> {
  const rows = await vectors.scanSql({ snapshot: base, files, columns: base.schema })
  const items = base.schema.map(({ name }) => identifier(name)).join(', ')
  return writeFiles(session, {
    storage: base.storage,
    schema: base.schema,
    partitionColumns: base.metadata.partitionColumns,
    rows: zOrderBy.length === 0 ? rows : zOrderSql(rows, zOrderBy.map(identifier), items),
    filePrefix: 'part',
    fileBytes,
    now: Date.now(),
  })
}

/**
 * Takes files off the disk that no version needs which can still be asked for, and none of those in `kept`; answers them, and with `dryRun` those that it
 * would take. What a restore brings back meanwhile stays.
 */
export async function vacuum(
  parts: UpkeepParts,
  options: VacuumOptions = {},
  kept: readonly AddFile[] = [],
): Promise<readonly Unneeded[]> {
  const { dryRun = false, userMetadata } = options
  const said = userMetadata === undefined ? {} : { userMetadata }
  const unneeded = await retried(() => announceVacuum(parts, options, kept))
  if (dryRun || unneeded.length === 0) return unneeded
  const taken = await takeFiles(parts, unneeded)
  await retried(async () =>
    commitUpkeep(parts, await targetOf(parts), 'VACUUM END', {
      metrics: { numDeletedFiles: taken.length },
      ...said,
    }),
  )
  return taken
}

/** The files that a vacuum is about to take. The log tells of it, unless they stay. */
async function announceVacuum(
  parts: UpkeepParts,
  { retentionHours, dryRun = false, allowShortRetention = false, userMetadata }: VacuumOptions,
  kept: readonly AddFile[],
): Promise<readonly Unneeded[]> {
  const target = await targetOf(parts)
  const unneeded = await unneededFiles(target.base, {
    ...(retentionHours !== undefined && { retentionMs: retentionHours * hour }),
    allowShortRetention,
    kept,
    now: Date.now(),
  })
  if (dryRun || unneeded.length === 0) return unneeded
  await commitUpkeep(parts, target, 'VACUUM START', {
    metrics: { numFilesToDelete: unneeded.length, sizeOfDataToDelete: bytesOf(unneeded) },
    ...(userMetadata !== undefined && { userMetadata }),
  })
  return unneeded
}

/** Takes files away, some at a time, and before each time leaves out those that a commit has brought back. */
async function takeFiles({ log, place }: UpkeepParts, unneeded: readonly Unneeded[]): Promise<readonly Unneeded[]> {
  const taken: Unneeded[] = []
  let known: number | undefined
  let left = unneeded
  while (left.length > 0) {
    const newest = await log.read(place)
    if (newest.version !== known) left = filesBeside(newest, left)
    known = newest.version
    for (const file of left.slice(0, filesAtOnce)) {
      await place.storage.delete(file.path)
      taken.push(file)
    }
    left = left.slice(filesAtOnce)
  }
  return taken
}

/** The bytes of files. */
export const bytesOf = (files: readonly { readonly size: number }[]): number =>
  files.reduce((sum, { size }) => sum + size, 0)

/** The newest version, about to be written. Throws TableError `unsupported` when it may not be. */
export async function targetOf({ log, place }: UpkeepParts): Promise<Target & { readonly base: Snapshot }> {
  const base = await log.read(place)
  checkWritable(base)
  return { place, base, schema: base.schema, partitionColumns: base.metadata.partitionColumns }
}

/** What a commit of upkeep says beside its name. */
export interface UpkeepDetails {
  readonly parameters?: Readonly<Record<string, string>>
  readonly metrics?: Readonly<Record<string, number>>
  readonly actions?: readonly Action[]
  readonly reads?: Condition
  readonly properties?: Readonly<Record<string, string>>
  readonly userMetadata?: string
}

/** The version that a commit of upkeep became. */
export const commitUpkeep = (
  parts: UpkeepParts,
  target: Target,
  name: string,
  details: UpkeepDetails,
): Promise<number> =>
  parts.log.commit({
    target,
    name,
    parameters: details.parameters ?? {},
    metrics: details.metrics ?? {},
    actions: details.actions ?? [],
    reads: details.reads ?? noRow,
    note: noteOf(details),
    now: Date.now(),
  })

const noteOf = ({ properties, userMetadata }: UpkeepDetails): LogNote => ({
  ...(properties && { properties }),
  ...(userMetadata !== undefined && { userMetadata }),
})

/** Does work again, on the table as it is then, as long as others are first. */
export async function retried<T>(work: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries += 1)
    try {
      return await work()
    } catch (error) {
      if (!(error instanceof ConflictError) || tries === mostTries) throw error
    }
}
