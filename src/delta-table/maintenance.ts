import { randomUUID } from 'node:crypto'
import type { Action, Metadata } from '../delta/actions.ts'
import { putActions } from '../delta/commit.ts'
import { columnsIn } from '../delta/constraint-expression.ts'
import { checksOf } from '../delta/constraints.ts'
import { everyRow, noRow } from '../delta/condition.ts'
import { isNews, type At } from '../delta/delta-log.ts'
import { filesOf } from '../delta/deletion-vector.ts'
import { durationMs } from '../delta/duration.ts'
import { LocalStorage } from '../delta/local-storage.ts'
import { listLog } from '../delta/log.ts'
import { checkWidens } from '../delta/protocol.ts'
import { decodePath, encodePath, isFullPath } from '../delta/path-encoding.ts'
import { lostFile, restoreActions } from '../delta/restore.ts'
import { checkFields, evolvedSchema, nullableFields, type DeltaType } from '../delta/schema.ts'
import type { Snapshot } from '../delta/snapshot.ts'
import type { Storage } from '../delta/storage.ts'
import { withWiderType } from '../delta/type-widening.ts'
import { checkChangeable } from '../delta/writable.ts'
import { commitUpkeep as commit, targetOf } from '../engines/duckdb/duckdb-upkeep.ts'
import { engineInfo } from '../engines/duckdb/engine-info.ts'
import { ConflictError, TableError } from '../errors.ts'
import type { Parts } from './delta-table.ts'

const isDuration = (value: string): boolean => Number.isFinite(durationMs(value))
const isFlag = (value: string): boolean => value === 'true' || value === 'false'
const plainProperties = new Map([
  ['delta.appendOnly', isFlag],
  ['delta.checkpointInterval', (value) => /^[1-9]\d{0,8}$/.test(value)],
  ['delta.deletedFileRetentionDuration', isDuration],
  ['delta.enableExpiredLogCleanup', isFlag],
  ['delta.enableTypeWidening', isFlag],
  ['delta.logRetentionDuration', isDuration],
]) satisfies ReadonlyMap<string, (value: string) => boolean>

/** Makes the table what it was at an older version; answers the new version, or the present one where nothing differs. */
export async function restore(parts: Parts, at: At): Promise<number> {
  const target = await targetOf(parts)
  const old = await parts.log.read(parts.place, at)
  const actions = await restoreActions(target.base, old, Date.now())
  if (actions.length === 0) return target.base.version
  if (actions.some(({ remove }) => remove)) checkChangeable(target.base)
  const version = await commit(parts, target, 'RESTORE', {
    parameters: { version: String(old.version) },
    metrics: {
      numRestoredFiles: actions.filter(({ add }) => add).length,
      numRemovedFiles: actions.filter(({ remove }) => remove).length,
    },
    actions,
    reads: everyRow,
  })
  await checkRestored(target.base, version, actions)
  return version
}

/** Throws TableError `missing` when files that came back are gone: a vacuum that was under way did not know of them. */
async function checkRestored(before: Snapshot, version: number, actions: readonly Action[]): Promise<void> {
  const lost = await lostFile(
    before.storage,
    actions.flatMap(({ add }) => add ?? []),
  )
  if (lost === undefined) return
  throw new TableError(`${before.table}: a vacuum has taken ${lost} while version ${version} brought it back`, {
    fault: 'missing',
    hint: `restore version ${before.version}, which was current before`,
  })
}

/** Adds columns at the end, null in the rows there are; answers the new version, or the present one where there are none to add. */
export async function addColumns(parts: Parts, columns: Readonly<Record<string, DeltaType>>): Promise<number> {
  const { base, ...target } = await targetOf(parts)
  const added = nullableFields(columns)
  checkFields([...base.schema, ...added], base.table)
  const schema = evolvedSchema(base.schema, [...base.schema, ...added], base.table)
  if (!isNews(base, schema, {})) return base.version
  const parameters = { columns: JSON.stringify(added.map((column) => ({ column }))) }
  return commit(parts, { ...target, base, schema }, 'ADD COLUMNS', { parameters })
}

/** Gives a column, or a field within one, a wider type; answers the new version, or the present one where it has that type. What is stored stays as it is. */
export async function widenColumn(parts: Parts, path: readonly string[], type: string): Promise<number> {
  const { base, ...target } = await targetOf(parts)
  const { table, metadata } = base
  const to = type.replaceAll(/\s/g, '')
  checkWidens(metadata, table)
  const schema = withWiderType(base.schema, path, to, table)
  checkFields(schema, table)
  if (!isNews(base, schema, {})) return base.version
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

/** Sets table properties; answers the new version, or the present one where all are set. Throws TableError `unsupported` for those that ask for a feature of the protocol. */
export async function setProperties(parts: Parts, properties: Readonly<Record<string, string>>): Promise<number> {
  checkProperties(properties, parts.place.table)
  const target = await targetOf(parts)
  if (!isNews(target.base, target.schema, { properties })) return target.base.version
  const parameters = { properties: JSON.stringify(properties) }
  return commit(parts, target, 'SET TBLPROPERTIES', { parameters, properties })
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
