import type { Type } from './types.ts'

/** The SQL of a call, given the SQL of its arguments. `over` is ` OVER (…)` or empty and belongs right behind an aggregate. */
export type Rendering = (args: readonly string[], over: string) => string

const infix =
  (operator: string): Rendering =>
  ([a, b]) =>
    `(${a} ${operator} ${b})`
const prefix =
  (name: string): Rendering =>
  (args, over) =>
    `${name}(${args.join(', ')})${over}`
const as =
  (type: string, inner: Rendering): Rendering =>
  (args, over) =>
    `CAST(${inner(args, over)} AS ${type})`

/** What reads and means the same on DuckDB and Spark, each line held by a conformance case. */
export const shared = {
  eq: infix('='),
  ne: infix('<>'),
  gt: infix('>'),
  ge: infix('>='),
  lt: infix('<'),
  le: infix('<='),
  eq_null_safe: infix('IS NOT DISTINCT FROM'),
  and: infix('AND'),
  or: infix('OR'),
  not: ([a]) => `(NOT ${a})`,
  is_null: ([a]) => `(${a} IS NULL)`,
  is_not_null: ([a]) => `(${a} IS NOT NULL)`,
  isin: ([a, ...values]) => `(${a} IN (${values.join(', ')}))`,
  plus: infix('+'),
  minus: infix('-'),
  multiply: infix('*'),
  mod: ([a, b]) => `(${a} % nullif(${b}, 0))`,
  divide: ([a, b]) => `(${a} / nullif(${b}, 0e0))`,
  case: (args) =>
    `CASE ${args.map((arg, i) => (i % 2 === 0 ? (i + 1 < args.length ? `WHEN ${arg}` : `ELSE ${arg}`) : `THEN ${arg}`)).join(' ')} END`,
  coalesce: prefix('coalesce'),
  nullif: prefix('nullif'),
  greatest: prefix('greatest'),
  least: prefix('least'),
  abs: prefix('abs'),
  exp: prefix('exp'),
  pow: as('DOUBLE', prefix('power')),
  ln: ([a]) => `ln(nullif(greatest(${a}, 0e0), 0e0))`,
  sqrt: ([a]) => `CASE WHEN ${a} >= 0e0 THEN sqrt(${a}) END`,
  floor: as('DOUBLE', prefix('floor')),
  ceil: as('DOUBLE', prefix('ceil')),
  round_to_bigint: ([a]) =>
    `CASE WHEN round(${a}) >= -9.223372036854775808e18 AND round(${a}) < 9.223372036854775808e18 THEN CAST(round(${a}) AS BIGINT) END`,
  round: ([a, scale]) => `(round(${a} * ${scale}) / ${scale})`,
  // İ and final sigma are the two letters whose lower case differs between simple and full case mapping
  lower: ([a]) => `replace(lower(replace(${a}, 'İ', 'i')), 'ς', 'σ')`,
  trim: prefix('trim'),
  length: as('INT', prefix('length')),
  substring: prefix('substring'),
  replace: prefix('replace'),
  concat: (args) => `(${args.join(' || ')})`,
  concat_ws: prefix('concat_ws'),
  contains: prefix('contains'),
  regexp_extract: ([a, pattern, group]) => `nullif(regexp_extract(${a}, ${pattern}, ${group}), '')`,
  year: as('INT', prefix('year')),
  month: as('INT', prefix('month')),
  day: as('INT', prefix('day')),
  quarter: as('INT', prefix('quarter')),
  date_trunc: as('DATE', prefix('date_trunc')),
  count_all: (_, over) => `count(*)${over}`,
  count: prefix('count'),
  count_distinct: ([a], over) => `count(DISTINCT ${a})${over}`,
  sum_bigint: as('BIGINT', prefix('sum')),
  sum_double: prefix('sum'),
  avg: prefix('avg'),
  min: prefix('min'),
  max: prefix('max'),
  median: as('DOUBLE', prefix('median')),
  bool_and: prefix('bool_and'),
  bool_or: prefix('bool_or'),
  stddev: prefix('stddev_samp'),
  row_number: as('INT', prefix('row_number')),
  rank: as('INT', prefix('rank')),
  dense_rank: as('INT', prefix('dense_rank')),
  ntile: as('INT', prefix('ntile')),
  percent_rank: prefix('percent_rank'),
  lag: prefix('lag'),
  lead: prefix('lead'),
  bigint_to_int: ([a]) => `try_cast(${a} AS INT)`,
  double_to_bigint: ([a]) => `CASE WHEN ${a} = floor(${a}) AND abs(${a}) < 9.2e18 THEN CAST(${a} AS BIGINT) END`,
  double_to_int: ([a]) =>
    `CASE WHEN ${a} = floor(${a}) AND ${a} BETWEEN -2147483648e0 AND 2147483647e0 THEN CAST(${a} AS INT) END`,
} satisfies Record<string, Rendering>

/** How a text must be spelt to be a value of the type, as RE2 and Java both read it; the group is what a strict cast takes. */
export const textForms = {
  int: '([+-]?[0-9]{1,18})([.]0*)?',
  bigint: '([+-]?[0-9]{1,18})([.]0*)?',
  double: '([+-]?([0-9]+[.]?[0-9]*|[.][0-9]+)([eE][+-]?[0-9]{1,3})?)',
  date: '([0-9]{4}-[0-9]{2}-[0-9]{2})',
  timestamp: '([0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}:[0-9]{2}([.][0-9]{1,6})?Z)',
  boolean: '(true|false)',
}
type FromText = `string_to_${keyof typeof textForms}`

/**
 * The conversions of text, of which both engines' own casts are looser, each in its way: `convert` writes one that is null unless the
 * text has the form. It should name the text only once, since what it is given may be long.
 */
export const fromText = (
  convert: (text: string, form: keyof typeof textForms) => string,
): Readonly<Record<FromText, Rendering>> => ({
  string_to_int: ([a]) => convert(a ?? '', 'int'),
  string_to_bigint: ([a]) => convert(a ?? '', 'bigint'),
  string_to_double: ([a]) => convert(a ?? '', 'double'),
  string_to_date: ([a]) => convert(a ?? '', 'date'),
  string_to_timestamp: ([a]) => convert(a ?? '', 'timestamp'),
  string_to_boolean: ([a]) => convert(a ?? '', 'boolean'),
})

/** What each dialect has to write itself, because the engines' words or meanings differ. */
export type Differing =
  | 'starts_with'
  | 'ends_with'
  | 'rlike'
  | 'regexp_replace'
  | 'split'
  | 'percentile'
  | 'collect_list'
  | 'explode'
  | 'explode_outer'
  | 'size'
  | 'array'
  | 'array_join'
  | 'array_sort'
  | 'array_distinct'
  | 'array_contains'
  | 'array_position'
  | 'array_remove'
  | 'in_order'
  | 'element_at'
  | 'slice'
  | 'flatten'
  | 'transform'
  | 'filter'
  | 'day_of_week'
  | 'date_add'
  | 'date_diff'
  | 'unix_micros'
  | 'json_text'
  | 'sha2'
  | 'row_hash'
  | FromText
/** Every function and operator that expressions may call; a dialect that lacks one does not compile. */
export type FunctionName = keyof typeof shared | Differing

/** How one engine writes SQL: the few forms and functions in which engines differ. It knows no movies and runs nothing. */
export interface Dialect {
  readonly name: string
  readonly functions: Readonly<Record<FunctionName, Rendering>>
  identifier(name: string): string
  text(value: string): string
  type(type: Type): string
  struct(fields: readonly (readonly [name: string, sql: string])[]): string
  field(struct: string, name: string): string
  lambda(parameters: readonly string[], body: string): string
  /** The text of a document parsed into `type`; what is no JSON object becomes a struct of nulls. */
  json(text: string, type: Type): string
  readonly joins: Readonly<Record<JoinKind, string>>
  /** What stands before the columns where all rows of the join's right side, `r`, are to go to those of the left. */
  readonly broadcastRight: string
}
/** Which rows a join keeps. */
export type JoinKind = 'inner' | 'left' | 'full' | 'semi' | 'anti'
