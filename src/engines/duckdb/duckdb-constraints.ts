import type { Expression } from '../../delta/constraint-expression.ts'
import { checksOf } from '../../delta/constraints.ts'
import type { DeltaField, DeltaType } from '../../delta/schema.ts'
import type { Snapshot } from '../../delta/snapshot.ts'
import { TableError } from '../../errors.ts'
import { duckdbDialect } from './duckdb-dialect.ts'
import type { DuckdbSession } from './duckdb-session.ts'

const { identifier, text } = duckdbDialect

/** A rule of a table, and SQL that is true of a row which breaks it. */
interface Rule {
  readonly name: string
  readonly broken: string
}

/** Throws TableError `mismatch`, naming the rule, when a row breaks NOT NULL, an invariant or a CHECK constraint of the table. `rows` is asked for where there are rules. */
export async function checkRows(
  session: DuckdbSession,
  table: Pick<Snapshot, 'table' | 'metadata' | 'schema'>,
  rows: () => Promise<string>,
): Promise<void> {
  const rules = rulesOf(table)
  if (rules.length === 0) return
  const row = `to_json(struct_pack(${table.schema.map(({ name }) => `${identifier(name)} := ${identifier(name)}`).join(', ')}))`
  const items = rules.map(
    ({ broken }, i) =>
      `count(*) FILTER (${broken}) AS n${i}, left(any_value(CAST(${row} AS VARCHAR)) FILTER (${broken}), 200) AS row${i}`,
  )
  const [found = {}] = await session.rows(`SELECT ${items.join(', ')} FROM (${await rows()})`)
  for (const [i, { name }] of rules.entries()) {
    const count = Number(found[`n${i}`])
    if (count === 0) continue
    const many = count === 1 ? 'a row breaks' : `${count} rows break`
    throw new TableError(`${table.table}: ${many} ${name}: ${String(found[`row${i}`])}`, { fault: 'mismatch' })
  }
}

const rulesOf = (table: Pick<Snapshot, 'table' | 'metadata' | 'schema'>): readonly Rule[] => [
  ...table.schema.flatMap((field) => nullRules(field, identifier(field.name), field.name)),
  ...checksOf(table).map(({ name, sql, condition }) => ({
    name: `${name} (${sql})`,
    broken: `(${conditionSql(condition)}) IS NOT TRUE`,
  })),
]

/** What must not be null in a column, its fields, elements and values: each within what holds it, where that is not null itself. */
function nullRules({ nullable, type }: DeltaField, value: string, path: string): readonly Rule[] {
  return [
    ...(nullable ? [] : [{ name: `NOT NULL on ${path}`, broken: `${value} IS NULL` }]),
    ...innerRules(type, value, path),
  ]
}

function innerRules(type: DeltaType, value: string, path: string): readonly Rule[] {
  if (typeof type === 'string') return []
  if (type.type === 'struct')
    return type.fields.flatMap((field) =>
      nullRules(field, `struct_extract(${value}, ${text(field.name)})`, `${path}.${field.name}`).map(
        ({ name, broken }) => ({ name, broken: `${value} IS NOT NULL AND ${broken}` }),
      ),
    )
  if (type.type === 'array') return itemRules(type.elementType, type.containsNull, value, `${path}.element`)
  return [
    ...itemRules(type.keyType, true, `map_keys(${value})`, `${path}.key`),
    ...itemRules(type.valueType, type.valueContainsNull, `map_values(${value})`, `${path}.value`),
  ]
}

function itemRules(type: DeltaType, nullable: boolean, list: string, path: string): readonly Rule[] {
  const item = `"__${path.split('.').length}"`
  return nullRules({ name: '', type, nullable, metadata: {} }, item, path).map(({ name, broken }) => ({
    name,
    broken: `coalesce(len(list_filter(${list}, lambda ${item}: ${broken})) > 0, false)`,
  }))
}

const operators: Readonly<Record<string, string>> = { '<=>': 'IS NOT DISTINCT FROM' }

function conditionSql(expression: Expression): string {
  switch (expression.node) {
    case 'column':
      return columnSql(expression)
    case 'literal':
      return literalSql(expression)
    case 'isNull':
      return `(${conditionSql(expression.of)} IS NULL)`
    case 'not':
      return `(NOT ${conditionSql(expression.of)})`
    case 'length':
      return `length(${conditionSql(expression.of)})`
    case 'binary': {
      const { operator, left, right } = expression
      // numbers beside a double are compared as doubles, as Spark does
      const isFloating = [left, right].some(({ kind }) => kind === 'floating')
      const sides = [left, right].map((side) =>
        isFloating ? `CAST(${conditionSql(side)} AS DOUBLE)` : conditionSql(side),
      )
      return `(${sides.join(` ${operators[operator] ?? operator} `)})`
    }
  }
}

const columnSql = ({ path: [first = '', ...fields] }: { readonly path: readonly string[] }): string =>
  fields.reduce((value, name) => `struct_extract(${value}, ${text(name)})`, identifier(first))

function literalSql({ kind, text: value }: { readonly kind: string; readonly text: string }): string {
  if (kind === 'string') return text(value)
  return kind === 'date' ? `DATE ${text(value)}` : value
}
