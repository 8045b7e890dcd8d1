import { Column, orderOf, type Columns, type Kind, type Nulls, type OrderBy } from './column.ts'
import type { Dialect } from './dialect.ts'
import type { QueryEngine } from './engine.ts'
import { htmlTable } from './html.ts'
import { comparable, documentType, elementOf, holdsDocument, textType, unpacked } from './json.ts'
import type { Node } from './node.ts'
import { narrowed, plain, renderQuery, unionInputs, type Query } from './query.ts'
import type {
  ArrayName,
  Exploded,
  Filled,
  How,
  Joined,
  Name,
  NoClash,
  Projected,
  Projection,
  Renamed,
  SameColumns,
  SameTypes,
  TextName,
} from './schema.ts'
import { textTable } from './show.ts'
import {
  checkNames,
  isSameType,
  typeName,
  type Fields,
  type Json,
  type Simplify,
  type StructOf,
  type Type,
  type Value,
} from './types.ts'

/** The JavaScript row of a frame: `RowOf<typeof movies>`. */
export type RowOf<F> = F extends Frame<infer S> ? { readonly [N in keyof S]: Value<S[N]> } : never
/** A frame whatever its columns. */
export type AnyFrame = Frame<unknown>

/** The name of the method notebooks call to show a value. Source: https://docs.deno.com/runtime/reference/cli/jupyter/ */
export const jupyterDisplay: unique symbol = Symbol.for('Jupyter.display')

/** The same rows for a page and for a terminal, by media type. */
export interface Display {
  readonly 'text/html': string
  readonly 'text/plain': string
}

/**
 * A table that has not been computed yet. `S` holds its columns: `{ movie_id: 'bigint'; tagline: 'string' | null }`.
 * Every step answers a new frame and runs nothing; `collect`, `rows`, `first`, `count`, `show` and `explain` ask the engine.
 */
export class Frame<out S> {
  declare readonly schema: S
  readonly query: Query
  readonly types: Fields
  readonly engine: QueryEngine | undefined
  constructor(query: Query, types: Fields, engine?: QueryEngine) {
    checkNames(Object.keys(types), 'column')
    this.query = query
    this.types = types
    this.engine = engine
  }

  /** The rows for which the condition is true; false and null are left out. */
  filter(condition: (columns: Columns<S>) => Column<'boolean' | null>): Frame<S> {
    const where = condition(this.#columns()).node
    const base = this.#open('columns', 'groupBy', 'isDistinct', 'limit')
    return this.#with({
      ...base,
      where: base.where === undefined ? where : { op: 'call', name: 'and', args: [base.where, where] },
      isPlain: false,
    })
  }

  /** Exactly these columns, by name and in this order. */
  pick<N extends Name<S>>(...names: readonly [N, ...N[]]): Frame<Simplify<Pick<S, N>>> {
    return this.#project(this.#pick(names))
  }

  /** Exactly these columns: computed, or by name as `pick`. */
  select<N extends Name<S>>(...names: readonly N[]): Frame<Simplify<Pick<S, N>>>
  select<P extends Projection>(project: (columns: Columns<S>) => P): Frame<Simplify<Projected<P>>>
  select(first: string | ((columns: Columns<S>) => Projection), ...rest: readonly string[]): Frame<never> {
    return typeof first === 'function'
      ? this.#project(first(this.#columns()))
      : this.#project(this.#pick([first, ...rest]))
  }

  /** All columns, with these added or replaced. */
  withColumns<P extends Projection>(add: (columns: Columns<S>) => P): Frame<Simplify<Omit<S, keyof P> & Projected<P>>> {
    return this.#project({ ...this.#pick(this.columns), ...add(this.#columns()) })
  }

  /** All columns but these. */
  drop<N extends Name<S>>(...names: readonly N[]): Frame<Simplify<Omit<S, N>>> {
    return this.#project(this.#pick(this.columns.filter((name) => !(names as readonly string[]).includes(name))))
  }

  /** The same columns, some under another name: `{ id: 'movie_id' }` calls id movie_id. */
  rename<const R extends { readonly [N in Name<S>]?: string }>(names: R): Frame<Renamed<S, R>> {
    const renamed = new Map<string, string>(Object.entries(names))
    const columns = Object.entries(this.#pick(this.columns)).map(([name, c]) => [renamed.get(name) ?? name, c] as const)
    checkNames(
      columns.map(([name]) => name),
      'column',
    )
    return this.#project(Object.fromEntries(columns))
  }

  /** The rows that have a value in all of these columns, which are no longer nullable. */
  dropNulls<N extends Name<S>>(...names: readonly N[]): Frame<Filled<S, N>> {
    return names.reduce<Frame<S>>(
      (frame, name) => frame.filter((columns) => columns[name].isNotNull()),
      this,
    ) as Frame<never>
  }

  /** Groups by columns; nulls are a group of their own. Without names, `agg` makes one row of the whole frame. */
  groupBy<N extends Name<S>>(...keys: readonly N[]): Grouped<S, N> {
    return new Grouped((aggregate) => {
      const base = this.#open('columns', 'groupBy', 'isDistinct', 'limit', 'orderBy')
      const [keyed, made] = [this.#pick(keys), aggregate(this.#columns())]
      checkClash('agg', keys, Object.keys(made))
      const columns = { ...keyed, ...made }
      for (const key of keys) comparable({ type: this.types[key] ?? 'string' })
      return this.#with({ ...base, ...nodes(columns), groupBy: keys, isPlain: false }, typesOf(columns))
    })
  }

  /** One row of aggregates over the whole frame, also when the frame is empty. */
  agg<P extends Projection<'aggregate'>>(aggregate: (columns: Columns<S>) => P): Frame<Simplify<Projected<P>>> {
    return this.groupBy().agg(aggregate) as Frame<never>
  }

  /** Joins on columns of the same name and type, which appear once. Null matches nothing. Other names must not clash. */
  join<O, K extends Name<S> & Name<O>, H extends How = 'inner'>(
    other: Frame<O> & SameTypes<S, O, K> & (H extends 'semi' | 'anti' ? unknown : NoClash<S, O, K>),
    on: readonly K[],
    how?: H,
  ): Frame<Joined<S, O, K, H>> {
    if (on.length === 0) throw new TypeError('join: no column to join on')
    for (const name of on)
      checkSame('join', name, comparable({ type: this.types[name] ?? 'string' }).type, other.types[name])
    return this.#joined(other, on, how ?? 'inner')
  }

  /** Joins where a condition over both sides holds. No name may be on both sides. */
  joinOn<O, H extends How = 'inner'>(
    other: Frame<O> & (H extends 'semi' | 'anti' ? unknown : NoClash<S, O, never>),
    on: (left: Columns<S>, right: Columns<O>) => Column<'boolean' | null>,
    how?: H,
  ): Frame<Joined<S, O, never, H>> {
    const condition = on(this.#columns('l'), (other as Frame<O>).#columns('r')).node
    return this.#joined(other, condition, how ?? 'inner')
  }

  /** One row per element of an array. Rows whose array is empty or null vanish. */
  explode<N extends ArrayName<S>, As extends string>(array: N, as: As): Frame<Exploded<S, N, As, never>> {
    return this.#explode('explode', array, as)
  }
  /** One row per element of an array, and one with null where the array is empty or null. */
  explodeOuter<N extends ArrayName<S>, As extends string>(array: N, as: As): Frame<Exploded<S, N, As, null>> {
    return this.#explode('explode_outer', array, as)
  }

  /**
   * All columns, and the document in a text column as the struct `as`: what is missing, null or of another type in it is null;
   * text that is no JSON object gives a struct of nulls. Its fields are read in the steps after. A step and not a function, so that engines parse once.
   */
  parseJson<N extends TextName<S>, As extends string, const T extends StructOf<Fields>>(
    text: N,
    as: As,
    shape: T,
  ): Frame<Simplify<Omit<S, As> & { [A in As]: Json<T> | Nulls<S[N]> }>> {
    const document = new Column(
      { op: 'json', text: { op: 'column', name: text }, type: textType(shape) },
      documentType(shape),
    )
    return this.#project({ ...this.#pick(this.columns), [as]: document } as Projection)
  }

  /** The rows of both, duplicates kept. Columns are matched by name, whatever their order. */
  unionByName<A, O extends { readonly [N in keyof A]: unknown }>(
    this: Frame<A>,
    other: Frame<O> & SameColumns<A, O>,
  ): Frame<{ [N in keyof A]: A[N] | O[N] }> {
    checkUnion(this.types, other.types)
    const inputs = [...unionInputs(this.query), other.query]
    const query = plain({ from: 'union', inputs, columns: this.columns }, this.columns)
    return this.#with(query, this.types, engineOf(this, other)) as Frame<never>
  }

  /** Each different row once; null equals null. */
  distinct(): Frame<S> {
    for (const type of Object.values(this.types)) comparable({ type })
    return this.#with({ ...this.#open('limit', 'orderBy', 'groupBy'), isDistinct: true, isPlain: false })
  }

  /** One row per key: the first in the given order, which should leave no ties. */
  dropDuplicates<N extends Name<S>>(
    keys: readonly N[],
    order: (columns: Columns<S>) => readonly [Column<unknown> | OrderBy, ...(Column<unknown> | OrderBy)[]],
  ): Frame<S> {
    const place: Node = {
      op: 'call',
      name: 'row_number',
      args: [],
      isAggregate: true,
      window: {
        partitionBy: keys.map((name) => ({ op: 'column', name })),
        orderBy: order(this.#columns()).map(orderOf),
      },
    }
    const name = freeName('_place', this.columns)
    const placed = this.#project({ ...this.#pick(this.columns), [name]: new Column(place, 'int') })
    const first = placed.filter((columns: Columns<Record<string, 'int'>>) =>
      (columns[name] ?? unknownColumn(name, [])).eq(1),
    )
    return first.#project(this.#pick(this.columns))
  }

  /** Sorted rows. Nulls come last in both directions. */
  orderBy(order: (columns: Columns<S>) => readonly (Column<unknown> | OrderBy)[]): Sorted<S> {
    const items = order(this.#columns()).map(orderOf)
    const base = items.every(({ by }) => by.op === 'column')
      ? this.#open('limit')
      : this.#open('columns', 'groupBy', 'isDistinct', 'limit')
    return this.#with({ ...base, orderBy: items, isPlain: false }) as Frame<S>
  }

  /** The first `n` rows; which ones is only certain after `orderBy` on a unique key. */
  limit(n: number): Frame<S> {
    if (!Number.isSafeInteger(n) || n < 0) throw new RangeError(`limit: ${n} is not a count`)
    return this.#with({ ...this.#open('limit'), limit: n, isPlain: false })
  }

  /** Ends a step here and names it, so that SQL and query plans speak of `released` instead of `step_3`. */
  as(name: string): Frame<S> {
    const named = { ...this.query, name, isPlain: false }
    return this.#with(plain({ from: 'query', query: named }, this.columns))
  }

  /**
   * `broadcast`: joined to another frame, all rows of this one are sent to wherever the other's are, which then stay where they are. For a small
   * right side of a large left one on Spark; DuckDB passes over it.
   */
  hint(name: 'broadcast'): Frame<S> {
    if (name !== 'broadcast') throw new RangeError(`hint: ${String(name)} is not known; there is: broadcast`)
    return this.#with({ ...plain({ from: 'query', query: this.query }, this.columns), isBroadcast: true })
  }

  /** What `step` makes of this frame: lets steps of one's own stand in a chain. */
  transform<R>(step: (frame: Frame<S>) => R): R {
    return step(this)
  }

  /** The names of the columns, in order. */
  get columns(): readonly string[] {
    return Object.keys(this.types)
  }

  /** The SQL that would run. Throws TypeError when the frame belongs to no engine and no dialect is given. */
  toSql(dialect: Dialect | undefined = this.engine?.dialect): string {
    if (dialect === undefined) throw new TypeError('this frame belongs to no engine: say which dialect')
    const documents = Object.entries(this.types).filter(([, type]) => holdsDocument(type))
    if (documents.length === 0) return renderQuery(this.query, dialect)
    const read = documents.map(([name, type]) => [name, new Column(unpacked({ op: 'column', name }, type), type)])
    return renderQuery(this.#project({ ...this.#pick(this.columns), ...Object.fromEntries(read) }).query, dialect)
  }

  /** All rows. */
  async collect(signal?: AbortSignal): Promise<RowOf<this>[]> {
    const rows: RowOf<this>[] = []
    for await (const batch of this.batches(signal)) rows.push(...batch)
    return rows
  }
  /** The rows in batches of the engine's own size, as they come. Leaving the loop stops the query, and so does the signal. */
  async *batches(signal?: AbortSignal): AsyncGenerator<readonly RowOf<this>[], void, undefined> {
    yield* this.#engine().query(this.toSql(), this.types, signal) as AsyncIterable<readonly RowOf<this>[]>
  }
  /** The rows one by one, as they come. Leaving the loop stops the query, and so does the signal. */
  async *rows(signal?: AbortSignal): AsyncGenerator<RowOf<this>, void, undefined> {
    for await (const batch of this.batches(signal)) yield* batch
  }
  /** The first row, or undefined when there is none. */
  async first(signal?: AbortSignal): Promise<RowOf<this> | undefined> {
    return (await this.limit(1).collect(signal))[0] as RowOf<this> | undefined
  }
  /** How many rows there are. */
  async count(signal?: AbortSignal): Promise<number> {
    const source = plain({ from: 'query', query: this.query }, [])
    const columns = { n: { op: 'call', name: 'count_all', args: [] } } as const
    const counted = this.#with({ ...source, columns, isPlain: false }, { n: 'bigint' }) as Frame<{ n: 'bigint' }>
    return (await counted.first(signal))?.n ?? 0
  }
  /** Hands the first `n` rows to `write` as a text table, by default to standard output. */
  async show(n = 20, write: (text: string) => void = print): Promise<void> {
    write((await this.#display(n))['text/plain'])
  }
  /** The first 20 rows as a table: what a notebook shows for a frame that is the value of a cell. */
  [jupyterDisplay](): Promise<Display> {
    return this.#display(20)
  }
  /** The engine's plan. */
  explain(): Promise<string> {
    return this.#engine().explain(this.toSql())
  }

  async #display(n: number): Promise<Display> {
    // one more than asked for tells whether there are more
    const rows = await this.limit(n + 1).collect()
    const shown = { types: this.types, rows: rows.slice(0, n), hasMore: rows.length > n }
    return { 'text/html': htmlTable(shown), 'text/plain': textTable(shown) }
  }
  #engine(): QueryEngine {
    if (this.engine === undefined) throw new TypeError('this frame belongs to no engine: open it from a lake')
    return this.engine
  }
  #columns(side?: string): Columns<never> {
    return Object.fromEntries(
      Object.entries(this.types).map(([name, type]) => [
        name,
        new Column({ op: 'column', name, ...(side !== undefined && { side }) }, type),
      ]),
    ) as Columns<never>
  }
  #pick(names: readonly string[]): Projection {
    return Object.fromEntries(
      names.map((name) => [
        name,
        new Column({ op: 'column', name }, this.types[name] ?? unknownColumn(name, this.columns)),
      ]),
    )
  }
  /** This query if it has none of the given clauses yet, otherwise a query that reads it as a finished step. */
  #open(...blockers: readonly ('columns' | 'groupBy' | 'isDistinct' | 'orderBy' | 'limit')[]): Query {
    const { query } = this
    const blocked = blockers.some((clause) =>
      clause === 'columns'
        ? Object.entries(query.columns).some(
            ([name, node]) => node.op !== 'column' || node.name !== name || node.side !== undefined,
          )
        : query[clause] !== undefined,
    )
    return blocked ? plain({ from: 'query', query }, this.columns) : query
  }
  #project(projection: Projection): Frame<never> {
    const query = narrowed(this.query, nodes(projection).columns) ?? {
      ...this.#open('columns', 'groupBy', 'isDistinct', 'limit', 'orderBy'),
      ...nodes(projection),
      isPlain: false,
    }
    return this.#with(query, typesOf(projection))
  }
  #joined(other: AnyFrame, on: readonly string[] | Node, how: How): Frame<never> {
    const keys: readonly string[] = 'op' in on ? [] : on
    const added = how === 'semi' || how === 'anti' ? [] : other.columns.filter((name) => !keys.includes(name))
    checkClash('join', this.columns, added)
    const left = this.columns.map((name): [string, Node] => [
      name,
      { op: 'column', name, ...(keys.includes(name) ? {} : { side: 'l' }) },
    ])
    const right = added.map((name): [string, Node] => [name, { op: 'column', name, side: 'r' }])
    const query: Query = {
      source: { from: 'join', how, left: this.query, right: other.query, on },
      columns: Object.fromEntries([...left, ...right]),
      isPlain: false,
    }
    const theirs = Object.fromEntries(Object.entries(other.types).filter(([name]) => added.includes(name)))
    return this.#with(query, { ...this.types, ...theirs }, engineOf(this, other))
  }
  #explode(name: 'explode' | 'explode_outer', array: string, as: string): Frame<never> {
    const source = this.#pick([array])[array] ?? unknownColumn(array, this.columns)
    const [, type] = elementOf(source.node, source.type)
    const json = typeof source.type === 'object' && 'json' in source.type
    if (json && typeof type === 'string' && type !== 'string')
      throw new TypeError(`explode: transform the elements of ${array} first`)
    const element: Column<unknown> = new Column({ op: 'call', name, args: [source.node] }, type)
    const rest = this.columns.filter((column) => column !== array)
    checkClash('explode', rest, [as])
    return this.#project({ ...this.#pick(rest), [as]: element })
  }
  #with(query: Query, types: Fields = this.types, engine: QueryEngine | undefined = this.engine): Frame<never> {
    return new Frame(query, types, engine) as Frame<never>
  }
}

/** A frame in order. No engine keeps an order through another step, so only `limit` and the actions are left. */
export type Sorted<S> = Pick<
  Frame<S>,
  'limit' | 'collect' | 'batches' | 'rows' | 'first' | 'count' | 'show' | 'explain' | 'toSql' | typeof jupyterDisplay
>

/** A frame waiting for its aggregates. */
export class Grouped<S, N> {
  readonly #aggregated: (aggregate: (columns: Columns<never>) => Projection<Kind>) => Frame<never>
  constructor(aggregated: (aggregate: (columns: Columns<never>) => Projection<Kind>) => Frame<never>) {
    this.#aggregated = aggregated
  }
  /** One row per group: the keys, then these. Only aggregates may stand here. */
  agg<P extends Projection<'aggregate'>>(
    aggregate: (columns: Columns<S>) => P,
  ): Frame<Simplify<Pick<S, N & keyof S> & Projected<P>>> {
    return this.#aggregated(aggregate as (columns: Columns<never>) => Projection<Kind>)
  }
}

const nodes = (projection: Projection<Kind>): { columns: Record<string, Node> } => ({
  columns: Object.fromEntries(Object.entries(projection).map(([name, column]) => [name, column.node])),
})
const typesOf = (projection: Projection<Kind>): Record<string, Type> =>
  Object.fromEntries(Object.entries(projection).map(([name, column]) => [name, column.type]))

const print = (text: string): void => console.log(text)

function freeName(wanted: string, taken: readonly string[]): string {
  let name = wanted
  while (taken.includes(name)) name = `_${name}`
  return name
}

function unknownColumn(name: string, columns: readonly string[]): never {
  throw new TypeError(`no column ${name}; there are ${columns.join(', ')}`)
}

function checkClash(step: string, columns: readonly string[], added: readonly string[]): void {
  const taken = new Set(columns.map((name) => name.toLowerCase()))
  for (const name of added)
    if (taken.has(name.toLowerCase()))
      throw new TypeError(`${step}: there is a column ${name} already: drop or rename it`)
}

function checkSame(step: string, name: string, here: Type, there: Type | undefined): void {
  if (there === undefined || !isSameType(here, there))
    throw new TypeError(
      `${step}: ${name} is ${typeName(here)} here and ${there === undefined ? 'missing' : typeName(there)} there`,
    )
}

function checkUnion(here: Fields, there: Fields): void {
  for (const [name, type] of Object.entries(here)) checkSame('union', name, type, there[name])
  for (const name of Object.keys(there))
    if (here[name] === undefined) throw new TypeError(`union: ${name} is only on the other side`)
}

/** The engine that frames have in common; undefined when none has one. Throws TypeError when there are two. */
export function engineOf(...frames: readonly AnyFrame[]): QueryEngine | undefined {
  const [engine, other] = new Set(frames.flatMap((frame) => frame.engine ?? []))
  if (other !== undefined) throw new TypeError('two frames of different engines: open both from the same lake')
  return engine
}
