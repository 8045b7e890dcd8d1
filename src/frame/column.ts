import { comparedAs, literal, type JsValue } from './literal.ts'
import { withWindow, type Node, type Order, type Window } from './node.ts'
import { comparable, convertible, fieldOf } from './json.ts'
import { wider, type Literal, type Numeric, type Scalar, type StructOf, type Type } from './types.ts'

/**
 * Where an expression may stand. 'row': anywhere a row is at hand. 'aggregate': in `agg`, or with `over`.
 * 'ranking': only with `over`. 'window': in `select` and `withColumns`, never in `filter` or inside an aggregate.
 */
export type Kind = 'row' | 'aggregate' | 'ranking' | 'window'

/** A column or a plain value of its type. */
export type Operand<T> = Column<T | null, Kind> | Literal<T>
/** The columns of a frame, or the fields of a struct, by name. */
export type Columns<S, K extends Kind = 'row'> = { readonly [N in keyof S]: Column<S[N], K> }
/** The type of a column, of text or of a boolean; never for a number, which has no type of its own. */
export type TypeOf<C> =
  C extends Column<infer T, Kind> ? T : C extends string ? 'string' : C extends boolean ? 'boolean' : never
/** Where a column may stand; never for a plain value, which may stand anywhere. */
export type KindOf<C> = C extends Column<unknown, infer K> ? K : never
/** `null` if the type has it, otherwise never. */
export type Nulls<T> = Extract<T, null>
type Comparable<T> = T extends Numeric ? Numeric : Exclude<T, null>
type Wider<A, B> = 'double' extends A | B ? 'double' : 'bigint' extends A | B ? 'bigint' : 'int'
type Sum<T, O> = (O extends Column<infer U, Kind> ? Wider<T, U> | Nulls<U> : Exclude<T, null>) | Nulls<T>
type FieldsOf<T> =
  Exclude<T, null> extends StructOf<infer F> ? { [N in keyof F]: F[N] | Nulls<T> } : Record<never, never>

/** Conversions that lose nothing and cannot fail. */
interface Casts {
  int: 'bigint' | 'double' | 'string'
  bigint: 'double' | 'string'
  boolean: 'string'
  date: 'timestamp' | 'string'
  timestamp: 'date'
}
/** Conversions that answer null where the value does not fit. */
interface TryCasts {
  string: 'int' | 'bigint' | 'double' | 'date' | 'timestamp' | 'boolean'
  bigint: 'int'
  double: 'int' | 'bigint'
}
type CastOf<T, Table, Hint> = Exclude<T, null> extends keyof Table ? Table[Exclude<T, null> & keyof Table] : Hint

/**
 * Says what a window function sees: which rows share a window, in what order, how far around the current row. `rows` counts from
 * the current row, -1 being the one before; -Infinity and Infinity reach the ends. Without it an ordered aggregate runs up to
 * the current row and its ties, an unordered one over the whole window.
 */
export interface WindowSpec {
  readonly partitionBy?: readonly Column<unknown>[]
  readonly orderBy?: readonly (Column<unknown> | OrderBy)[]
  readonly rows?: readonly [from: number, to: number]
}

/** A column with its direction. A bare column means ascending; nulls are last either way. */
export class OrderBy {
  readonly order: Order
  constructor(order: Order) {
    this.order = order
  }
}

/** A typed expression over one row, group or window. `T` is its type with null if it may be missing, `K` where it may stand. */
export class Column<out T, out K extends Kind = 'row'> {
  declare readonly holds: T
  declare readonly kind: K
  readonly node: Node
  readonly type: Type
  constructor(node: Node, type: Type) {
    this.node = node
    this.type = type
  }

  /** Equal. Null where either side is. */
  eq<O extends Operand<Comparable<T>>>(other: O): Column<'boolean' | Nulls<T> | Nulls<TypeOf<O>>, K | KindOf<O>> {
    return this.#compare('eq', other)
  }
  /** Different. Null where either side is. */
  ne<O extends Operand<Comparable<T>>>(other: O): Column<'boolean' | Nulls<T> | Nulls<TypeOf<O>>, K | KindOf<O>> {
    return this.#compare('ne', other)
  }
  /** Greater. */
  gt<O extends Operand<Comparable<T>>>(other: O): Column<'boolean' | Nulls<T> | Nulls<TypeOf<O>>, K | KindOf<O>> {
    return this.#compare('gt', other)
  }
  /** Greater or equal. */
  ge<O extends Operand<Comparable<T>>>(other: O): Column<'boolean' | Nulls<T> | Nulls<TypeOf<O>>, K | KindOf<O>> {
    return this.#compare('ge', other)
  }
  /** Less. */
  lt<O extends Operand<Comparable<T>>>(other: O): Column<'boolean' | Nulls<T> | Nulls<TypeOf<O>>, K | KindOf<O>> {
    return this.#compare('lt', other)
  }
  /** Less or equal. */
  le<O extends Operand<Comparable<T>>>(other: O): Column<'boolean' | Nulls<T> | Nulls<TypeOf<O>>, K | KindOf<O>> {
    return this.#compare('le', other)
  }
  /** From `low` to `high`, both included. */
  between<L extends Operand<Comparable<T>>, H extends Operand<Comparable<T>>>(
    low: L,
    high: H,
  ): Column<'boolean' | Nulls<T> | Nulls<TypeOf<L | H>>, K | KindOf<L | H>> {
    return call(
      'and',
      'boolean',
      call('ge', 'boolean', this, compared(low, this.type)),
      call('le', 'boolean', this, compared(high, this.type)),
    )
  }
  /** Equal, with null equal to null. Never null itself. */
  eqNullSafe<O extends Operand<Comparable<T>>>(other: O): Column<'boolean', K | KindOf<O>> {
    return this.#compare('eq_null_safe', other)
  }
  /** One of the values. Null where the column is null, but false for an empty list. */
  isin(values: readonly Literal<Exclude<T, null>>[]): Column<'boolean' | Nulls<T>, K> {
    return values.length === 0
      ? call('and', 'boolean', this.isNull(), lift(false, 'boolean'))
      : call('isin', 'boolean', this, ...values.map((v) => compared(v, this.type)))
  }
  /** Whether there is no value. */
  isNull(): Column<'boolean', K> {
    return call('is_null', 'boolean', this)
  }
  /** Whether there is a value. */
  isNotNull(): Column<'boolean', K> {
    return call('is_not_null', 'boolean', this)
  }

  /** Both. False when one is false, even if the other is null. */
  and<O extends Column<'boolean' | null, Kind>>(
    this: Column<'boolean' | null, Kind>,
    other: O,
  ): Column<'boolean' | Nulls<T> | Nulls<TypeOf<O>>, K | KindOf<O>> {
    return call('and', 'boolean', this, other)
  }
  /** One of both. True when one is true, even if the other is null. */
  or<O extends Column<'boolean' | null, Kind>>(
    this: Column<'boolean' | null, Kind>,
    other: O,
  ): Column<'boolean' | Nulls<T> | Nulls<TypeOf<O>>, K | KindOf<O>> {
    return call('or', 'boolean', this, other)
  }
  /** The opposite; null stays null. */
  not(this: Column<'boolean' | null, Kind>): Column<T, K> {
    return call('not', 'boolean', this)
  }

  /** The sum, in the wider type. Integers that overflow are an error. */
  plus<O extends Operand<Numeric>>(this: Column<Numeric | null, Kind>, other: O): Column<Sum<T, O>, K | KindOf<O>> {
    return arithmetic('plus', this, other)
  }
  /** The difference, in the wider type. */
  minus<O extends Operand<Numeric>>(this: Column<Numeric | null, Kind>, other: O): Column<Sum<T, O>, K | KindOf<O>> {
    return arithmetic('minus', this, other)
  }
  /** The product, in the wider type. */
  multiply<O extends Operand<Numeric>>(this: Column<Numeric | null, Kind>, other: O): Column<Sum<T, O>, K | KindOf<O>> {
    return arithmetic('multiply', this, other)
  }
  /** The remainder, with the sign of the dividend. Null when `other` is 0. */
  mod<O extends Operand<Numeric>>(
    this: Column<Numeric | null, Kind>,
    other: O,
  ): Column<Sum<T, O> | null, K | KindOf<O>> {
    return arithmetic('mod', this, other)
  }
  /** The quotient as a double. Null when `other` is 0. */
  divide<O extends Operand<Numeric>>(
    this: Column<Numeric | null, Kind>,
    other: O,
  ): Column<'double' | null, K | KindOf<O>> {
    return call('divide', 'double', asDouble(this), asDouble(lift(other, 'double')))
  }

  /** Whether the text begins with `text`, to the letter. */
  startsWith<O extends string | Column<'string' | null, Kind>>(
    this: Column<'string' | null, Kind>,
    text: O,
  ): Column<'boolean' | Nulls<T> | Nulls<TypeOf<O>>, K | KindOf<O>> {
    return call('starts_with', 'boolean', this, lift(text, 'string'))
  }
  /** Whether the text ends with `text`, to the letter. */
  endsWith(this: Column<'string' | null, Kind>, text: string): Column<'boolean' | Nulls<T>, K> {
    return call('ends_with', 'boolean', this, lift(text, 'string'))
  }
  /** Whether `text` is in it, to the letter. */
  contains(this: Column<'string' | null, Kind>, text: string): Column<'boolean' | Nulls<T>, K> {
    return call('contains', 'boolean', this, lift(text, 'string'))
  }
  /** Whether the regular expression matches anywhere. Say `\A` and `\z` for the ends of the text. */
  rlike(this: Column<'string' | null, Kind>, pattern: string): Column<'boolean' | Nulls<T>, K> {
    return call('rlike', 'boolean', this, lift(pattern, 'string'))
  }

  /** The same value in a wider type. */
  cast<To extends CastOf<T, Casts, 'no cast without loss: tryCast answers null where it fails'>>(
    to: To,
  ): Column<To | Nulls<T>, K> {
    return new Column({ op: 'cast', arg: this.node, type: to as Scalar }, to as Scalar)
  }
  /** The value as `to`, null where it does not fit: text that is not such a value, a fraction or an overflow in an integer. */
  tryCast<To extends CastOf<T, TryCasts, 'nothing can fail here: use cast'>>(to: To): Column<To | null, K> {
    return new Column(convertible(this.node, this.type, to as Scalar), to as Scalar)
  }

  /** The fields of a struct, as columns. */
  get fields(): Columns<FieldsOf<T>, K> {
    return new Proxy(
      {},
      {
        get: (_, name) => {
          const [node, type] = fieldOf(this.node, this.type, String(name))
          return new Column(node, type)
        },
      },
    ) as Columns<FieldsOf<T>, K>
  }

  /** Smallest first, nulls last. */
  asc(): OrderBy {
    return new OrderBy({ by: this.node, direction: 'asc' })
  }
  /** Largest first, nulls last. */
  desc(): OrderBy {
    return new OrderBy({ by: this.node, direction: 'desc' })
  }

  /** The aggregate or rank over the rows of a window instead of a group. */
  over(this: Column<unknown, 'aggregate' | 'ranking'>, spec: WindowSpec): Column<T, 'window'> {
    const window: Window = {
      partitionBy: (spec.partitionBy ?? []).map((column) => column.node),
      orderBy: (spec.orderBy ?? []).map(orderOf),
      ...(spec.rows && { rows: checkedRows(spec.rows) }),
    }
    return new Column(withWindow(this.node, window), this.type)
  }

  #compare<O, K2 extends Kind>(
    name: 'eq' | 'ne' | 'gt' | 'ge' | 'lt' | 'le' | 'eq_null_safe',
    other: O,
  ): Column<never, K2> {
    return call(name, 'boolean', comparable(this), comparable(compared(other, this.type)))
  }
}

function checkedRows(rows: readonly [number, number]): readonly [number, number] {
  const [from, to] = rows
  if (
    ![from, to].every((n) => Number.isInteger(n) || Math.abs(n) === Infinity) ||
    from > to ||
    from === Infinity ||
    to === -Infinity
  )
    throw new RangeError(`rows: [${from}, ${to}], must be whole numbers in ascending order`)
  return rows
}

/** The order of one item: ascending unless it says otherwise. */
export const orderOf = (item: Column<unknown> | OrderBy): Order =>
  item instanceof OrderBy ? item.order : item.asc().order

/** A column as it is, anything else as a literal of `type`; `never` because the caller's signature says the type. */
export const lift = (value: unknown, type: Type): Column<never, never> =>
  value instanceof Column ? (value as Column<never, never>) : new Column(literal(value as JsValue, type), type)

/** A call of a function that every dialect renders. The caller says the type; nothing checks it, hence `never`, which fits every signature. */
export const call = (
  name: Extract<Node, { op: 'call' }>['name'],
  type: Type,
  ...args: readonly Column<unknown, Kind>[]
): Column<never, never> => new Column({ op: 'call', name, args: args.map((arg) => arg.node) }, type)

const compared = (value: unknown, type: Type): Column<never, never> => lift(value, comparedAs(value, type))

const asDouble = (column: Column<unknown, Kind>): Column<unknown, Kind> =>
  column.type === 'double' ? column : new Column({ op: 'cast', arg: column.node, type: 'double' }, 'double')

function arithmetic(
  name: 'plus' | 'minus' | 'multiply' | 'mod',
  left: Column<unknown, Kind>,
  other: unknown,
): Column<never, never> {
  const right = lift(other, left.type)
  return call(name, wider(left.type, right.type), left, right)
}
