import { z } from 'zod'
import { everyRow, type Comparison, type Condition, type Literal } from '../../delta/condition.ts'
import { parseExactly } from '../../delta/exact-json.ts'
import { duckdbDialect } from './duckdb-dialect.ts'
import type { DuckdbSession } from './duckdb-session.ts'

const parsed = z.object({
  statements: z.tuple([z.object({ node: z.object({ where_clause: z.record(z.string(), z.unknown()) }) })]),
})

/** What a condition in DuckDB's SQL asks of single columns. What is not understood may be true of every row; text that is no SQL is left to the query that uses it. */
export async function conditionOf(session: DuckdbSession, sql: string): Promise<Condition> {
  const query = duckdbDialect.text(`SELECT 1 WHERE (${sql}\n)`)
  const [row] = await session.rows(`SELECT json_serialize_sql(${query}) AS parsed`)
  const found = parsed.safeParse(treeOf(String(row?.['parsed'])))
  return found.success ? understood(found.data.statements[0].node.where_clause) : everyRow
}

function treeOf(json: string): unknown {
  try {
    return parseExactly(json)
  } catch {
    // of a number beyond all doubles, such as 1e400, DuckDB makes the word Infinity, which is no JSON
    return undefined
  }
}

const comparisons: Readonly<Record<string, Comparison['is']>> = {
  COMPARE_EQUAL: '=',
  COMPARE_LESSTHAN: '<',
  COMPARE_LESSTHANOREQUALTO: '<=',
  COMPARE_GREATERTHAN: '>',
  COMPARE_GREATERTHANOREQUALTO: '>=',
}
const turned: Readonly<Record<Comparison['is'], Comparison['is']>> = {
  '=': '=',
  '<': '>',
  '<=': '>=',
  '>': '<',
  '>=': '<=',
}

const node = z.object({
  type: z.string(),
  children: z.array(z.unknown()).optional(),
  left: z.unknown().optional(),
  right: z.unknown().optional(),
  input: z.unknown().optional(),
  lower: z.unknown().optional(),
  upper: z.unknown().optional(),
})

function understood(one: unknown): Condition {
  const found = node.safeParse(one)
  if (!found.success) return everyRow
  const { type, children = [], left, right, input, lower, upper } = found.data
  if (type === 'CONJUNCTION_AND') return { all: children.map(understood) }
  if (type === 'CONJUNCTION_OR') return { any: children.map(understood) }
  if (type === 'COMPARE_BETWEEN')
    return areOfOneType([lower, upper])
      ? { all: [compared(input, '>=', lower), compared(input, '<=', upper)] }
      : everyRow
  const [first, ...others] = children
  if (type === 'COMPARE_IN')
    return areOfOneType(others) ? { any: others.map((value) => compared(first, '=', value)) } : everyRow
  if (type === 'OPERATOR_IS_NULL' || type === 'OPERATOR_IS_NOT_NULL') {
    const column = columnOf(first)
    return column === undefined ? everyRow : { column, isNull: type === 'OPERATOR_IS_NULL' }
  }
  const is = comparisons[type]
  return is === undefined ? everyRow : compared(left, is, right)
}

/** Whether DuckDB, which gives all operands of BETWEEN and IN one type, compares a column with each of these as if it stood alone. */
function areOfOneType(values: readonly unknown[]): boolean {
  const kinds = values.map((value) => literalOf(value)?.kind)
  const [first] = kinds
  if (first === undefined) return false
  return kinds.every((kind) => kind === first) || kinds.every((kind) => kind === 'integer' || kind === 'decimal')
}

/** A comparison of a column with a value, on whichever side each stands. */
function compared(left: unknown, is: Comparison['is'], right: unknown): Condition {
  const [column, value] = [columnOf(left), literalOf(right)]
  if (column !== undefined && value !== undefined) return { column, is, value }
  const [other, first] = [columnOf(right), literalOf(left)]
  return other !== undefined && first !== undefined ? { column: other, is: turned[is], value: first } : everyRow
}

const column = z.object({ class: z.literal('COLUMN_REF'), column_names: z.array(z.string()) })
const field = z.object({ type: z.literal('ARRAY_EXTRACT'), children: z.tuple([z.unknown(), z.unknown()]) })

/** The names down to a column, or to a field in one: `who.age` and `who['age']` alike. */
function columnOf(one: unknown): readonly string[] | undefined {
  const named = column.safeParse(one)
  if (named.success) return named.data.column_names
  const inner = field.safeParse(one)
  if (!inner.success) return undefined
  const [of, name] = inner.data.children
  const [names, key] = [columnOf(of), literalOf(name)]
  return names !== undefined && key?.kind === 'text' ? [...names, key.text] : undefined
}

const valueType = z.object({ id: z.string(), type_info: z.object({ scale: z.string() }).nullable().catch(null) })
const constant = z.object({
  class: z.literal('CONSTANT'),
  value: z.object({
    type: valueType,
    // a value of more than 64 bits is an object of two numbers
    value: z.string(),
  }),
})
const cast = z.object({
  class: z.literal('CAST'),
  child: z.unknown(),
  cast_type: valueType,
})

const integers = new Set(['TINYINT', 'SMALLINT', 'INTEGER', 'BIGINT'])
const castKinds: Readonly<Record<string, Literal['kind']>> = {
  DOUBLE: 'double',
  DATE: 'date',
  TIMESTAMP: 'timestamp',
  'TIMESTAMP WITH TIME ZONE': 'timestamp',
}

/** A value that is written out, or text that is cast to a type which keeps what it says. */
function literalOf(one: unknown): Literal | undefined {
  const written = constant.safeParse(one)
  if (written.success) return valueOf(written.data.value)
  const made = cast.safeParse(one)
  if (!made.success) return undefined
  const { child, cast_type: to } = made.data
  const of = literalOf(child)
  if (of?.kind !== 'text') return undefined
  if (to.id === 'DECIMAL') return decimalOf(of.text, Number(to.type_info?.scale))
  const kind = castKinds[to.id]
  return kind && { kind, text: of.text }
}

function valueOf({ type, value }: z.infer<typeof constant>['value']): Literal | undefined {
  if (type.id === 'VARCHAR') return { kind: 'text', text: value }
  if (type.id === 'DOUBLE') return { kind: 'double', text: value }
  if (integers.has(type.id)) return { kind: 'integer', text: value }
  if (type.id !== 'DECIMAL' || type.type_info === null) return undefined
  return { kind: 'decimal', text: `${value}e-${type.type_info.scale}` }
}

/** Text that a cast to a decimal takes as it is, with all digits that it then has: with more it would be rounded. */
function decimalOf(text: string, scale: number): Literal | undefined {
  const [found, whole, fraction = ''] = /^([+-]?\d+)(?:\.(\d+))?$/.exec(text) ?? []
  if (found === undefined || fraction.length > scale) return undefined
  return { kind: 'decimal', text: `${whole}${fraction.padEnd(scale, '0')}e-${scale}` }
}
