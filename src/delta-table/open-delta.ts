import { noRow } from '../delta/condition.ts'
import { DeltaLog } from '../delta/delta-log.ts'
import { LocalStorage } from '../delta/local-storage.ts'
import { checkFields, checkPartitions, nullableFields, type DeltaType } from '../delta/schema.ts'
import { checkPutIfAbsent, type Storage } from '../delta/storage.ts'
import { DuckdbCheckpoints } from '../engines/duckdb/duckdb-checkpoint.ts'
import { DuckdbSession, type SessionOptions } from '../engines/duckdb/duckdb-session.ts'
import { DuckdbVectors } from '../engines/duckdb/duckdb-vectors.ts'
import { DuckdbWriter } from '../engines/duckdb/duckdb-write.ts'
import { engineInfo } from '../engines/duckdb/engine-info.ts'
import { DeltaTable, type Parts } from './delta-table.ts'
import { checkProperties } from './maintenance.ts'

/** How much of the machine a table may use, and how it is written. */
export interface DeltaOptions extends Pick<SessionOptions, 'memoryLimit' | 'threads' | 'tempDirectory' | 'signal'> {
  /** A merge or delete that would write more bytes anew lays deletion vectors over files instead; the table's protocol is then 3/7. 64 MB by default. */
  readonly rewriteBytes?: number
  /** Where the table's files lie; a folder of this disk by default. */
  readonly storage?: Storage
}

/** What a new table is. */
export interface TableDefinition {
  /** Columns and their types, as Delta names them: `long`, `decimal(10,2)`, `timestamp`, or nested ones as objects. */
  readonly columns: Readonly<Record<string, DeltaType>>
  readonly partitionBy?: readonly string[]
  /** Such as `delta.appendOnly`. */
  readonly properties?: Readonly<Record<string, string>>
}

const defaultRewriteBytes = 64 * 2 ** 20

/** Opens a Delta table by its folder. Close it, or its temporary folder stays. Throws TableError: `missing` when there is none, `unsupported` by the name of a feature, `corrupt`. */
export async function openDelta(path: string, options: DeltaOptions = {}): Promise<DeltaTable> {
  const { place, log, parts } = open(path, options)
  // DuckDB takes as long to start as a log to be read
  const [opened, read] = await Promise.allSettled([parts, log.read(place)])
  if (opened.status === 'rejected') throw opened.reason
  if (read.status === 'fulfilled') return new DeltaTable(opened.value)
  await opened.value.session.close()
  throw read.reason
}

/** Makes a Delta table in a folder, without rows. Throws ConflictError when there is one, TableError for a definition that cannot be. */
export async function createDelta(
  path: string,
  definition: TableDefinition,
  options: DeltaOptions = {},
): Promise<DeltaTable> {
  const parts = await open(path, options).parts
  try {
    const { columns, partitionBy = [], properties = {} } = definition
    const schema = nullableFields(columns)
    checkFields(schema, path)
    checkPartitions(schema, partitionBy, path)
    checkProperties(properties, path)
    if (options.storage !== undefined) await checkPutIfAbsent(options.storage)
    await parts.log.commit({
      target: { place: parts.place, base: undefined, schema, partitionColumns: partitionBy },
      name: 'CREATE TABLE',
      parameters: { partitionBy: JSON.stringify(partitionBy) },
      metrics: {},
      actions: [],
      reads: noRow,
      note: { properties },
      now: Date.now(),
    })
    return new DeltaTable(parts)
  } catch (error) {
    await parts.session.close()
    throw error
  }
}

interface Opening extends Pick<Parts, 'place' | 'log'> {
  readonly parts: Promise<Parts>
}

function open(path: string, { rewriteBytes = defaultRewriteBytes, storage, ...options }: DeltaOptions): Opening {
  const place = { table: path, storage: storage ?? new LocalStorage(path) }
  const opening = DuckdbSession.open(options)
  const log = new DeltaLog(new DuckdbCheckpoints(opening), engineInfo)
  const parts = async (): Promise<Parts> => {
    const session = await opening
    await session.run('CREATE SCHEMA stage')
    const vectors = await DuckdbVectors.open(session)
    return { place, session, log, vectors, writer: new DuckdbWriter(session, log, vectors, rewriteBytes) }
  }
  return { place, log, parts: parts() }
}
