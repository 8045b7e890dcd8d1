import { Column, OrderBy, orderOf, type Columns, type Kind, type Nulls, type TypeOf } from './column.ts'
import type { Dialect } from './dialect.ts'
import type { QueryEngine } from './engine.ts'
import { documentType, elementOf, textType, unpacked } from './json.ts'
import type { Node } from './node.ts'
import { narrowed, renderQuery, type Query, type Source } from './query.ts'
import { formatRows } from './show.ts'
import {
  typeName,
  type ArrayOf,
  type Fields,
  type Json,
  type Simplify,
  type StructOf,
  type Type,
  type Value,
} from './types.ts'

type Projection<K extends Kind = 'row' | 'window'> = Readonly<Record<string, Column<unknown, K>>>
type Projected<P> = { [N in keyof P]: TypeOf<P[N]> }
type Name<S> = keyof S & string
type Nullable<S> = { [N in keyof S]: S[N] | null }
type ArrayName<S> = { [N in keyof S]: Exclude<S[N], null> extends ArrayOf<unknown> ? N : never }[keyof S] & string
type TextName<S> = { [N in keyof S]: Exclude<S[N], null> extends 'string' ? N : never }[keyof S] & string
type Element<T> = Exclude<T, null> extends ArrayOf<infer E> ? E : never
type Exploded<S, N, As extends string, Null> = Simplify<
  Omit<S, N & string> & { [A in As]: Element<S[N & keyof S]> | Null }
>
type Shared<S, O, K> = Exclude<keyof S & keyof O, K> & string
type NoClash<S, O, K> = [Shared<S, O, K>] extends [never]
  ? unknown
  : { error: `both sides have a column ${Shared<S, O, K>}: drop or rename it on one side` }
type SameColumns<S, O> = [Exclude<keyof S, keyof O> | Exclude<keyof O, keyof S>] extends [never]
  ? unknown
  : { error: `only one side has the column ${(Exclude<keyof S, keyof O> | Exclude<keyof O, keyof S>) & string}` }
type Joined<S, O, K, How> = How extends 'semi' | 'anti'
  ? S
  : How extends 'left'
    ? Simplify<S & Nullable<Omit<O, K & string>>>
    : How extends 'full'
      ? Simplify<Pick<S, K & keyof S> & Nullable<Omit<S & O, K & string>>>
      : Simplify<S & Omit<O, K & string>>
type How = 'inner' | 'left' | 'full' | 'semi' | 'anti'

/** The JavaScript row of a frame: `RowOf<typeof movies>`. */
export type RowOf<F> = F extends Frame<infer S> ? { readonly [N in keyof S]: Value<S[N]> } : never
/** A frame whatever its columns. */
export type AnyFrame = Frame<unknown>

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

  /** Exactly these columns: by name, or computed. */
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
  rename<const R extends { readonly [N in Name<S>]?: string }>(
    names: R,
  ): Frame<Simplify<{ [N in keyof S as N extends keyof R ? R[N] & string : N]: S[N] }>> {
    const renamed = names as Readonly<Record<string, string>>
    return this.#project(
      Object.fromEntries(
        Object.entries(this.#pick(this.columns)).map(([name, column]) => [renamed[name] ?? name, column]),
      ),
    )
  }

  /** The rows that have a value in all of these columns, which are no longer nullable. */
  dropNulls<N extends Name<S>>(
    ...names: readonly N[]
  ): Frame<Simplify<{ [C in keyof S]: C extends N ? Exclude<S[C], null> : S[C] }>> {
    return names.reduce<Frame<S>>(
      (frame, name) => frame.filter((columns) => columns[name].isNotNull()),
      this,
    ) as Frame<never>
  }

  /** Groups by columns; nulls are a group of their own. Without names, `agg` makes one row of the whole frame. */
  groupBy<N extends Name<S>>(...keys: readonly N[]): Grouped<S, N> {
    return new Grouped((aggregate) => {
      const base = this.#open('columns', 'groupBy', 'isDistinct', 'limit', 'orderBy')
      const columns = { ...this.#pick(keys), ...aggregate(this.#columns()) }
      return this.#with({ ...base, ...nodes(columns), groupBy: keys, isPlain: false }, typesOf(columns))
    })
  }

  /** One row of aggregates over the whole frame, also when the frame is empty. */
  agg<P extends Projection<'aggregate'>>(aggregate: (columns: Columns<S>) => P): Frame<Simplify<Projected<P>>> {
    return this.groupBy().agg(aggregate) as Frame<never>
  }

  /** Joins on columns of the same name, which appear once. Null matches nothing. Other names must not clash. */
  join<O, K extends Name<S> & Name<O>, H extends How = 'inner'>(
    other: Frame<O> & (H extends 'semi' | 'anti' ? unknown : NoClash<S, O, K>),
    on: readonly K[],
    how?: H,
  ): Frame<Joined<S, O, K, H>> {
    const left = this.columns.map(
      (name) => [name, { op: 'column', name, ...(on.includes(name as K) ? {} : { side: 'l' }) }] as const,
    )
    return this.#joined(other, on, how ?? 'inner', left)
  }

  /** Joins where a condition over both sides holds. No name may be on both sides. */
  joinOn<O, H extends How = 'inner'>(
    other: Frame<O> & (H extends 'semi' | 'anti' ? unknown : NoClash<S, O, never>),
    on: (left: Columns<S>, right: Columns<O>) => Column<'boolean' | null>,
    how?: H,
  ): Frame<Joined<S, O, never, H>> {
    const condition = on(this.#columns('l'), (other as Frame<O>).#columns('r')).node
    return this.#joined(
      other,
      condition,
      how ?? 'inner',
      this.columns.map((name) => [name, { op: 'column', name, side: 'l' }]),
    )
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
    for (const [name, type] of Object.entries(this.types)) {
      const theirs = other.types[name]
      if (theirs === undefined || typeName(theirs) !== typeName(type))
        throw new TypeError(
          `union: ${name} is ${typeName(type)} here and ${theirs === undefined ? 'missing' : typeName(theirs)} there`,
        )
    }
    return this.#with(
      plain({ from: 'union', inputs: [...unionInputs(this.query), other.query], columns: this.columns }, this.columns),
    ) as Frame<never>
  }

  /** Each different row once; null equals null. */
  distinct(): Frame<S> {
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
    const placed = this.#project({ ...this.#pick(this.columns), _place: new Column(place, 'int') }) as Frame<never>
    return (placed.filter(({ _place }: Columns<{ _place: 'int' }>) => _place.eq(1)) as Frame<never>).#project(
      this.#pick(this.columns),
    )
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
    return this.#with({ ...this.query, name, isPlain: false }).#with(
      plain({ from: 'query', query: { ...this.query, name } }, this.columns),
    )
  }

  /** What `step` makes of this frame: lets steps of one's own stand in a chain. */
  transform<R>(step: (frame: Frame<S>) => R): R {
    return step(this)
  }

  get columns(): readonly string[] {
    return Object.keys(this.types)
  }

  /** The SQL that would run. */
  toSql(dialect: Dialect | undefined = this.engine?.dialect): string {
    if (dialect === undefined) throw new Error('this frame belongs to no engine; say which dialect')
    const documents = Object.entries(this.types).filter(([, type]) => typeof type === 'object' && 'json' in type)
    if (documents.length === 0) return renderQuery(this.query, dialect)
    return renderQuery(
      this.#project({
        ...this.#pick(this.columns),
        ...Object.fromEntries(
          documents.map(([name, type]) => [name, new Column(unpacked({ op: 'column', name }, type), type)]),
        ),
      }).query,
      dialect,
    )
  }

  /** All rows. */
  async collect(signal?: AbortSignal): Promise<RowOf<this>[]> {
    const rows: RowOf<this>[] = []
    for await (const row of this.rows(signal)) rows.push(row)
    return rows
  }
  /** The rows one by one, as the engine delivers them. Leaving the loop stops the query. */
  async *rows(signal?: AbortSignal): AsyncGenerator<RowOf<this>, void, undefined> {
    for await (const batch of this.#engine().query(this.toSql(), this.types, signal))
      yield* batch as readonly RowOf<this>[]
  }
  /** The first row, or undefined when there is none. */
  async first(): Promise<RowOf<this> | undefined> {
    return (await this.limit(1).collect())[0] as RowOf<this> | undefined
  }
  /** How many rows there are. */
  async count(): Promise<number> {
    const counted = this.#with(
      {
        ...plain({ from: 'query', query: this.query }, []),
        columns: { n: { op: 'call', name: 'count_all', args: [] } },
        isPlain: false,
      },
      { n: 'bigint' },
    )
    return Number(((await counted.collect()) as { n: number }[])[0]?.n)
  }
  /** Hands the first `n` rows to `write` as a text table. */
  async show(n = 20, write: (text: string) => void = console.log): Promise<void> {
    write(formatRows(this.columns, await this.limit(n).collect()))
  }
  /** The engine's plan. */
  explain(): Promise<string> {
    return this.#engine().explain(this.toSql())
  }

  #engine(): QueryEngine {
    if (this.engine === undefined) throw new Error('this frame belongs to no engine; open it from a lake')
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
  #joined(
    other: AnyFrame,
    on: readonly string[] | Node,
    how: How,
    left: readonly (readonly [string, Node])[],
  ): Frame<never> {
    const keys: readonly string[] = 'op' in on ? [] : on
    const added = how === 'semi' || how === 'anti' ? [] : other.columns.filter((name) => !keys.includes(name))
    const columns = Object.fromEntries([
      ...left,
      ...added.map((name) => [name, { op: 'column', name, side: 'r' }] as const),
    ])
    const query: Query = {
      source: { from: 'join', how, left: this.query, right: other.query, on },
      columns,
      isPlain: false,
    }
    return this.#with(query, {
      ...this.types,
      ...Object.fromEntries(Object.entries(other.types).filter(([name]) => added.includes(name))),
    })
  }
  #explode(name: 'explode' | 'explode_outer', array: string, as: string): Frame<never> {
    const source = this.#pick([array])[array] ?? unknownColumn(array, this.columns)
    const [, type] = elementOf(source.node, source.type)
    const json = typeof source.type === 'object' && 'json' in source.type
    if (json && typeof type === 'string' && type !== 'string')
      throw new TypeError(`explode: transform the elements of ${array} first`)
    const element = new Column({ op: 'call', name, args: [source.node] }, type)
    return this.#project({
      ...this.#pick(this.columns.filter((column) => column !== array)),
      [as]: element,
    } as Projection)
  }
  #with(query: Query, types: Fields = this.types): Frame<never> {
    return new Frame(query, types, this.engine) as Frame<never>
  }
}

/** A frame in order. No engine keeps an order through another step, so only `limit` and the actions are left. */
export type Sorted<S> = Pick<Frame<S>, 'limit' | 'collect' | 'rows' | 'first' | 'count' | 'show' | 'explain' | 'toSql'>

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

/** A query that is nothing but `source`. */
export const plain = (source: Source, columns: readonly string[]): Query => ({
  source,
  columns: Object.fromEntries(columns.map((name) => [name, { op: 'column', name }])),
  isPlain: true,
})

const unionInputs = (query: Query): readonly Query[] =>
  query.isPlain && query.source.from === 'union' ? query.source.inputs : [query]
const nodes = (projection: Projection<Kind>): { columns: Record<string, Node> } => ({
  columns: Object.fromEntries(Object.entries(projection).map(([name, column]) => [name, column.node])),
})
const typesOf = (projection: Projection<Kind>): Record<string, Type> =>
  Object.fromEntries(Object.entries(projection).map(([name, column]) => [name, column.type]))

function unknownColumn(name: string, columns: readonly string[]): never {
  throw new TypeError(`no column ${name}; there are ${columns.join(', ')}`)
}
