import { fromText, shared, textForms, type Dialect } from '../../frame/dialect.ts'
import type { Type } from '../../frame/types.ts'

const text = (value: string): string =>
  value
    .split('\0')
    .map((part) => `'${part.replaceAll("'", "''")}'`)
    .join(' || chr(0) || ')
const identifier = (name: string): string => `"${name.replaceAll('"', '""')}"`

function type(of: Type): string {
  if (typeof of === 'string')
    return {
      int: 'INTEGER',
      bigint: 'BIGINT',
      double: 'DOUBLE',
      string: 'VARCHAR',
      boolean: 'BOOLEAN',
      date: 'DATE',
      timestamp: 'TIMESTAMPTZ',
    }[of]
  if ('json' in of) return type(of.json)
  if ('array' in of) return `${type(of.array)}[]`
  return `STRUCT(${Object.entries(of.struct)
    .map(([name, field]) => `${identifier(name)} ${type(field)}`)
    .join(', ')})`
}

/** The shape from_json wants: `{"id":"VARCHAR","genres":[{"name":"VARCHAR"}]}`. */
function shapeOf(of: Type): unknown {
  if (typeof of === 'string') return type(of)
  if ('json' in of) return shapeOf(of.json)
  return 'array' in of
    ? [shapeOf(of.array)]
    : Object.fromEntries(Object.entries(of.struct).map(([name, field]) => [name, shapeOf(field)]))
}

// a parameter hides a column of its name
function unusedIn(sql: string): string {
  let name = 'e'
  while (sql.toLowerCase().includes(identifier(name))) name += '_'
  return name
}

/** DuckDB 1.5. The session runs with TimeZone = 'UTC'. */
export const duckdbDialect: Dialect = {
  name: 'duckdb',
  identifier,
  text,
  type,
  struct: (fields) => `{${fields.map(([name, sql]) => `${text(name)}: ${sql}`).join(', ')}}`,
  field: (struct, name) => `struct_extract(${struct}, ${text(name)})`,
  lambda: (parameters, body) => `lambda ${parameters.join(', ')}: ${body}`,
  json: (document, of) => {
    const shape = text(JSON.stringify(shapeOf(of)))
    const parsed = `coalesce(TRY(from_json(${document}, ${shape})), from_json('{}', ${shape}))`
    // a generator keeps DuckDB from pushing a filter below it, which would parse again for every filter
    return `unnest([CASE WHEN ${document} IS NOT NULL THEN ${parsed} END])`
  },
  joins: { inner: 'JOIN', left: 'LEFT JOIN', full: 'FULL JOIN', semi: 'SEMI JOIN', anti: 'ANTI JOIN' },
  broadcastRight: '',
  functions: {
    ...shared,
    // RE2 is twice as fast without a group; no match gives '', which no cast takes, and DuckDB's cast takes 7.0 for an integer
    ...fromText((a, form) => `try_cast(regexp_extract(${a}, '\\A${textForms[form]}\\z') AS ${type(form)})`),
    round_to_bigint: ([a]) => `try_cast(round(${a}) AS BIGINT)`,
    starts_with: ([a, b]) => `starts_with(${a}, ${b})`,
    ends_with: ([a, b]) => `ends_with(${a}, ${b})`,
    rlike: ([a, b]) => `regexp_matches(${a}, ${b})`,
    regexp_replace: ([a, b, c]) => `regexp_replace(${a}, ${b}, ${c}, 'g')`,
    split: ([a, b]) => `string_split(${a}, ${b})`,
    percentile: ([a, p], over) => `quantile_cont(${a}, ${p})${over}`,
    // list() keeps nulls, and is null itself over no rows
    collect_list: ([a], over) =>
      `list_sort(coalesce(list(${a}) FILTER (WHERE ${a} IS NOT NULL)${over}, []), 'ASC', 'NULLS LAST')`,
    explode: ([a]) => `unnest(${a})`,
    explode_outer: ([a]) => `unnest(CASE WHEN len(${a}) > 0 THEN ${a} ELSE [NULL] END)`,
    size: ([a]) => `CAST(len(${a}) AS INTEGER)`,
    array: (args) => `[${args.join(', ')}]`,
    // over nulls alone array_to_string answers null
    array_join: ([a, b, nullText]) => {
      const texts = nullText === undefined ? 'list_filter' : 'list_transform'
      const body = nullText === undefined ? 'e IS NOT NULL' : `coalesce(e, ${nullText})`
      return `array_to_string(${texts}(${a}, lambda e: ${body}), ${b})`
    },
    array_sort: ([a]) => `list_sort(${a}, 'ASC', 'NULLS LAST')`,
    array_distinct: ([a]) => `list_sort(list_distinct(${a}), 'ASC', 'NULLS LAST')`,
    in_order: ([a = '']) => a,
    array_contains: ([a, b]) => `list_contains(${a}, ${b})`,
    array_position: ([a, b]) => `CASE WHEN ${a} IS NOT NULL THEN coalesce(list_position(${a}, ${b}), 0) END`,
    array_remove: ([a, b = '']) => {
      const element = unusedIn(b)
      return `list_filter(${a}, lambda ${element}: ${element} IS DISTINCT FROM ${b})`
    },
    element_at: ([a, i]) => `(${a})[${i}]`,
    slice: ([a, from, n]) => `(${a})[${from}:${from} + ${n} - 1]`,
    flatten: ([a]) => `flatten(${a})`,
    transform: ([a, f]) => `list_transform(${a}, ${f})`,
    filter: ([a, f]) => `list_filter(${a}, ${f})`,
    day_of_week: ([a]) => `CAST(dayofweek(${a}) + 1 AS INTEGER)`,
    date_add: ([a, n]) => `(${a} + ${n})`,
    date_diff: ([end, start]) => `CAST(${end} - ${start} AS INTEGER)`,
    sha2: ([a]) => `sha256(${a})`,
    row_hash: (args) => `CAST(hash(${args.join(', ')}) >> 11 AS BIGINT)`,
    unix_micros: ([a]) => `epoch_us(${a})`,
    json_text: ([a, path]) => `json_extract_string(${a}, ${path})`,
  },
}
