import { randomUUID } from 'node:crypto'
import type { Action, AddFile, Metadata } from '../delta/actions.ts'
import { putActions } from '../delta/commit.ts'
import { columnsIn } from '../delta/constraint-expression.ts'
import { checksOf } from '../delta/constraints.ts'
import { everyRow, noRow, type Condition } from '../delta/condition.ts'
import type { At, Target } from '../delta/delta-log.ts'
import { filesOf } from '../delta/deletion-vector.ts'
import { durationOf } from '../delta/duration.ts'
import { LocalStorage } from '../delta/local-storage.ts'
import { listLog } from '../delta/log.ts'
import { removal } from '../delta/merge-plan.ts'
import { planBins } from '../delta/optimize-plan.ts'
import { checkWidens } from '../delta/protocol.ts'
import { decodePath, encodePath, isFullPath } from '../delta/path-encoding.ts'
import { restoreActions } from '../delta/restore.ts'
import { checkFields, evolvedSchema, fieldsNamed, nullableFields, type DeltaType } from '../delta/schema.ts'
import type { Snapshot } from '../delta/snapshot.ts'
import type { Storage } from '../delta/storage.ts'
import { withWiderType } from '../delta/type-widening.ts'
import { unneededFiles } from '../delta/vacuum.ts'
import { checkChangeable, checkWritable } from '../delta/writable.ts'
import { duckdbDialect } from '../engines/duckdb/duckdb-dialect.ts'
import { removeFiles, writeFiles } from '../engines/duckdb/duckdb-files.ts'
import { engineInfo } from '../engines/duckdb/engine-info.ts'
import { ConflictError, TableError } from '../errors.ts'
import type { Parts } from './delta-table.ts'
import { zOrderSql } from './z-order.ts'

const { identifier } = duckdbDialect
const hour = 3600 * 1000

/** How an optimize lays a table out. */
export interface OptimizeOptions {
  /** Bytes a data file should have; 128 MB by default. */
  readonly targetBytes?: number
  /** Sorts all rows so that those near each other in these columns lie near each other; readers that look for values then leave out files. */
  readonly zOrderBy?: readonly string[]
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
}

/** What a vacuum took, or would take. */
export interface VacuumResult {
  /** Relative to the table's folder. */
  readonly files: readonly string[]
  readonly sizeBytes: number
}

// each time, another writer has made progress
const mostTries = 20
const isDuration = (value: string): boolean => Number.isFinite(durationOf(value))
const isFlag = (value: string): boolean => value === 'true' || value === 'false'
const plainProperties = new Map([
  ['delta.appendOnly', isFlag],
  ['delta.checkpointInterval', (value) => /^[1-9]\d{0,8}$/.test(value)],
  ['delta.deletedFileRetentionDuration', isDuration],
  ['delta.enableExpiredLogCleanup', isFlag],
  ['delta.enableTypeWidening', isFlag],
  ['delta.logRetentionDuration', isDuration],
]) satisfies ReadonlyMap<string, (value: string) => boolean>

/** Brings small files together, and takes the rows that deletion vectors hide off the disk. */
export async function optimize(parts: Parts, options: OptimizeOptions = {}): Promise<OptimizeResult> {
  const { targetBytes = 128 * 2 ** 20, zOrderBy = [] } = options
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
    const version = await commit(parts, target, 'OPTIMIZE', {
      parameters: { predicate: '[]', zOrderBy: JSON.stringify(zOrderBy) },
      metrics: { numAddedFiles: added.length, numRemovedFiles: removed.length },
      actions: [
        ...removed.map((file): Action => ({ remove: { ...removal(file, now), dataChange: false } })),
        ...added.map((add): Action => ({ add: { ...add, dataChange: false } })),
      ],
    })
    return { version, filesAdded: added.length, filesRemoved: removed.length }
  } catch (error) {
    if (!(error instanceof TableError && error.fault === 'corrupt')) await removeFiles(base.storage, added)
    throw error
  }
}

async function rewrite(
  { vectors, session }: Parts,
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

/** Takes files off the disk that no version needs which can still be asked for. */
export async function vacuum(parts: Parts, options: VacuumOptions = {}): Promise<VacuumResult> {
  const { retentionHours, dryRun = false, allowShortRetention = false } = options
  const target = await targetOf(parts)
  const { storage } = target.base
  const unneeded = await unneededFiles(target.base, {
    ...(retentionHours !== undefined && { retention: retentionHours * hour }),
    allowsShortRetention: allowShortRetention,
    now: Date.now(),
  })
  const sizeBytes = unneeded.reduce((sum, { size }) => sum + size, 0)
  const result = { files: unneeded.map(({ path }) => path), sizeBytes }
  if (dryRun || unneeded.length === 0) return result
  const metrics = { numFilesToDelete: unneeded.length, sizeOfDataToDelete: sizeBytes }
  await commit(parts, target, 'VACUUM START', { metrics })
  for (const { path } of unneeded) await storage.delete(path)
  await commit(parts, await targetOf(parts), 'VACUUM END', { metrics: { numDeletedFiles: unneeded.length } })
  return result
}

/** Makes the table what it was at an older version; answers the new version, or the present one where nothing differs. */
export async function restore(parts: Parts, at: At): Promise<number> {
  const target = await targetOf(parts)
  const old = await parts.log.read(parts.place, at)
  const actions = await restoreActions(target.base, old, Date.now())
  if (actions.length === 0) return target.base.version
  if (actions.some(({ remove }) => remove)) checkChangeable(target.base)
  return commit(parts, target, 'RESTORE', {
    parameters: { version: String(old.version) },
    metrics: {
      numRestoredFiles: actions.filter(({ add }) => add).length,
      numRemovedFiles: actions.filter(({ remove }) => remove).length,
    },
    actions,
    reads: everyRow,
  })
}

/** Adds columns at the end; they are null in the rows there are. */
export async function addColumns(parts: Parts, columns: Readonly<Record<string, DeltaType>>): Promise<number> {
  const { base, ...target } = await targetOf(parts)
  const added = nullableFields(columns)
  checkFields([...base.schema, ...added], base.table)
  const schema = evolvedSchema(base.schema, [...base.schema, ...added], base.table)
  const parameters = { columns: JSON.stringify(added.map((column) => ({ column }))) }
  return commit(parts, { ...target, base, schema }, 'ADD COLUMNS', { parameters })
}

/** Gives a column, or a field within one, a wider type; answers the new version. What is stored stays as it is. */
export async function widenColumn(parts: Parts, path: readonly string[], type: string): Promise<number> {
  const { base, ...target } = await targetOf(parts)
  const { table, metadata } = base
  const to = type.replaceAll(/\s/g, '')
  checkWidens(metadata, table)
  const schema = withWiderType(base.schema, path, to, table)
  checkFields(schema, table)
  checkWidenable(base, path)
  const parameters = { column: JSON.stringify({ name: path.join('.'), type: to, nullable: true, metadata: {} }) }
  return commit(parts, { ...target, base, schema }, 'CHANGE COLUMN', { parameters })
}

/** Throws TableError `unsupported` for a column that other things in the log depend on. */
function checkWidenable(base: Snapshot, path: readonly string[]): void {
  const column = `${base.table}.${path.join('.')}`
  const isAbout = (other: readonly string[]): boolean => path.every((name, i) => (other[i] ?? name) === name)
  const check = checksOf(base).find(({ condition }) => columnsIn(condition).some(isAbout))
  if (check !== undefined)
    throw new TableError(`${column}: cannot be widened because of ${check.name}, which is about it`, {
      fault: 'unsupported',
      hint: 'drop the constraint with Spark, and add it again afterwards',
    })
  const [partition] = base.schema.filter(
    ({ name }) => name === path[0] && base.metadata.partitionColumns.includes(name),
  )
  // the log has their values as text, which is of another double
  if (partition?.type === 'float')
    throw new TableError(`${column}: floats by which a table is partitioned cannot be widened`, {
      fault: 'unsupported',
    })
}

/** Sets table properties. Throws TableError `unsupported` for those that ask for a feature of the protocol. */
export async function setProperties(parts: Parts, properties: Readonly<Record<string, string>>): Promise<number> {
  checkProperties(properties, parts.place.table)
  const parameters = { properties: JSON.stringify(properties) }
  return commit(parts, await targetOf(parts), 'SET TBLPROPERTIES', { parameters, properties })
}

/** Throws TableError `unsupported` for a property that asks for a feature of the protocol, `mismatch` for a value that it cannot have. */
export function checkProperties(properties: Readonly<Record<string, string>>, table: string): void {
  for (const [name, value] of Object.entries(properties)) {
    if (!name.startsWith('delta.')) continue
    const isValue = plainProperties.get(name)
    if (isValue === undefined)
      throw new TableError(`${table}: the property ${name} cannot be set here`, {
        fault: 'unsupported',
        hint: 'it changes what readers and writers must understand; use Spark for it',
      })
    if (!isValue(value))
      throw new TableError(`${table}: ${name} cannot be ${JSON.stringify(value)}`, {
        fault: 'mismatch',
        hint: 'such as true, 10, or interval 30 days',
      })
  }
}

/** Copies a version to another folder, as a table of its own whose history begins there. Throws TableError `conflict` when there is one. */
export async function clone(parts: Parts, to: string | Storage, at?: At): Promise<void> {
  const source = await parts.log.read(parts.place, at)
  const storage = typeof to === 'string' ? new LocalStorage(to) : to
  if ((await listLog(storage)) !== undefined)
    throw new TableError(`${storage.root}: there is a table already`, {
      fault: 'conflict',
      hint: 'choose another folder',
    })
  const copied: string[] = []
  const copy = async (path: string): Promise<void> => {
    const bytes = await source.storage.read(path)
    if (bytes === undefined)
      throw new TableError(`${source.table}: ${path} is gone`, { fault: 'corrupt', hint: 'restore it from a copy' })
    await storage.put(path, bytes)
    copied.push(path)
  }
  const files = [...source.files.values()]
  const elsewhere = files.find(({ path }) => isFullPath(path))
  if (elsewhere !== undefined)
    throw new TableError(`${source.table}: ${elsewhere.path} is named in full, and may lie outside of the table`, {
      fault: 'unsupported',
      hint: 'read its rows, and append them to a new table',
    })
  try {
    for (const path of new Set(files.flatMap(filesOf))) await copy(path)
    await putClone(source, storage)
  } catch (error) {
    // who was first may have copied files of the same names
    if (!(error instanceof ConflictError)) for (const path of copied) await storage.delete(path)
    throw error
  }
}

async function putClone(source: Snapshot, storage: Storage): Promise<void> {
  const adds = [...source.files.values()].map((file): Action => {
    const path = encodePath(decodePath(file.path))
    return { add: { ...file, path, dataChange: true } }
  })
  await putActions({
    place: { table: storage.root, storage },
    base: undefined,
    actions: [
      { protocol: source.protocol },
      {
        metaData: {
          ...source.metadata,
          configuration: withoutHistory(source.metadata),
          id: randomUUID(),
          createdTime: Date.now(),
        },
      },
      ...[...source.domains.values()].map((domainMetadata): Action => ({ domainMetadata })),
      ...adds,
    ],
    reads: noRow,
    now: Date.now(),
    operation: {
      name: 'CLONE',
      parameters: { source: source.storage.root, sourceVersion: String(source.version), isShallow: 'false' },
      metrics: { numCopiedFiles: adds.length },
      engineInfo,
    },
  })
}

// since when commits tell their times: a copy's begin anew
const withoutHistory = ({ configuration }: Metadata): Metadata['configuration'] =>
  Object.fromEntries(
    Object.entries(configuration).filter(([key]) => !key.startsWith('delta.inCommitTimestampEnablement')),
  )

/** The newest version, about to be written. Throws TableError `unsupported` when it may not be. */
export async function targetOf({ log, place }: Parts): Promise<Target & { readonly base: Snapshot }> {
  const base = await log.read(place)
  checkWritable(base)
  return { place, base, schema: base.schema, partitionColumns: base.metadata.partitionColumns }
}

interface Details {
  readonly parameters?: Readonly<Record<string, string>>
  readonly metrics?: Readonly<Record<string, number>>
  readonly actions?: readonly Action[]
  readonly reads?: Condition
  readonly properties?: Readonly<Record<string, string>>
}

const commit = (parts: Parts, target: Target, name: string, details: Details): Promise<number> =>
  parts.log.commit({
    target,
    name,
    parameters: details.parameters ?? {},
    metrics: details.metrics ?? {},
    actions: details.actions ?? [],
    reads: details.reads ?? noRow,
    note: { ...(details.properties && { properties: details.properties }) },
    now: Date.now(),
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
