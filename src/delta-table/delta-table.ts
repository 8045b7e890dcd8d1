import type { AddFile, Metadata } from '../delta/actions.ts'
import { fileChanges, type FileChanges } from '../delta/changes.ts'
import { everyRow } from '../delta/condition.ts'
import { mappingMode, physicalName } from '../delta/column-mapping.ts'
import type { At, DeltaLog, LogNote, Target } from '../delta/delta-log.ts'
import { readHistory } from '../delta/history.ts'
import { fieldsNamed, type DeltaField, type DeltaType } from '../delta/schema.ts'
import { filesThatMayHold } from '../delta/skipping.ts'
import type { Place, Snapshot } from '../delta/snapshot.ts'
import type { Storage } from '../delta/storage.ts'
import { TableError } from '../errors.ts'
import { decodePath } from '../delta/path-encoding.ts'
import { liveRowCount } from '../delta/statistics.ts'
import { conditionOf } from '../engines/duckdb/duckdb-condition.ts'
import { decodeRow } from '../engines/duckdb/duckdb-delta-values.ts'
import { duckdbDialect } from '../engines/duckdb/duckdb-dialect.ts'
import type { MergeClauses } from '../engines/duckdb/duckdb-merge.ts'
import { findRows, type Assignments } from '../engines/duckdb/duckdb-row-changes.ts'
import { loadRows } from '../engines/duckdb/duckdb-rows.ts'
import type { DuckdbSession } from '../engines/duckdb/duckdb-session.ts'
import {
  bytesOf,
  optimize,
  retried,
  targetOf,
  vacuum,
  type OptimizeOptions,
  type OptimizeResult,
  type VacuumOptions,
  type VacuumResult,
} from '../engines/duckdb/duckdb-upkeep.ts'
import type { DuckdbVectors } from '../engines/duckdb/duckdb-vectors.ts'
import type { DuckdbWriter, Prepared } from '../engines/duckdb/duckdb-write.ts'

import { addColumns, clone, restore, setProperties, widenColumn } from './maintenance.ts'

const { identifier, text } = duckdbDialect

/** A row, with the table's columns as names. */
export type DeltaRow = Readonly<Record<string, unknown>>

/** Rows to write: values of the program, or a query in DuckDB's SQL, such as `SELECT * FROM read_csv('films.csv')`. */
export type RowSource = readonly DeltaRow[] | { readonly sql: string }

/** Which rows to read, and of which version. */
export interface ReadOptions extends At {
  /** All by default. */
  readonly columns?: readonly string[]
  /** A condition in SQL. */
  readonly where?: string
  readonly limit?: number
  /** Ends the reading. */
  readonly signal?: AbortSignal
}

/** What a commit leaves in the log beside rows. */
export interface CommitOptions {
  /** Free text, shown by every engine's history. */
  readonly userMetadata?: string
  /** A write that an application has numbered: it is made once, however often it is tried. */
  readonly transaction?: { readonly appId: string; readonly version: number }
}

/** What one commit did. */
export interface CommitResult {
  readonly version: number
  readonly inserted: number
  readonly updated: number
  readonly deleted: number
}

/** How a merge finds pairs of rows, and what becomes of them. */
export interface MergeOptions extends MergeClauses, CommitOptions {
  /** The columns by which rows of the source and of the table are the same one. */
  readonly on: readonly string[]
}

/** A commit, newest first in `history`. */
export interface DeltaCommit {
  readonly version: number
  /** ISO, in UTC. */
  readonly timestamp: string
  readonly operation: string
  readonly parameters: Readonly<Record<string, unknown>>
  readonly metrics: Readonly<Record<string, unknown>>
  readonly engine: string | undefined
  readonly userMetadata: string | undefined
}

/** A data file of a version. */
export interface DeltaFile {
  /** Relative to the table's folder. */
  readonly path: string
  readonly sizeBytes: number
  /** Undefined when the log does not say. */
  readonly rows: number | undefined
  /** Rows that a deletion vector hides. */
  readonly deletedRows: number
  readonly partition: Readonly<Record<string, string | null>>
}

/** A row that came, went or changed, and by which commit. */
export interface RowChange {
  readonly change: 'insert' | 'delete' | 'update_preimage' | 'update_postimage'
  readonly version: number
  /** ISO, in UTC. */
  readonly timestamp: string
  readonly row: DeltaRow
}

/** Which commits to look at, all from one on by default, and the columns that make a row the same one. */
export interface ChangeRange {
  readonly from: number
  readonly to?: number
  readonly key?: readonly string[]
}

/** What a table's methods share. */
export interface Parts {
  readonly place: Place
  readonly session: DuckdbSession
  readonly log: DeltaLog
  readonly vectors: DuckdbVectors
  readonly writer: DuckdbWriter
}

/** Any Delta table: read at any version, and written. */
export class DeltaTable {
  readonly #parts: Parts
  /** How many calls are under way that may have SQL of their own. */
  #callCount = 0

  /** See `openDelta`. */
  constructor(parts: Parts) {
    this.#parts = parts
  }

  /** The newest version. */
  async version(): Promise<number> {
    return (await this.#snapshot()).version
  }

  /** The columns, with their types as Delta names them. */
  async schema(at?: At): Promise<readonly DeltaField[]> {
    return (await this.#snapshot(at)).schema
  }

  /** Name, properties and partition columns, as the log has them. */
  async metadata(at?: At): Promise<Metadata> {
    return (await this.#snapshot(at)).metadata
  }

  /** The rows one by one. */
  async *rows(options?: ReadOptions): AsyncGenerator<DeltaRow, void, undefined> {
    for await (const batch of this.batches(options)) yield* batch
  }

  /** The rows, some thousands at a time. What is left unread is not read from the disk. */
  batches(options: ReadOptions = {}): AsyncGenerator<readonly DeltaRow[], void, undefined> {
    return this.#streaming(() => this.#batches(options))
  }

  async *#batches(options: ReadOptions): AsyncGenerator<readonly DeltaRow[], void, undefined> {
    const snapshot = await this.#snapshot(options)
    const schema = options.columns ? fieldsNamed(snapshot.schema, options.columns, snapshot.table) : snapshot.schema
    const items = schema.map(({ name }) => identifier(name)).join(', ')
    const where = options.where === undefined ? '' : ` WHERE (${options.where}\n)`
    const limit = options.limit === undefined ? '' : ` LIMIT ${Math.floor(options.limit)}`
    const rows = await this.#scan(snapshot, await this.#filesFor(snapshot, options.where))
    yield* this.#decoded(`SELECT ${items} FROM (${rows})${where}${limit}`, schema, options.signal)
  }

  /** All rows at once, in memory. */
  async collect(options?: ReadOptions): Promise<readonly DeltaRow[]> {
    const all: DeltaRow[] = []
    for await (const batch of this.batches(options)) all.push(...batch)
    return all
  }

  /** How many rows there are; from the log alone where it knows. */
  count(at?: At): Promise<number> {
    return this.#calling(() => this.#count(at))
  }

  async #count(at?: At): Promise<number> {
    const snapshot = await this.#snapshot(at)
    const files = [...snapshot.files.values()]
    const known = files.flatMap((file) => liveRowCount(file) ?? [])
    if (known.length === files.length) return known.reduce((sum, n) => sum + n, 0)
    const [row] = await this.#parts.session.rows(`SELECT count(*) AS n FROM (${await this.#scan(snapshot, files)})`)
    return Number(row?.['n'])
  }

  /** The commits that the log remembers, newest first. */
  async history(): Promise<readonly DeltaCommit[]> {
    const commits = await readHistory(this.#parts.place.storage)
    return commits
      .map(({ version, timestamp, info }) => ({
        version,
        timestamp: new Date(timestamp).toISOString(),
        operation: info.operation ?? 'UNKNOWN',
        parameters: recordOf(info['operationParameters']),
        metrics: info.operationMetrics ?? {},
        engine: info.engineInfo ?? undefined,
        userMetadata: info.userMetadata ?? undefined,
      }))
      .reverse()
  }

  /** The data files of a version; with `where`, a condition in SQL, those that are read for it: the log proves that the others hold no such row. */
  async files({ where, ...at }: At & { readonly where?: string } = {}): Promise<readonly DeltaFile[]> {
    const table = await this.#snapshot(at)
    const files = await this.#filesFor(table, where)
    const mode = mappingMode(table)
    const partitions = fieldsNamed(table.schema, table.metadata.partitionColumns, table.table)
    return files.map((file) => ({
      path: decodePath(file.path),
      sizeBytes: file.size,
      rows: liveRowCount(file),
      deletedRows: file.deletionVector?.cardinality ?? 0,
      partition: Object.fromEntries(
        partitions.map((field) => [field.name, file.partitionValues[physicalName(field, mode)] ?? null]),
      ),
    }))
  }

  /**
   * The rows that commits `from` up to `to` brought, took or changed. What the change data of a commit records comes out as it is. Where a commit has
   * none, it is worked out from the files: rows that were only written into another file do not appear, and with `key`, a row that went and came with
   * the same key is an update; without, a delete and an insert.
   */
  changes(range: ChangeRange): AsyncGenerator<RowChange, void, undefined> {
    return this.#streaming(() => this.#changes(range))
  }

  async *#changes(range: ChangeRange): AsyncGenerator<RowChange, void, undefined> {
    const { log, place, session } = this.#parts
    const newest = await this.version()
    if (range.from > newest + 1)
      throw new TableError(`${place.table}: there is no version ${range.from}; the newest is ${newest}`, {
        fault: 'missing',
      })
    const to = Math.min(range.to ?? newest, newest)
    for (const commit of await fileChanges(log, place, range.from, to)) {
      const { version, timestamp, snapshot } = commit
      const { schema } = snapshot
      fieldsNamed(schema, range.key ?? [], place.table)
      const sql = await this.#changesSql(commit, range.key ?? [])
      const at = new Date(timestamp).toISOString()
      for await (const { rows } of session.stream(sql))
        for (const row of rows)
          yield {
            change: row[schema.length] as RowChange['change'],
            version,
            timestamp: at,
            row: decodeRow(schema, row),
          }
    }
  }

  /** Adds rows. */
  append(rows: RowSource, options?: CommitOptions): Promise<CommitResult> {
    return this.#write(options, (target, sql) => this.#parts.writer.append(target, sql), rows)
  }

  /** Puts rows in the place of all others; older versions keep theirs. */
  overwrite(rows: RowSource, options?: CommitOptions): Promise<CommitResult> {
    return this.#write(options, (target, sql) => this.#parts.writer.overwrite(target, sql), rows)
  }

  /** Brings rows and those of the table together: by default new ones are inserted, and those that differ updated. */
  async merge(rows: RowSource, { on, ...options }: MergeOptions): Promise<CommitResult> {
    const { table } = this.#parts.place
    if (on.length === 0) throw new TableError(`${table}: a merge needs columns to find pairs by`, { fault: 'mismatch' })
    return this.#write(
      options,
      (target, sql) => {
        fieldsNamed(target.schema, on, table)
        return this.#parts.writer.merge(target, { ...options, key: on, sql })
      },
      rows,
    )
  }

  /** Takes away the rows for which a condition in SQL is true. */
  delete(where: string, options?: CommitOptions): Promise<CommitResult> {
    return this.#write(options, (target) => this.#change(target, 'DELETE', where))
  }

  /** Changes columns of the rows for which a condition in SQL is true, to values that are SQL over the row's columns. */
  update(where: string, set: Assignments, options?: CommitOptions): Promise<CommitResult> {
    return this.#write(options, async (target) => {
      fieldsNamed(target.schema, Object.keys(set), this.#parts.place.table)
      return this.#change(target, 'UPDATE', where, set)
    })
  }

  /** Brings small files together, and takes the rows that deletion vectors hide off the disk. Older versions keep their files. */
  optimize(options?: OptimizeOptions): Promise<OptimizeResult> {
    return this.#calling(() => retried(() => optimize(this.#parts, options)))
  }

  /** Takes files off the disk that no version needs which can still be asked for. Throws TableError `mismatch` for a retention that is too short. */
  async vacuum(options?: VacuumOptions): Promise<VacuumResult> {
    const taken = await vacuum(this.#parts, options)
    return { files: taken.map(({ path }) => path), sizeBytes: bytesOf(taken) }
  }

  /** Makes the table what it was at an older version; answers the new version, or the present one where nothing differs. Throws TableError `missing` when its files are gone, or go meanwhile. */
  restore(at: At): Promise<number> {
    return retried(() => restore(this.#parts, at))
  }

  /** Adds columns at the end, null in the rows there are; answers the new version, or the present one where nothing differs. */
  addColumns(columns: Readonly<Record<string, DeltaType>>): Promise<number> {
    return retried(() => addColumns(this.#parts, columns))
  }

  /**
   * Gives a column a wider type, such as `long` for `integer`; answers the new version, or the present one where nothing differs. The files there are stay,
   * what is written from now on has the new type. Within a column it is named by the names down to it: `['who', 'age']`, `['votes', 'element']`, `['by_day', 'value']`. Throws TableError
   * `unsupported` for a type that the other does not widen to, and where the table has not set `delta.enableTypeWidening`.
   */
  widenColumn(column: string | readonly string[], type: string): Promise<number> {
    const path = typeof column === 'string' ? [column] : column
    return retried(() => widenColumn(this.#parts, path, type))
  }

  /** Sets table properties; answers the new version, or the present one where nothing differs. Throws TableError `unsupported` for those that ask for a feature of the protocol. */
  setProperties(properties: Readonly<Record<string, string>>): Promise<number> {
    return retried(() => setProperties(this.#parts, properties))
  }

  /** Copies a version to another folder, as a table of its own whose history begins there. */
  clone(to: string | Storage, at?: At): Promise<void> {
    return clone(this.#parts, to, at)
  }

  /** Writes a checkpoint of the newest version, from which readers start. */
  async checkpoint(): Promise<void> {
    const { log, place } = this.#parts
    await log.checkpoint(place, await this.version(), Date.now())
  }

  /** Lets go of what reading and writing has kept. */
  close(): Promise<void> {
    return this.#parts.session.close()
  }

  /** Deletion vectors that were replaced are let go of when nobody can have SQL any more that asks for them. */
  async #calling<T>(work: () => Promise<T>): Promise<T> {
    this.#callCount += 1
    try {
      return await work()
    } finally {
      this.#callCount -= 1
      if (this.#callCount === 0) await this.#parts.vectors.forgetReplaced()
    }
  }

  /** As `#calling`, from the first value that is asked for to the last. */
  async *#streaming<T>(values: () => AsyncGenerator<T, void, undefined>): AsyncGenerator<T, void, undefined> {
    this.#callCount += 1
    try {
      yield* values()
    } finally {
      this.#callCount -= 1
      if (this.#callCount === 0) await this.#parts.vectors.forgetReplaced()
    }
  }

  async #change(target: Target, name: 'DELETE' | 'UPDATE', where: string, set?: Assignments): Promise<Prepared> {
    const { session, vectors, writer } = this.#parts
    const base = target.base ?? (await this.#snapshot())
    return writer.change(target, name, where, await findRows(session, vectors, base, where, set))
  }

  /** Prepares and commits; where another writer was first, it is prepared anew on the table as it is then. */
  async #write(
    { userMetadata, transaction }: CommitOptions = {},
    prepare: (target: Target, sql: string) => Promise<Prepared>,
    rows: RowSource = [],
  ): Promise<CommitResult> {
    const { writer, session, place } = this.#parts
    const note: LogNote = {
      ...(userMetadata !== undefined && { userMetadata }),
      ...(transaction && { transactions: { [transaction.appId]: transaction.version } }),
    }
    const write = async (): Promise<CommitResult> => {
      const target = await targetOf(this.#parts)
      const seen = transaction && target.base?.transactions.get(transaction.appId)?.version
      if (transaction && seen !== undefined && seen >= transaction.version)
        return { version: target.base?.version ?? 0, inserted: 0, updated: 0, deleted: 0 }
      const source =
        'sql' in rows
          ? { sql: `SELECT * FROM (${rows.sql}\n)`, drop: async () => {} }
          : await loadRows(session, place.table, target.schema, rows)
      try {
        return await writer.commit(await prepare(target, source.sql), note)
      } finally {
        await source.drop()
      }
    }
    return this.#calling(() => retried(write))
  }

  #snapshot(at?: At): Promise<Snapshot> {
    return this.#parts.log.read(this.#parts.place, at)
  }

  async #filesFor(snapshot: Snapshot, where: string | undefined): Promise<readonly AddFile[]> {
    return filesThatMayHold(snapshot, where === undefined ? everyRow : await conditionOf(this.#parts.session, where))
  }

  #scan(
    snapshot: Pick<Snapshot, 'storage' | 'schema' | 'metadata' | 'protocol'>,
    files: readonly AddFile[],
  ): Promise<string> {
    return this.#parts.vectors.scanSql({ snapshot, files, columns: snapshot.schema })
  }

  async #changesSql({ snapshot, recorded, added, removed }: FileChanges, key: readonly string[]): Promise<string> {
    if (recorded.length > 0)
      return this.#parts.vectors.scanSql({ snapshot, files: recorded, columns: snapshot.schema, withChange: true })
    const [came, went] = [await this.#scan(snapshot, added), await this.#scan(snapshot, removed)]
    return changesSql(came, removed.length === 0 ? undefined : went, key)
  }

  async *#decoded(
    sql: string,
    schema: readonly DeltaField[],
    signal?: AbortSignal,
  ): AsyncGenerator<readonly DeltaRow[], void, undefined> {
    for await (const { rows } of this.#parts.session.stream(sql, signal))
      if (rows.length > 0) yield rows.map((row) => decodeRow(schema, row))
  }
}

/** The rows that differ between two sets of files, with what became of each in the last column. */
function changesSql(came: string, went: string | undefined, key: readonly string[]): string {
  if (went === undefined) return `SELECT *, 'insert' AS __change FROM (${came})`
  const inserted = `SELECT * FROM (${came}) EXCEPT ALL SELECT * FROM (${went})`
  const deleted = `SELECT * FROM (${went}) EXCEPT ALL SELECT * FROM (${came})`
  if (key.length === 0)
    return `SELECT *, 'delete' AS __change FROM (${deleted}) UNION ALL SELECT *, 'insert' FROM (${inserted})`
  const keys = key.map(identifier).join(', ')
  const marked = (rows: string, others: string, change: string, update: string): string =>
    `SELECT *, CASE WHEN (${keys}) IN (SELECT (${keys}) FROM ${others}) THEN ${text(update)} ELSE ${text(change)} END AS __change FROM ${rows}`
  return `WITH inserted AS MATERIALIZED (${inserted}), deleted AS MATERIALIZED (${deleted})
${marked('deleted', 'inserted', 'delete', 'update_preimage')} UNION ALL ${marked('inserted', 'deleted', 'insert', 'update_postimage')} ORDER BY ALL`
}

const recordOf = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null ? { ...value } : {}
