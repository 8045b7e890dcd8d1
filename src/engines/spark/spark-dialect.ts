import { fromText, shared, textForms, type Dialect } from '../../frame/dialect.ts'
import type { Type } from '../../frame/types.ts'

// Spark reads backslash escapes in literals and replaces ${…} by its variables, even inside quotes
const text = (value: string): string =>
  `'${value.replaceAll('\\', '\\\\').replaceAll("'", "\\'").replaceAll('\0', '\\u0000').replaceAll('${', '\\u0024{')}'`
const identifier = (name: string): string => `\`${name.replaceAll('`', '``')}\``

function type(of: Type): string {
  if (typeof of === 'string') return of.toUpperCase()
  if ('json' in of) return type(of.json)
  if ('array' in of) return `ARRAY<${type(of.array)}>`
  return `STRUCT<${Object.entries(of.struct)
    .map(([name, field]) => `${identifier(name)}: ${type(field)}`)
    .join(', ')}>`
}

const fieldOf = /^(\w+) -> \1\.(`(?:[^`]|``)+`)$/

/** Text as a value of a type, null unless it has the form. */
function converted(of: string, form: keyof typeof textForms): string {
  const checked = `try_cast(nullif(regexp_extract(${of}, ${text(`\\A${textForms[form]}\\z`)}, 1), '') AS ${type(form)})`
  if (!(form === 'int' || form === 'bigint') || !isPath.test(of)) return checked
  // nearly all numbers are spelt as Spark itself would, which is found out in two thirds of the time
  const number = `try_cast(${of} AS ${type(form)})`
  const isPlain = `CAST(${number} AS STRING) = ${of} AND length(${of}) <= 18`
  return `CASE WHEN ${isPlain} THEN ${number} ELSE ${checked} END`
}
// what can be named several times
const isPath = /^[\w`.]+$/

/** Spark 4.2 in ANSI mode. The session's time zone is UTC. */
export const sparkDialect: Dialect = {
  name: 'spark',
  identifier,
  text,
  type,
  struct: (fields) => `named_struct(${fields.map(([name, sql]) => `${text(name)}, ${sql}`).join(', ')})`,
  field: (struct, name) => `${struct}.${identifier(name)}`,
  lambda: (parameters, body) => `${parameters.length === 1 ? parameters[0] : `(${parameters.join(', ')})`} -> ${body}`,
  // explode keeps Spark from copying from_json into every filter and field that reads the document; of a list it would read the first entry
  json: (document, of) =>
    `explode(array(from_json(CASE WHEN ${document} IS NULL THEN NULL WHEN startswith(trim(LEADING ' \\t\\r\\n' FROM ${document}), '{') THEN ${document} ELSE '{}' END, ${text(type(of))}, map('allowSingleQuotes', 'false'))))`,
  joins: { inner: 'JOIN', left: 'LEFT JOIN', full: 'FULL JOIN', semi: 'LEFT SEMI JOIN', anti: 'LEFT ANTI JOIN' },
  broadcastRight: '/*+ BROADCAST(r) */ ',
  functions: {
    ...shared,
    ...fromText(converted),
    starts_with: ([a, b]) => `startswith(${a}, ${b})`,
    ends_with: ([a, b]) => `endswith(${a}, ${b})`,
    rlike: ([a, b]) => `(${a} RLIKE ${b})`,
    regexp_replace: ([a, b, c]) => `regexp_replace(${a}, ${b}, ${c})`,
    split: ([a, b]) => `split(${a}, concat('\\\\Q', ${b}, '\\\\E'))`,
    percentile: ([a, p], over) => `percentile(${a}, ${p})${over}`,
    collect_list: ([a], over) => `array_sort(collect_list(${a})${over})`,
    explode: ([a]) => `explode(${a})`,
    explode_outer: ([a]) => `explode_outer(${a})`,
    size: ([a]) => `size(${a})`,
    array: (args) => `array(${args.join(', ')})`,
    array_join: (args) => `array_join(${args.join(', ')})`,
    array_sort: ([a]) => `array_sort(${a})`,
    // without nulls this comes to the same as array_sort(array_compact(array_distinct(…))), which is interpreted
    array_distinct: ([a]) => `sort_array(array_except(${a}, array(NULL)))`,
    // nulls inside of records come first in Spark's order: the entries have keys in which they are last
    in_order: ([a, entry]) => `transform(array_sort(transform(${a}, ${entry})), e -> e.value)`,
    // array_contains answers null instead of false when the array holds a null
    array_contains: ([a, b]) => `coalesce(array_contains(${a}, ${b}), CASE WHEN ${a} IS NOT NULL THEN false END)`,
    array_position: ([a, b]) => `CAST(array_position(${a}, ${b}) AS INT)`,
    array_remove: ([a, b]) => `array_remove(${a}, ${b})`,
    // a place of 0 is an error
    element_at: ([a, i = '']) => `try_element_at(${a}, ${/^-?\d+$/.test(i) ? i : `nullif(${i}, 0)`})`,
    slice: ([a, from, n]) => `slice(${a}, ${from}, ${n})`,
    // it is null where an inner list is; array_compact is interpreted
    flatten: ([a]) => `coalesce(flatten(${a}), flatten(array_compact(${a})))`,
    // a field of each record is taken in compiled code, a lambda is interpreted
    transform: ([a, f = '']) => {
      const [, , name] = fieldOf.exec(f) ?? []
      return name === undefined ? `transform(${a}, ${f})` : `(${a}).${name}`
    },
    filter: ([a, f]) => `filter(${a}, ${f})`,
    day_of_week: ([a]) => `dayofweek(${a})`,
    date_add: ([a, n]) => `date_add(${a}, ${n})`,
    date_diff: ([end, start]) => `datediff(${end}, ${start})`,
    sha2: ([a]) => `sha2(${a}, 256)`,
    // a null leaves Spark's hash as it is, so that (null, 1) and (1, null) would be the same
    row_hash: (args) => `shiftrightunsigned(xxhash64(${args.map((a) => `${a}, ${a} IS NULL`).join(', ')}), 11)`,
    unix_micros: ([a]) => `unix_micros(${a})`,
    json_text: ([a, path]) => `get_json_object(${a}, ${path})`,
  },
}
