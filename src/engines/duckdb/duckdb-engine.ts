import { createHash, randomUUID } from 'node:crypto'
import { StatementType } from '@duckdb/node-api'
import type { AddFile } from '../../delta/actions.ts'
import { DeltaLog, type At, type LogNote, type Target } from '../../delta/delta-log.ts'
import { findInfo, newestChange, readHistory } from '../../delta/history.ts'
import { liveRowCount } from '../../delta/statistics.ts'
import type { Snapshot } from '../../delta/snapshot.ts'
import { ConflictError, EngineError, TableError } from '../../errors.ts'
import type { Row } from '../../frame/engine.ts'
import type { AnyFrame, Frame } from '../../frame/frame.ts'
import type { Fields } from '../../frame/types.ts'
import { relation, type Table } from '../../table.ts'
import type {
  CommitNote,
  Committed,
  Engine,
  HistoryEntry,
  MergeScope,
  PendingWrite,
  SavedTable,
  TableState,
  TableUpkeep,
  VacuumRequest,
} from '../engine.ts'
import { parseNote, renderNote, tellsWatermarks } from '../commit-note.ts'
import { decodeBatch } from './duckdb-batch.ts'
import { DuckdbCheckpoints } from './duckdb-checkpoint.ts'
import { duckdbDialect } from './duckdb-dialect.ts'
import { loadRows } from './duckdb-rows.ts'
import { saveDatabase } from './duckdb-save.ts'
import { DuckdbSession, type SessionOptions } from './duckdb-session.ts'
import { stageSql } from './duckdb-stage.ts'
import { DuckdbTables, readableColumns } from './duckdb-tables.ts'
import { optimizeTable, vacuumTable } from './duckdb-lake-upkeep.ts'
import type { UpkeepParts } from './duckdb-upkeep.ts'
import { frameType } from './duckdb-values.ts'
import { engineInfo } from './engine-info.ts'
import { DuckdbVectors } from './duckdb-vectors.ts'
import { DuckdbWriter, type MergeSource, type Prepared } from './duckdb-write.ts'

/** Where the lake is, and how much of the machine the engine may use. */
export interface DuckdbOptions extends SessionOptions {
  /** The lake's folder; `silver.movies` lies in `<root>/silver/movies`. */
  readonly root: string
  /** A merge that would write more bytes anew marks rows by deletion vectors instead; the table's protocol is then 3/7. 16 MB by default. */
  readonly rewriteBytes?: number
}

const defaultRewriteBytes = 16 * 2 ** 20

/** An engine that computes with DuckDB in this process and keeps tables on this disk. Close it, or its folder of intermediate results stays. */
export async function openDuckdb({
  root,
  rewriteBytes = defaultRewriteBytes,
  ...options
}: DuckdbOptions): Promise<Engine> {
  const session = await DuckdbSession.open(options)
  await session.run('CREATE SCHEMA stage')
  const vectors = await DuckdbVectors.open(session)
  const log = new DeltaLog(new DuckdbCheckpoints(session), engineInfo)
  const tables = new DuckdbTables(root, log)
  return new DuckdbEngine(session, log, tables, vectors, new DuckdbWriter(session, log, vectors, rewriteBytes))
}

const { identifier } = duckdbDialect

class DuckdbEngine implements Engine {
  readonly name = 'duckdb'
  readonly dialect = duckdbDialect
  readonly #session: DuckdbSession
  readonly #log: DeltaLog
  readonly #tables: DuckdbTables
  readonly #vectors: DuckdbVectors
  readonly #writer: DuckdbWriter
  readonly #views = new Map<string, Promise<string>>()

  constructor(
    session: DuckdbSession,
    log: DeltaLog,
    tables: DuckdbTables,
    vectors: DuckdbVectors,
    writer: DuckdbWriter,
  ) {
    this.#session = session
    this.#log = log
    this.#tables = tables
    this.#vectors = vectors
    this.#writer = writer
  }

  async *query(sql: string, columns: Fields, signal?: AbortSignal): AsyncGenerator<readonly Row[], void, undefined> {
    for await (const batch of this.#session.stream(sql, signal))
      if (batch.rows.length > 0) yield decodeBatch(batch, columns, sql)
  }

  async explain(sql: string): Promise<string> {
    const rows = await this.#session.rows(`EXPLAIN ${sql}`)
    return rows.map((row) => String(row['explain_value'])).join('\n')
  }

  async open<S>(table: Table<S>, at?: At): Promise<Frame<S>> {
    const snapshot = await this.#tables.read(table.name, at)
    return this.#frame(table, snapshot, [...snapshot.files.values()], `${table.name}@${snapshot.version}`)
  }

  async openAppended<S>(table: Table<S>, since: number): Promise<Frame<S>> {
    const snapshot = await this.#tables.read(table.name)
    const files = await this.#tables.appended(snapshot, since)
    return this.#frame(table, snapshot, files, `${table.name}@${since + 1}-${snapshot.version}`)
  }

  async state(table: string): Promise<TableState | undefined> {
    const snapshot = await this.#tables.find(table)
    if (snapshot === undefined) return undefined
    const files = [...snapshot.files.values()]
    const [commit] = await readHistory(snapshot.storage, snapshot.version)
    return {
      table,
      version: snapshot.version,
      dataVersion: await newestChange(snapshot.storage, snapshot.version),
      committedAt: new Date(commit?.timestamp ?? 0).toISOString(),
      rows: await this.#countRows(snapshot, files),
      files: files.length,
      sizeBytes: files.reduce((total, { size }) => total + size, 0),
      properties: Object.fromEntries(
        Object.entries(snapshot.metadata.configuration).flatMap(([key, value]) =>
          value === null ? [] : [[key, value]],
        ),
      ),
      watermarks:
        (await notedWatermarks(snapshot)) ??
        Object.fromEntries([...snapshot.transactions.values()].map(({ appId, version }) => [appId, version])),
    }
  }

  async history(table: string): Promise<readonly HistoryEntry[]> {
    const commits = await readHistory(this.#tables.place(table).storage)
    return commits
      .map(({ version, timestamp, info }) => ({
        version,
        committedAt: new Date(timestamp).toISOString(),
        operation: info.operation ?? 'UNKNOWN',
        runId: parseNote(info.userMetadata).runId,
        engine: info.engineInfo ?? undefined,
        metrics: Object.fromEntries(
          Object.entries(info.operationMetrics ?? {}).map(([name, value]) => [name, Number(value)]),
        ),
      }))
      .reverse()
  }

  async append<S>(table: Table<S>, rows: readonly Row[], note: CommitNote): Promise<Committed> {
    const target = await this.#tables.target(table, note.partitionBy)
    const loaded = await loadRows(this.#session, table.name, target.schema, rows)
    const append = async (to: Target): Promise<Committed> =>
      this.#writer.commit(
        await this.#writer.append(to, loaded.sql, {
          ...(note.filePrefix && { filePrefix: note.filePrefix }),
          isStable: true,
        }),
        logNote(note),
      )
    try {
      return await append(target)
    } catch (error) {
      if (target.base !== undefined || !(error instanceof ConflictError)) throw error
      // somebody else has just made the table
      const made = await this.#tables.target(table, note.partitionBy)
      if (made.partitionColumns.join() !== target.partitionColumns.join())
        throw new TableError(`${table.name}: another writer made it with other partitions`, { fault: 'conflict' })
      return await append(made)
    } finally {
      await loaded.drop()
    }
  }

  async overwrite<S>(table: Table<S>, frame: Frame<S>): Promise<PendingWrite> {
    const target = await this.#tables.overwriteTarget(table)
    return this.#pending(table, await this.#writer.overwrite(target, frame.toSql(duckdbDialect)))
  }

  async merge<S>(table: Table<S>, source: Frame<S>, scope?: MergeScope): Promise<PendingWrite> {
    const target = await this.#tables.target(table)
    const sql = source.toSql(duckdbDialect)
    return this.#pending(
      table,
      await this.#writer.merge(target, { key: table.key, sql, ...(scope && { scope: scopeSource(scope) }) }),
    )
  }

  async optimize(table: string, note: CommitNote): Promise<TableUpkeep> {
    return optimizeTable(this.#upkeepOf(table), logNote(note))
  }

  async vacuum(table: string, request: VacuumRequest, note: CommitNote): Promise<TableUpkeep> {
    return vacuumTable(this.#upkeepOf(table), request, logNote(note))
  }

  #upkeepOf(table: string): UpkeepParts {
    return { place: this.#tables.place(table), session: this.#session, log: this.#log, vectors: this.#vectors }
  }

  async bind(name: string, frame: AnyFrame): Promise<string> {
    const parts = name.split('.')
    const schema = parts.slice(0, -1).join('.')
    if (schema !== '') await this.#session.define(`CREATE SCHEMA IF NOT EXISTS ${identifier(schema)}`)
    const view = [...(schema === '' ? [] : [schema]), parts.at(-1) ?? name].map(identifier).join('.')
    await this.#session.define(`CREATE OR REPLACE VIEW ${view} AS ${frame.toSql(duckdbDialect)}`)
    return view
  }

  async sql(
    text: string,
    signal?: AbortSignal,
  ): Promise<{ readonly columns: Fields; readonly rows: AsyncIterable<readonly Row[]> }> {
    if (text.trim() === '') throw new EngineError('duckdb: the statement is empty', { sql: text })
    await this.#checkReads(text, signal)
    const batches = this.#session.stream(text, signal)
    const first = await batches.next()
    if (first.done === true) throw new EngineError('duckdb: the statement has no result', { sql: text })
    const { names, types } = first.value
    const columns: Fields = Object.fromEntries(names.map((name, i) => [name, frameType(types[i] ?? unknownType())]))
    async function* rows(): AsyncGenerator<readonly Row[], void, undefined> {
      for await (const batch of batches) yield decodeBatch(batch, columns, text)
    }
    return { columns, rows: rows() }
  }

  /** Throws EngineError for SQL that is more than one statement, or does anything else than read. */
  async #checkReads(text: string, signal: AbortSignal | undefined): Promise<void> {
    const hint = 'one SELECT at a time; the lake is written by run, import and build alone'
    const [, first = ''] = /^(?:\s|--[^\n]*\n|\/\*[^]*?\*\/)*(\w*)/.exec(text) ?? []
    // these two touch the disk as soon as they are looked at
    if (/^(export|import)$/i.test(first))
      throw new EngineError(`duckdb: ${first.toUpperCase()} is no query`, { sql: text, hint })
    if (/^show$/i.test(first))
      throw new EngineError('duckdb: SHOW knows nothing of the lake', {
        sql: text,
        hint: 'movielake tables lists the tables, movielake schema TABLE its columns',
      })
    await this.#session.use(text, signal, async (connection) => {
      const statements = await connection.extractStatements(text)
      if (statements.count !== 1)
        throw new EngineError(`duckdb: ${statements.count} statements, only one can be asked`, {
          sql: text,
          hint: /^pivot$/i.test(first) ? 'a PIVOT has to name its values: ON rank IN (1, 2, 3)' : hint,
        })
      const { statementType } = await statements.prepare(0)
      // what EXPLAIN ANALYZE explains is run
      const isExplained = statementType === StatementType.EXPLAIN && !/\banalyze\b/i.test(text)
      if (statementType === StatementType.SELECT || isExplained) return
      throw new EngineError(`duckdb: ${StatementType[statementType]} is no query`, { sql: text, hint })
    })
  }

  async stage<S>(name: string, frame: Frame<S>): Promise<{ readonly frame: Frame<S>; drop(): Promise<void> }> {
    const staged = await stageSql(this.#session, frame.toSql(duckdbDialect))
    const view = `lake.${identifier(`${name}~${randomUUID().slice(0, 8)}`)}`
    await this.#session.define(`CREATE VIEW ${view} AS ${staged.sql}`)
    return {
      frame: relation<S>(view, frame.types, this),
      drop: async () => {
        await this.#session.define(`DROP VIEW IF EXISTS ${view}`)
        await staged.drop()
      },
    }
  }

  saveDatabase(path: string, tables: Readonly<Record<string, SavedTable>>): Promise<void> {
    return saveDatabase(this.#session, path, tables)
  }

  close(): Promise<void> {
    return this.#session.close()
  }

  async #frame<S>(table: Table<S>, snapshot: Snapshot, files: readonly AddFile[], label: string): Promise<Frame<S>> {
    const sql = await this.#vectors.scanSql({ snapshot, files, columns: readableColumns(table, snapshot) })
    return this.#relation(table, sql, label)
  }

  /** The rows of SQL as a frame whose text in queries is a short name. */
  async #relation<S>(table: Table<S>, sql: string, label: string): Promise<Frame<S>> {
    const key = createHash('sha256').update(sql).digest('hex')
    const view = this.#views.get(key) ?? this.#defineView(table.name, sql, `${label}~${key.slice(0, 6)}`)
    this.#views.set(key, view)
    try {
      return relation<S>(await view, table.frame.types, this)
    } catch (error) {
      this.#views.delete(key)
      throw error
    }
  }

  async #defineView(table: string, sql: string, label: string): Promise<string> {
    const view = `lake.${identifier(label)}`
    try {
      await this.#session.define(`CREATE OR REPLACE VIEW ${view} AS ${sql}`)
    } catch (cause) {
      if (!(cause instanceof EngineError) || !/\.parquet|No files found/i.test(cause.message)) throw cause
      throw new TableError(`${table}: a data file cannot be read: ${cause.message}`, {
        fault: 'corrupt',
        cause,
        hint: 'restore the file from a copy of the table, or build the table again',
      })
    }
    return view
  }

  async #pending<S>(table: Table<S>, prepared: Prepared): Promise<PendingWrite> {
    const label = `${table.name}+${randomUUID().slice(0, 8)}`
    const frames = async (): Promise<readonly [Frame<S>, Frame<S>]> => [
      await this.#relation(table, await this.#writer.after(prepared), label),
      await this.#relation(table, prepared.written, `${label}.written`),
    ]
    const [after, written] = await frames().catch(async (error: unknown) => {
      await this.#writer.discard(prepared)
      throw error
    })
    let hasEnded = false
    const end = (): void => {
      // what is committed belongs to the table: neither a second commit nor a discard may take its files away
      if (hasEnded) throw new Error(`${table.name}: this write has been committed or discarded already`)
      hasEnded = true
    }
    return {
      table: table.name,
      after,
      written,
      replaced: () => this.#relation(table, prepared.replaced, `${label}.replaced`),
      isChange: prepared.isChange,
      commit: async (note) => {
        end()
        return this.#writer.commit(prepared, logNote(note))
      },
      discard: async () => {
        if (hasEnded) return
        end()
        await this.#writer.discard(prepared)
      },
    }
  }

  async #countRows(snapshot: Snapshot, files: readonly AddFile[]): Promise<number> {
    const counts = files.map(liveRowCount)
    const known = counts.flatMap((n) => n ?? [])
    if (known.length === counts.length) return known.reduce((total, n) => total + n, 0)
    const [row] = await this.#session.rows(
      `SELECT count(*) AS n FROM (${await this.#vectors.scanSql({ snapshot, files, columns: snapshot.schema.slice(0, 1) })})`,
    )
    return Number(row?.['n'])
  }
}

const logNote = (note: CommitNote): LogNote => ({
  userMetadata: renderNote(note),
  ...(note.watermarks && { transactions: note.watermarks }),
  ...(note.properties && { properties: note.properties }),
})

/** What the newest commit that tells had taken in; undefined when none does. Spark's commits say it only there: its SQL knows no transactions. */
async function notedWatermarks({ storage, version }: Snapshot): Promise<CommitNote['watermarks']> {
  const found = await findInfo(storage, version, ({ userMetadata, operation }) =>
    tellsWatermarks({ ...parseNote(userMetadata), operation }),
  )
  return parseNote(found?.userMetadata).watermarks
}

function scopeSource({ column, keys, isChanged = false }: MergeScope): NonNullable<MergeSource['scope']> {
  const named = keys.columns.includes(column) ? column : (keys.columns[0] ?? column)
  const sql = `SELECT DISTINCT ${identifier(named)} AS ${identifier(column)} FROM (${keys.toSql(duckdbDialect)})`
  return { column, sql, isChanged }
}

function unknownType(): never {
  throw new Error('a column without a type')
}
