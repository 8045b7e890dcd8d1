import { call, Column, lift, type Kind, type KindOf, type Nulls, type Operand, type TypeOf } from './column.ts'
import { comparable } from './json.ts'
import type { Node } from './node.ts'
import {
  checkNames,
  isSameType,
  typeName,
  type ArrayOf,
  type Literal,
  type Numeric,
  type Scalar,
  type Simplify,
  type StructOf,
  type Type,
} from './types.ts'

type Any = Column<unknown, Kind>
type Text = Column<'string' | null, Kind>
type Num = Column<Numeric | null, Kind>
type Day = Column<'date' | null, Kind>
type Bool = Column<'boolean' | null, Kind>
type Same<C, R> = Column<R | Nulls<TypeOf<C>>, KindOf<C>>
type AllNullable<Cs extends readonly unknown[]> = Cs extends readonly [infer Head, ...infer Rest]
  ? null extends TypeOf<Head>
    ? AllNullable<Rest>
    : never
  : null
type AnyNull<Cs extends readonly unknown[]> = Nulls<TypeOf<Cs[number]>>

/** Text as a column. A number or null says its type: `lit(1, 'int')`. */
export function lit(value: string): Column<'string', never>
/** A boolean as a column. */
export function lit(value: boolean): Column<'boolean', never>
/** A value of the type as a column. Throws TypeError when it is none. */
export function lit<T extends Scalar>(value: Literal<T>, type: T): Column<T, never>
/** Null as a column of the type. */
export function lit<T extends Scalar>(value: null, type: T): Column<T | null, never>
export function lit(value: string | number | boolean | Date | null, type?: Type): Column<never, never> {
  return lift(value, type ?? (typeof value === 'boolean' ? 'boolean' : 'string'))
}

// a struct and a document of the same shape look alike to the compiler
function same(value: unknown, type: Type): Column<never, never> {
  const column = lift(value, type)
  if (!isSameType(column.type, type))
    throw new TypeError(`${typeName(column.type)} beside ${typeName(type)}: read the fields of documents first`)
  return column
}

/** The first of the values that is not null. */
export const coalesce = <
  C extends Column<unknown, Kind>,
  const Os extends readonly Operand<Exclude<TypeOf<C>, null>>[],
>(
  first: C,
  ...others: Os
): Column<Exclude<TypeOf<C>, null> | AllNullable<[C, ...Os]>, KindOf<C | Os[number]>> =>
  call('coalesce', first.type, first, ...others.map((other) => same(other, first.type)))
/** Null where the column equals the value, else the column. */
export const nullif = <C extends Column<unknown, Kind>>(
  column: C,
  value: Operand<Exclude<TypeOf<C>, null>>,
): Column<TypeOf<C> | null, KindOf<C>> => call('nullif', comparable(column).type, column, same(value, column.type))
/** The largest value, nulls left out. */
export const greatest = <
  C extends Column<unknown, Kind>,
  const Os extends readonly Operand<Exclude<TypeOf<C>, null>>[],
>(
  first: C,
  ...others: Os
): Column<Exclude<TypeOf<C>, null> | AllNullable<[C, ...Os]>, KindOf<C | Os[number]>> =>
  call('greatest', comparable(first).type, first, ...others.map((other) => same(other, first.type)))
/** The smallest value, nulls left out. */
export const least = <C extends Column<unknown, Kind>, const Os extends readonly Operand<Exclude<TypeOf<C>, null>>[]>(
  first: C,
  ...others: Os
): Column<Exclude<TypeOf<C>, null> | AllNullable<[C, ...Os]>, KindOf<C | Os[number]>> =>
  call('least', comparable(first).type, first, ...others.map((other) => same(other, first.type)))

/** A choice that is null where no condition held: `when(a, x).when(b, y).otherwise(z)`. */
export type Case<T, K extends Kind> = Column<T | null, K> & {
  when<C extends Bool, V extends Operand<Exclude<T, null>>>(
    condition: C,
    value: V,
  ): Case<T | Nulls<TypeOf<V>>, K | KindOf<C> | KindOf<V>>
  otherwise<V extends Operand<Exclude<T, null>>>(value: V): Column<T | Nulls<TypeOf<V>>, K | KindOf<V>>
}
/** The value where the condition is true, null elsewhere, unless `when` or `otherwise` follow. */
export const when = <C extends Bool, V extends Column<unknown, Kind> | string | boolean>(
  condition: C,
  value: V,
): Case<TypeOf<V>, KindOf<C> | KindOf<V>> => {
  const then = lift(value, typeof value === 'boolean' ? 'boolean' : 'string')
  return caseOf([condition.node, then.node], then.type)
}
const caseOf = (args: readonly Node[], type: Type): never =>
  Object.assign(new Column<never, never>({ op: 'call', name: 'case', args }, type), {
    when: (condition: Bool, value: unknown) => caseOf([...args, condition.node, same(value, type).node], type),
    otherwise: (value: unknown) =>
      new Column<never, never>({ op: 'call', name: 'case', args: [...args, same(value, type).node] }, type),
  }) as never

/** A struct with these fields, in this order. Throws TypeError on names that differ only by case. */
export const struct = <const F extends Readonly<Record<string, Column<unknown, Kind>>>>(
  fields: F,
): Column<StructOf<Simplify<{ -readonly [N in keyof F]: TypeOf<F[N]> }>>, KindOf<F[keyof F]>> => {
  const entries = Object.entries(fields)
  checkNames(Object.keys(fields), 'field')
  return new Column(
    { op: 'struct', fields: entries.map(([name, column]) => [name, column.node]) },
    { struct: Object.fromEntries(entries.map(([name, column]) => [name, column.type])) },
  )
}

/** Lower case. Final sigma becomes σ and İ becomes i, so that every engine answers the same. */
export const lower = <C extends Text>(text: C): Same<C, 'string'> => call('lower', 'string', text)
/** Without spaces at both ends. Tabs and line ends stay. */
export const trim = <C extends Text>(text: C): Same<C, 'string'> => call('trim', 'string', text)
/** The count of Unicode code points. */
export const length = <C extends Text>(text: C): Same<C, 'int'> => call('length', 'int', text)
/** `count` code points from the 1-based `start`. */
export const substring = <C extends Text>(text: C, start: number, count: number): Same<C, 'string'> => {
  if (start < 1) throw new RangeError(`substring: start ${start}, must be 1 or more`)
  if (count < 0) throw new RangeError(`substring: count ${count}, must be 0 or more`)
  return call('substring', 'string', text, lift(start, 'int'), lift(count, 'int'))
}
/** Joined texts, null if one of them is. */
export const concat = <const Cs extends readonly (Text | string)[]>(
  ...texts: Cs
): Column<'string' | AnyNull<Cs>, KindOf<Cs[number]>> =>
  call('concat', 'string', ...texts.map((text) => lift(text, 'string')))
/** Joined texts with a separator, nulls left out. */
export const concatWs = <const Cs extends readonly (Text | string)[]>(
  separator: string,
  ...texts: Cs
): Column<'string', KindOf<Cs[number]>> =>
  call('concat_ws', 'string', lift(separator, 'string'), ...texts.map((text) => lift(text, 'string')))
/** The text with every occurrence replaced; no regular expression. */
export const replace = <C extends Text>(text: C, search: string, by: string): Same<C, 'string'> =>
  call('replace', 'string', text, lift(search, 'string'), lift(by, 'string'))
/** The text with every match replaced. Throws RangeError on `\\` and `$` in `by`: engines spell group references differently. */
export const regexpReplace = <C extends Text>(text: C, pattern: string, by: string): Same<C, 'string'> => {
  if (/[\\$]/.test(by)) throw new RangeError(`regexpReplace: ${JSON.stringify(by)} has a \\ or a $`)
  return call('regexp_replace', 'string', text, lift(pattern, 'string'), lift(by, 'string'))
}
/** The group of the first match; null when nothing matched or the group is empty. */
export const regexpExtract = <C extends Text>(
  text: C,
  pattern: string,
  group = 1,
): Column<'string' | null, KindOf<C>> =>
  call('regexp_extract', 'string', text, lift(pattern, 'string'), lift(group, 'int'))
/** The parts between the separators, which are literal. */
export const split = <C extends Text>(text: C, separator: string): Same<C, ArrayOf<'string'>> => {
  if (separator === '' || separator.includes('\\E'))
    throw new RangeError(`split: separator ${JSON.stringify(separator)}`)
  return call('split', { array: 'string' }, text, lift(separator, 'string'))
}
/** The SHA-256 of the text's UTF-8 bytes, 64 hex digits. */
export const sha2 = <C extends Text>(text: C): Same<C, 'string'> => call('sha2', 'string', text)
/**
 * A hash of 53 bits of these columns of any type; rows that are the same have the same one. To be compared only with what the same engine has
 * computed: each has its own.
 */
export const rowHash = (...columns: readonly [Any, ...Any[]]): Column<'bigint'> =>
  call('row_hash', 'bigint', ...columns)

const double = (column: Num): Column<never, never> =>
  new Column(column.type === 'double' ? column.node : { op: 'cast', arg: column.node, type: 'double' }, 'double')
/** The absolute value. */
export const abs = <C extends Num>(x: C): Column<TypeOf<C>, KindOf<C>> => call('abs', x.type, x)
/** The largest whole number not above x, as a double. */
export const floor = <C extends Num>(x: C): Same<C, 'double'> => call('floor', 'double', double(x))
/** The smallest whole number not below x, as a double. */
export const ceil = <C extends Num>(x: C): Same<C, 'double'> => call('ceil', 'double', double(x))
/** x to `digits` decimals, halves away from zero, in binary: round(x * 10^digits) / 10^digits. */
export const round = <C extends Num>(x: C, digits = 0): Same<C, 'double'> =>
  call('round', 'double', double(x), lift(10 ** digits, 'double'))
/** The whole number next to x, halves away from zero; null where it is none of 64 bits. Less work than `round` and `tryCast`. */
export const roundToBigint = <C extends Num>(x: C): Column<'bigint' | null, KindOf<C>> =>
  call('round_to_bigint', 'bigint', double(x))
/** The square root, null below 0. */
export const sqrt = <C extends Num>(x: C): Column<'double' | null, KindOf<C>> => call('sqrt', 'double', double(x))
/** The natural logarithm, null for 0 and below. */
export const ln = <C extends Num>(x: C): Column<'double' | null, KindOf<C>> => call('ln', 'double', double(x))
/** e to the power of x. */
export const exp = <C extends Num>(x: C): Same<C, 'double'> => call('exp', 'double', double(x))
/** x to the power of n. */
export const pow = <C extends Num>(x: C, n: number): Same<C, 'double'> =>
  call('pow', 'double', double(x), lift(n, 'double'))

/** The year of a date. */
export const year = <C extends Day>(day: C): Same<C, 'int'> => call('year', 'int', day)
/** The month, 1 to 12. */
export const month = <C extends Day>(day: C): Same<C, 'int'> => call('month', 'int', day)
/** The day of the month. */
export const dayOfMonth = <C extends Day>(day: C): Same<C, 'int'> => call('day', 'int', day)
/** The quarter, 1 to 4. */
export const quarter = <C extends Day>(day: C): Same<C, 'int'> => call('quarter', 'int', day)
/** Sunday 1 to Saturday 7, as in Spark. */
export const dayOfWeek = <C extends Day>(day: C): Same<C, 'int'> => call('day_of_week', 'int', day)
/** The date so many days later. */
export const dateAdd = <C extends Day>(day: C, days: number): Same<C, 'date'> =>
  call('date_add', 'date', day, lift(days, 'int'))
/** The days from `start` to `end`. */
export const dateDiff = <E extends Day, S extends Day>(
  end: E,
  start: S,
): Column<'int' | Nulls<TypeOf<E | S>>, KindOf<E | S>> => call('date_diff', 'int', end, start)
/** The first day of the date's year, quarter, month or week (Monday). */
export const dateTrunc = <C extends Day>(unit: 'year' | 'quarter' | 'month' | 'week', day: C): Same<C, 'date'> =>
  call('date_trunc', 'date', lift(unit, 'string'), day)
/** Microseconds since 1970. */
export const unixMicros = <C extends Column<'timestamp' | null, Kind>>(at: C): Same<C, 'bigint'> =>
  call('unix_micros', 'bigint', at)

/** The text at `path` (`$.credits.cast`) of a JSON document: null when it is missing or null, JSON when it is no scalar. Parses the document: for checks, not for reading. */
export const jsonText = (document: Column<'string' | null>, path: string): Column<'string' | null> =>
  call('json_text', 'string', document, lift(path, 'string'))

/** SQL of the user's own as a column of `type`; columns and values in it are rendered for the engine at hand. */
export const sqlColumn =
  <T extends Scalar>(type: T) =>
  <const Cs extends readonly (Column<unknown, Kind> | string | boolean)[]>(
    texts: TemplateStringsArray,
    ...args: Cs
  ): Column<T | null, KindOf<Cs[number]>> =>
    new Column(
      { op: 'sql', texts, args: args.map((arg) => lift(arg, typeof arg === 'boolean' ? 'boolean' : 'string').node) },
      type,
    )
