import type { At, Engine } from '../engines/engine.ts'
import { TableError } from '../errors.ts'
import type { Frame } from '../frame/index.ts'
import type { QueryEngine, Row } from '../frame/engine.ts'
import type { Fields } from '../frame/types.ts'
import { relation, type Table } from '../table.ts'
import { openIfThere } from './open-if-there.ts'

/** Which version of each table readers see; undefined when nothing has been published. */
export type ReadVersions = () => Promise<Readonly<Record<string, number>> | undefined>

interface View {
  readonly table: Table<object>
  readonly at: At | undefined
}

/**
 * Tables of the lake as frames that are looked up when they are asked for: a frame made once answers with what is published by then,
 * and all tables of one query are of one publication.
 */
export class Views implements QueryEngine {
  readonly #engine: Engine
  readonly #readVersions: ReadVersions
  /** By the SQL that frames have for them. */
  readonly #views = new Map<string, View>()
  /** What was bound under a name, and what the engine calls it. */
  readonly #bound = new Map<string, { readonly sql: string; readonly name: string }>()
  #lastSql: Promise<unknown> = Promise.resolve()

  constructor(engine: Engine, readVersions: ReadVersions) {
    this.#engine = engine
    this.#readVersions = readVersions
  }

  get dialect(): Engine['dialect'] {
    return this.#engine.dialect
  }

  /** A frame over the table, as it is published or at a state of the past. */
  frame<S>(table: Table<S>, at?: At): Frame<S> {
    const name = this.#identifier(at === undefined ? table.name : `${table.name}@${label(at)}`)
    this.#views.set(name, { table: table as Table<object>, at })
    return relation(name, table.frame.types, this)
  }

  /** As `frame`, or undefined when there is no such table. */
  async find<S>(table: Table<S>): Promise<Frame<S> | undefined> {
    const versions = await this.#readVersions()
    const isThere = versions?.[table.name] !== undefined || (await openIfThere(this.#engine, table)) !== undefined
    return isThere ? this.frame(table) : undefined
  }

  async *query(sql: string, columns: Fields, signal?: AbortSignal): AsyncGenerator<readonly Row[], void, undefined> {
    yield* this.#engine.query(await this.#resolve(sql), columns, signal)
  }

  async explain(sql: string): Promise<string> {
    return this.#engine.explain(await this.#resolve(sql))
  }

  /** The rows of SQL that a person wrote over those of the tables that it names. Throws EngineError, and TableError for a table that cannot be read. */
  sql(
    text: string,
    tables: readonly Table<object>[],
    { at, signal }: { readonly at?: At | undefined; readonly signal?: AbortSignal | undefined } = {},
  ): ReturnType<Engine['sql']> {
    // two at once would take each other's names away; once a query has begun it keeps what it has found
    const next = this.#lastSql.then(async () => {
      const versions = at === undefined ? await this.#readVersions() : undefined
      for (const table of tables.filter(({ name }) => isNamed(name, text))) {
        const frame = await this.#open({ table, at }, versions)
        if (frame !== undefined) await this.#engine.bind(table.name, frame)
      }
      return this.#engine.sql(text, signal)
    })
    this.#lastSql = next.catch(() => {
      // whoever asked has the error
    })
    return next
  }

  /** The SQL with names that stand for one version of a table each. */
  async #resolve(sql: string): Promise<string> {
    const names = namesOf[this.#engine.name]
    const used = [...new Set([...sql.matchAll(names)].map(([name]) => name))].filter((name) => this.#views.has(name))
    const versions = await this.#readVersions()
    const targets = new Map<string, string>()
    for (const name of used) {
      const view = this.#views.get(name)
      if (view !== undefined) targets.set(name, await this.#bind(view, versions))
    }
    return sql.replaceAll(names, (name) => targets.get(name) ?? name)
  }

  /** The engine's name for a table as it is meant. */
  async #bind(view: View, versions: Readonly<Record<string, number>> | undefined): Promise<string> {
    const { name: table } = view.table
    const frame = await this.#open(view, versions)
    if (frame === undefined)
      throw new TableError(`${table}: there is no such table yet`, { fault: 'missing', hint: 'run: movielake build' })
    const version = versions?.[table] ?? (await this.#engine.state(table))?.version ?? 0
    const bound = `${table}@${view.at === undefined ? version : label(view.at)}`
    const sql = frame.toSql(this.dialect)
    const known = this.#bound.get(bound)
    if (known?.sql === sql) return known.name
    const name = await this.#engine.bind(bound, frame)
    this.#bound.set(bound, { sql, name })
    return name
  }

  /** The table in the state that is meant; undefined when it is not there. A state of the past that is not there throws. */
  #open({ table, at }: View, versions: Readonly<Record<string, number>> | undefined) {
    const version = versions?.[table.name]
    if (at !== undefined) return this.#engine.open(table, at)
    return openIfThere(this.#engine, table, version === undefined ? {} : { version })
  }

  #identifier(name: string): string {
    const [schema = '', view = ''] = name.split('.')
    return `${this.dialect.identifier(schema)}.${this.dialect.identifier(view)}`
  }
}

// texts in quotes are skipped whole, so that no name is found in them; Spark takes a backslash for an escape
const namesOf = {
  duckdb: /'(?:[^']|'')*'|"(?:[^"]|"")*"\."(?:[^"]|"")*"/g,
  spark: /'(?:[^'\\]|\\.)*'|`(?:[^`]|``)*`\.`(?:[^`]|``)*`/gs,
}

const label = (at: At): string => `${at.version ?? at.asOf?.replaceAll('.', '_') ?? 'newest'}`

/** Whether SQL speaks of a table, in whatever case and quotes. */
function isNamed(table: string, sql: string): boolean {
  const [schema, name] = table.split('.')
  return new RegExp(`\\b${schema}["\`]?\\s*\\.\\s*["\`]?${name}\\b`, 'i').test(sql)
}
