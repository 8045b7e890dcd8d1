import { EngineError } from '../../errors.ts'
import type { Row } from '../../frame/engine.ts'
import type { AnyFrame, Frame } from '../../frame/frame.ts'
import type { Fields } from '../../frame/types.ts'
import { relation, type Table } from '../../table.ts'
import type {
  At,
  CommitNote,
  Committed,
  Engine,
  HistoryEntry,
  MergeScope,
  PendingWrite,
  TableState,
  TableUpkeep,
  VacuumRequest,
} from '../engine.ts'
import { addedSince } from './spark-appended.ts'
import { connectSpark, type SparkServer } from './spark-connection.ts'
import type { SparkSession } from './connect/session.ts'
import { sparkDialect } from './spark-dialect.ts'
import { withNames } from './spark-names.ts'
import { SparkQueries } from './spark-session.ts'
import { release, stage, view, type SparkView } from './spark-stage.ts'
import { SparkTables } from './spark-tables.ts'
import { optimizeTable, vacuumTable, type SparkUpkeep } from './spark-upkeep.ts'
import { columnsOf, frameRows } from './spark-values.ts'
import { SparkWriter, type SparkWrite } from './spark-write.ts'

const { identifier } = sparkDialect
const lastSemicolon = /;(\s|--[^\n]*(\n|$)|\/\*[^]*?\*\/)*$/

/** An engine that computes on a Spark Connect server, which also keeps the tables. Throws ConfigError for a server that movielake does not work with, SparkError for one that cannot be reached. */
export async function openSparkEngine(server: SparkServer): Promise<Engine> {
  const session = await connectSpark(server)
  return new SparkEngine(session, new SparkTables(session, server.root))
}

class SparkEngine implements Engine {
  readonly name = 'spark'
  readonly dialect = sparkDialect
  readonly #session: SparkSession
  readonly #queries: SparkQueries
  readonly #tables: SparkTables
  readonly #writer: SparkWriter
  readonly #upkeep: SparkUpkeep
  readonly #views = new Map<string, Promise<SparkView>>()
  /** What people call tables, and what the session does. */
  readonly #names = new Map<string, string>()

  constructor(session: SparkSession, tables: SparkTables) {
    this.#session = session
    this.#queries = new SparkQueries(session)
    this.#tables = tables
    this.#writer = new SparkWriter(session, tables)
    this.#upkeep = { session, tables, writer: this.#writer }
  }

  get isLost(): boolean {
    return this.#session.isLost
  }

  query(sql: string, columns: Fields, signal?: AbortSignal): AsyncGenerator<readonly Row[], void, undefined> {
    return this.#queries.query(sql, columns, signal)
  }

  explain(sql: string): Promise<string> {
    return this.#queries.explain(sql)
  }

  async open<S>(table: Table<S>, at?: At): Promise<Frame<S>> {
    const version = await this.#tables.version(table.name, at)
    return this.#relation(table, `${table.name}@${version}`, () => this.#tables.select(table, version))
  }

  async openAppended<S>(table: Table<S>, since: number): Promise<Frame<S>> {
    const version = await this.#tables.version(table.name)
    const added = (): Promise<string> => addedSince(this.#tables, table, since, version)
    return this.#relation(table, `${table.name}@${since + 1}-${version}`, added)
  }

  state(table: string): Promise<TableState | undefined> {
    return this.#tables.state(table)
  }

  history(table: string): Promise<readonly HistoryEntry[]> {
    return this.#tables.history(table)
  }

  append<S>(table: Table<S>, rows: readonly Row[], note: CommitNote): Promise<Committed> {
    return this.#writer.append(table, rows, note)
  }

  async overwrite<S>(table: Table<S>, frame: Frame<S>): Promise<PendingWrite> {
    return this.#pending(await this.#writer.overwrite(table, frame.toSql(sparkDialect)))
  }

  async merge<S>(table: Table<S>, source: Frame<S>, scope?: MergeScope): Promise<PendingWrite> {
    if ((await this.#tables.newest(table.name)) === undefined) return this.overwrite(table, source)
    const found = scope && {
      column: scope.column,
      keys: keysSql(scope),
      isChanged: scope.isChanged === true,
    }
    return this.#pending(
      await this.#writer.merge({ table, source: source.toSql(sparkDialect), ...(found && { scope: found }) }),
    )
  }

  optimize(table: string, note: CommitNote): Promise<TableUpkeep> {
    return optimizeTable(this.#upkeep, table, note)
  }

  vacuum(table: string, request: VacuumRequest, note: CommitNote): Promise<TableUpkeep> {
    return vacuumTable(this.#upkeep, table, request, note)
  }

  async bind(name: string, frame: AnyFrame): Promise<string> {
    const bound = identifier(name)
    await this.#session.run(`CREATE OR REPLACE TEMPORARY VIEW ${bound} AS ${frame.toSql(sparkDialect)}`)
    this.#names.set(name.toLowerCase(), bound)
    return bound
  }

  async sql(
    text: string,
    signal?: AbortSignal,
  ): Promise<{ readonly columns: Fields; readonly rows: AsyncIterable<readonly Row[]> }> {
    const [, first = ''] = /^(?:\s|\(|--[^\n]*\n|\/\*[^]*?\*\/)*(\w*)/.exec(text) ?? []
    if (!/^(select|with|from|values|table)$/i.test(first))
      throw new EngineError(
        first === '' ? 'spark: the statement is empty' : `spark: ${first.toUpperCase()} is no query`,
        {
          sql: text,
          hint: 'one SELECT at a time; the lake is written by run, import and build alone',
        },
      )
    // within a query no statement can stand that writes
    const query = `SELECT * FROM (${withNames(text.replace(lastSemicolon, ''), this.#names)}\n)`
    const batches = this.#session.batches(query, signal && { signal })
    const opened = await batches.next()
    if (opened.done === true) throw new EngineError('spark: the statement has no result', { sql: text })
    const columns = columnsOf(opened.value)
    async function* rows(): AsyncGenerator<readonly Row[], void, undefined> {
      if (opened.done !== true && opened.value.numRows > 0) yield frameRows(opened.value, columns, text)
      for await (const batch of batches) if (batch.numRows > 0) yield frameRows(batch, columns, text)
    }
    return { columns, rows: rows() }
  }

  async stage<S>(name: string, frame: Frame<S>): Promise<{ readonly frame: Frame<S>; drop(): Promise<void> }> {
    const staged = await stage(this.#session, name, frame.toSql(sparkDialect))
    return { frame: relation<S>(staged.name, frame.types, this), drop: staged.drop }
  }

  saveDatabase(path: string): Promise<void> {
    return Promise.reject(
      new EngineError(`${path}: Spark cannot write the dashboard's file`, {
        sql: '',
        hint: 'where the tables lie on this disk, the duckdb engine reads them as they are: movielake serve --engine duckdb',
      }),
    )
  }

  stop(): void {
    this.#session.stop()
  }

  close(): Promise<void> {
    return this.#session.close()
  }

  /** The rows of SQL as a frame whose text in queries is a short name. A view that is there is used again. */
  async #relation<S>(table: Table<S>, label: string, sql: () => Promise<string>): Promise<Frame<S>> {
    const key = `${label} ${Object.keys(table.columns).join()}`
    const made = this.#views.get(key) ?? sql().then((found) => view(this.#session, label, found))
    this.#views.set(key, made)
    try {
      return relation<S>((await made).name, table.frame.types, this)
    } catch (error) {
      this.#views.delete(key)
      throw error
    }
  }

  #pending(write: SparkWrite): PendingWrite {
    const { table, kept } = write
    const looked: SparkView[] = []
    const frame = (name: string): AnyFrame => relation(name, table.frame.types, this)
    const end = async (): Promise<void> => {
      await release([...kept, ...looked.splice(0)])
    }
    let hasEnded = false
    return {
      table: table.name,
      after: frame(write.after),
      written: frame(write.written),
      replaced: async () => {
        const replaced = await view(this.#session, `${table.name}.replaced`, write.replaced)
        looked.push(replaced)
        return frame(replaced.name)
      },
      isChange: write.isChange,
      commit: async (note) => {
        if (hasEnded) throw new Error(`${table.name}: this write has been committed or discarded already`)
        hasEnded = true
        try {
          return await this.#writer.commit(write, note)
        } finally {
          await end()
        }
      },
      discard: async () => {
        if (hasEnded) return
        hasEnded = true
        await end()
      },
    }
  }
}

function keysSql({ column, keys }: MergeScope): string {
  const named = keys.columns.includes(column) ? column : (keys.columns[0] ?? column)
  const rows = keys.toSql(sparkDialect)
  return `SELECT DISTINCT ${identifier(named)} AS ${identifier(column)} FROM (${rows}) WHERE ${identifier(named)} IS NOT NULL`
}
