import { mkdir } from 'node:fs/promises'
import path from 'node:path'
import { onTestFinished } from 'vitest'
import { DeltaLog, type At } from '../../../src/delta/delta-log.ts'
import { LocalStorage } from '../../../src/delta/local-storage.ts'
import { commitPath } from '../../../src/delta/log.ts'
import { renderSchema, type DeltaField, type DeltaType } from '../../../src/delta/schema.ts'
import type { Snapshot } from '../../../src/delta/snapshot.ts'
import type { Storage } from '../../../src/delta/storage.ts'
import { DuckdbCheckpoints } from '../../../src/engines/duckdb/duckdb-checkpoint.ts'
import { DuckdbSession } from '../../../src/engines/duckdb/duckdb-session.ts'
import { DuckdbTables } from '../../../src/engines/duckdb/duckdb-tables.ts'
import { DuckdbVectors } from '../../../src/engines/duckdb/duckdb-vectors.ts'
import { tempFolder } from '../temp-folder.ts'

/** A table `t` whose log a test writes line by line, and what a reader makes of it. */
export interface Handmade {
  readonly root: string
  readonly storage: Storage
  readonly session: DuckdbSession
  readonly log: DeltaLog
  readonly tables: DuckdbTables
  /** Puts the actions as the commit of a version. */
  commit(version: number, ...actions: readonly object[]): Promise<void>
  /** Writes a data file with the rows of a query, and answers its `add`. */
  file(name: string, sql: string, options?: { readonly fieldIds?: string; readonly add?: object }): Promise<object>
  read(at?: At): Promise<Snapshot>
  /** The rows of the table as JSON values, by their text. */
  rows(at?: At): Promise<readonly unknown[]>
}

/** A column. */
export const field = (name: string, type: DeltaType, metadata: Readonly<Record<string, unknown>> = {}): DeltaField => ({
  name,
  type,
  nullable: true,
  metadata,
})

/** A column that is called otherwise in files. */
export const mapped = (name: string, type: DeltaType, id: number, physical: string): DeltaField =>
  field(name, type, { 'delta.columnMapping.id': id, 'delta.columnMapping.physicalName': physical })

/** What a table is, as the log's `metaData` has it. */
export const metaData = (
  fields: readonly DeltaField[],
  configuration: Readonly<Record<string, string>> = {},
  partitionColumns: readonly string[] = [],
): object => ({
  metaData: {
    id: 't',
    format: { provider: 'parquet', options: {} },
    schemaString: renderSchema(fields),
    partitionColumns,
    configuration,
  },
})

/** A protocol that lists features; those of writers alone come second. */
export const features = (both: readonly string[], writers: readonly string[] = []): object => ({
  protocol: { minReaderVersion: 3, minWriterVersion: 7, readerFeatures: both, writerFeatures: [...both, ...writers] },
})

/** The protocol of plain tables. */
export const plain = { protocol: { minReaderVersion: 1, minWriterVersion: 2 } }

/** A folder and a session in which a test makes a table by hand. */
export async function handmade(): Promise<Handmade> {
  const root = await tempFolder()
  const session = await DuckdbSession.open({ threads: 2, memoryLimit: '1GB' })
  onTestFinished(() => session.close())
  await session.run('CREATE SCHEMA stage')
  const vectors = await DuckdbVectors.open(session)
  const log = new DeltaLog(new DuckdbCheckpoints(session), 'test')
  const tables = new DuckdbTables(root, log)
  const storage = new LocalStorage(path.join(root, 't'))
  const read = (at?: At): Promise<Snapshot> => tables.read('t', at)
  return {
    root,
    storage,
    session,
    log,
    tables,
    commit: (version, ...actions) =>
      storage.put(commitPath(version), actions.map((one) => `${JSON.stringify(one)}\n`).join('')),
    file: async (name, sql, { fieldIds, add } = {}) => {
      const place = storage.locate(name)
      await mkdir(path.dirname(place), { recursive: true })
      const ids = fieldIds === undefined ? '' : `, FIELD_IDS ${fieldIds}`
      await session.run(`COPY (${sql}) TO '${place}' (FORMAT parquet${ids})`)
      const size = (await storage.info(name))?.size ?? 0
      return { add: { path: name, partitionValues: {}, size, modificationTime: 0, dataChange: true, ...add } }
    },
    read,
    rows: async (at) => {
      const snapshot = await read(at)
      const files = [...snapshot.files.values()]
      const sql = await vectors.scanSql({ snapshot, files, columns: snapshot.schema })
      const rows = await session.rows(`SELECT to_json(r) AS row FROM (${sql}) AS r ORDER BY ALL`)
      return rows.map(({ row }) => JSON.parse(String(row)) as unknown)
    },
  }
}
