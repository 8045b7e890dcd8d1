import { defaultRules, type Rules } from './rules.ts'
import { Frame, type AnyFrame, type RowOf } from './frame/frame.ts'
import { typeName, type ArrayOf, type Fields, type Simplify, type StructOf, type Type } from './frame/types.ts'

/** What the data dictionary, the contract and the checks say about a column. */
export interface ColumnSpec<out T> {
  readonly holds?: T
  readonly type: Type
  readonly about: string
  readonly isNullable: boolean
  readonly unit?: string
}
/** What else a column says about itself. */
interface Options<N extends boolean> {
  readonly unit?: string
  readonly nullable?: N
}
type Specs = Readonly<Record<string, ColumnSpec<unknown>>>
type Spec<T, N extends boolean> = ColumnSpec<T | (N extends true ? null : never)>

const column =
  <T>(type: Type) =>
  <const N extends boolean = false>(about: string, options: Options<N> = {}): Spec<T, N> => ({
    type,
    about,
    isNullable: options.nullable ?? false,
    ...(options.unit !== undefined && { unit: options.unit }),
  })

/** A column of whole numbers of 32 bits. */
export const int = column<'int'>('int')
/** A column of whole numbers of 64 bits, in JavaScript up to 2^53: ids, counts. */
export const bigint = column<'bigint'>('bigint')
/** A column of floating point numbers. */
export const double = column<'double'>('double')
/** A column of text. */
export const string = column<'string'>('string')
/** A column of true and false. */
export const boolean = column<'boolean'>('boolean')
/** A column of days: `2009-12-18`. */
export const date = column<'date'>('date')
/** A column of instants, UTC: `2025-12-09T10:45:30.000000Z`. */
export const timestamp = column<'timestamp'>('timestamp')
/** A column of lists without nulls in them: `array('string')('names of the genres')`. */
export const array = <const E extends Type>(element: E) => column<ArrayOf<Loose<E>>>({ array: element })
/** A type as a column declares it: fields of records may be null, which no engine checks. */
type Loose<T> = T extends StructOf<infer F> ? StructOf<{ [N in keyof F]: F[N] | null }> : T

type SchemaOf<C> = Simplify<{ -readonly [N in keyof C]: C[N] extends ColumnSpec<infer T> ? T : never }>
type Inputs = Readonly<Record<string, { readonly frame: AnyFrame }>>
type FramesOf<From> = { readonly [N in keyof From]: From[N] extends { readonly frame: infer F } ? F : never }
type RequiredName<S> = { [N in keyof S]: null extends S[N] ? never : N }[keyof S] & string

/** The columns that stand in the way, each with what is wrong, as types that read as sentences. */
type Faults<Built, Declared> = {
  [
    N in keyof Declared as N extends keyof Built ? ([Built[N]] extends [Declared[N]] ? never : N) : N
  ]: N extends keyof Built
    ? { error: 'built with another type or nullability than declared'; built: Built[N]; declared: Declared[N] }
    : { error: 'declared, but build does not answer it' }
} & { [N in Exclude<keyof Built, keyof Declared>]: { error: 'built, but not declared' } }
type Fits<Built, Declared> = keyof Faults<Built, Declared> extends never ? unknown : Faults<Built, Declared>

/** A table of the lake: what it is about and how it is made from others. */
export interface Table<out S> {
  readonly name: string
  readonly grain: string
  readonly key: readonly string[]
  readonly columns: Specs
  readonly inputs: Readonly<Record<string, Table<object>>>
  /** The table as a frame that belongs to no engine: its columns, to be opened by whoever has an engine. */
  readonly frame: Frame<S>
  /** The frame that makes the table, columns in declared order. */
  build(inputs: Readonly<Record<string, AnyFrame>>, rules?: Rules): Frame<S>
}
/** The JavaScript row of a table. */
export type RowOfTable<T> = T extends Table<infer S> ? RowOf<Frame<S>> : never

/** A table whose build the compiler has compared with its columns. Throws TypeError, at build, on types the compiler could not see. */
export function table<const C extends Specs, const From extends Inputs, Built>(spec: {
  readonly name: string
  readonly grain: string
  readonly key: readonly RequiredName<SchemaOf<C>>[]
  readonly from: From
  readonly columns: C
  readonly build: (inputs: FramesOf<From>, rules: Rules) => Frame<Built> & Fits<Built, SchemaOf<C>>
}): Table<SchemaOf<C>> {
  const types: Fields = Object.fromEntries(Object.entries(spec.columns).map(([name, { type }]) => [name, type]))
  return {
    name: spec.name,
    grain: spec.grain,
    key: spec.key,
    columns: spec.columns,
    inputs: spec.from as unknown as Readonly<Record<string, Table<object>>>,
    frame: relation(spec.name, types),
    build(inputs, rules = defaultRules) {
      const built = spec.build(inputs as FramesOf<From>, rules)
      checkBuilt(spec.name, built.types, types)
      return (built as unknown as Frame<Record<string, unknown>>).select(...Object.keys(types)) as unknown as Frame<
        SchemaOf<C>
      >
    },
  }
}

// documents may stand for the structs they are read as: they are written converted
function checkBuilt(table: string, built: Fields, declared: Fields): void {
  for (const [name, type] of Object.entries(declared)) {
    const [is, meant] = [built[name] === undefined ? 'nothing' : typeName(built[name]), typeName(type)]
    if (is !== meant) throw new TypeError(`${table}.${name}: built as ${is}, declared as ${meant}`)
  }
}

/** A table that is written from outside of the lake and built from nothing in it. */
export const stored = <const C extends Specs>(spec: {
  readonly name: string
  readonly grain: string
  readonly key: readonly RequiredName<SchemaOf<C>>[]
  readonly columns: C
}): Table<SchemaOf<C>> =>
  table({
    ...spec,
    from: {},
    build: () => {
      throw new Error(`${spec.name} is not built`)
    },
  }) as Table<SchemaOf<C>>

/** A frame over a relation that an engine knows under this SQL. */
export const relation = <S>(sql: string, types: Fields, engine?: AnyFrame['engine']): Frame<S> =>
  new Frame(
    {
      source: { from: 'relation', sql },
      columns: Object.fromEntries(Object.keys(types).map((name) => [name, { op: 'column', name }])),
      isPlain: true,
    },
    types,
    engine,
  )
