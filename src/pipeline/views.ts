import type { At, Engine } from '../engines/engine.ts'
import type { Frame } from '../frame/index.ts'
import type { QueryEngine, Row } from '../frame/engine.ts'
import type { Fields } from '../frame/types.ts'
import { relation, type Table } from '../table.ts'

/** Which version of a table readers see; undefined for the newest. */
export type VersionOf = (table: string) => Promise<number | undefined>

/**
 * Tables of the lake as frames that are looked up when they are asked for: a frame made once answers with what is published by then.
 */
export class Views implements QueryEngine {
  readonly #engine: Engine
  readonly #versionOf: VersionOf
  readonly #views = new Map<string, { readonly table: Table<object>; readonly at: At | undefined }>()
  readonly #bound = new Map<string, number | string | undefined>()

  constructor(engine: Engine, versionOf: VersionOf) {
    this.#engine = engine
    this.#versionOf = versionOf
  }

  get dialect(): Engine['dialect'] {
    return this.#engine.dialect
  }

  /** A frame over the table, as it is published or at a state of the past. */
  frame<S>(table: Table<S>, at?: At): Frame<S> {
    const name = viewName(table.name, at)
    this.#views.set(name, { table: table as Table<object>, at })
    const [schema = '', view = ''] = name.split('.')
    return relation(`${this.dialect.identifier(schema)}.${this.dialect.identifier(view)}`, table.frame.types, this)
  }

  async *query(sql: string, columns: Fields, signal?: AbortSignal): AsyncGenerator<readonly Row[], void, undefined> {
    await this.#bindUsed(sql)
    yield* this.#engine.query(sql, columns, signal)
  }

  async explain(sql: string): Promise<string> {
    await this.#bindUsed(sql)
    return this.#engine.explain(sql)
  }

  /** Makes `table` readable in SQL under its own name, as published or at a state of the past. */
  async bind(table: Table<object>, at?: At): Promise<void> {
    const version = at === undefined ? await this.#versionOf(table.name) : undefined
    const state = at ?? (version === undefined ? undefined : { version })
    await this.#engine.bind(table.name, await this.#engine.open(table, state))
    this.#bound.delete(table.name)
  }

  async #bindUsed(sql: string): Promise<void> {
    for (const [name, { table, at }] of this.#views) {
      const view = this.dialect.identifier(name.split('.')[1] ?? '')
      if (!sql.includes(view)) continue
      const version = at === undefined ? await this.#versionOf(table.name) : undefined
      if (version !== undefined && this.#bound.get(name) === version) continue
      await this.#engine.bind(name, await this.#engine.open(table, at ?? (version === undefined ? {} : { version })))
      this.#bound.set(name, version)
    }
  }
}

const viewName = (table: string, at: At | undefined): string =>
  at === undefined ? table : `${table}@${at.version ?? at.asOf?.replaceAll('.', '_') ?? 'newest'}`
