import { randomUUID } from 'node:crypto'
import type { DuckDBAppender } from '@duckdb/node-api'
import { TableError } from '../../errors.ts'
import type { DeltaField, DeltaType } from '../../delta/schema.ts'
import type { Row } from '../../frame/engine.ts'
import { duckdbDialect } from './duckdb-dialect.ts'
import type { DuckdbSession } from './duckdb-session.ts'
import { encodeDelta } from './duckdb-encode.ts'
import { sqlType } from './duckdb-types.ts'

const { identifier } = duckdbDialect

/** Rows of the program as a relation of DuckDB. */
export interface LoadedRows {
  /** SQL for the rows, with the columns of the schema. */
  readonly sql: string
  drop(): Promise<void>
}

/** Loads rows into DuckDB. Throws TableError `mismatch` for a column that is not in the schema and for a value that is not of its column's type. */
export async function loadRows(
  session: DuckdbSession,
  table: string,
  schema: readonly DeltaField[],
  rows: readonly Row[],
): Promise<LoadedRows> {
  const name = `rows_${randomUUID().replaceAll('-', '')}`
  const columns = schema.map((field) => `${identifier(field.name)} ${loadedType(field)}`)
  await session.run(`CREATE TABLE stage.${name} (${columns.join(', ')})`)
  const drop = (): Promise<void> => session.run(`DROP TABLE IF EXISTS stage.${name}`)
  try {
    await session.use(`append to ${table}`, undefined, async (connection) => {
      const appender = await connection.createAppender(name, 'stage')
      rows.forEach((row, i) => appendRow(appender, table, schema, row, i))
      appender.closeSync()
    })
  } catch (error) {
    await drop()
    throw error
  }
  const items = schema.map((field) => {
    const column = identifier(field.name)
    const source =
      typeof field.type === 'string' ? column : `CAST(CAST(${column} AS JSON) AS ${sqlType(textual(field.type))})`
    return `CAST(${source} AS ${sqlType(field.type)}) AS ${column}`
  })
  return { sql: `SELECT ${items.join(', ')} FROM stage.${name}`, drop }
}

// JSON becomes no blob, text does
function textual(type: DeltaType): DeltaType {
  if (typeof type === 'string') return type === 'binary' ? 'string' : type
  if (type.type === 'array') return { ...type, elementType: textual(type.elementType) }
  if (type.type === 'map') return { ...type, keyType: textual(type.keyType), valueType: textual(type.valueType) }
  return { ...type, fields: type.fields.map((field) => ({ ...field, type: textual(field.type) })) }
}

const asTheyAre = new Set<unknown>(['long', 'integer', 'double', 'boolean', 'string'])

// all but the commonest types go in as text and are converted all at once
const loadedType = ({ type }: DeltaField): string =>
  typeof type === 'string' && asTheyAre.has(type) ? sqlType(type) : 'VARCHAR'

function appendRow(
  appender: DuckDBAppender,
  table: string,
  schema: readonly DeltaField[],
  row: Row,
  index: number,
): void {
  const known = new Set(schema.map(({ name }) => name))
  const unknown = Object.keys(row).find((name) => !known.has(name))
  if (unknown !== undefined) mismatch(table, index, unknown, 'is not a column of the table')
  for (const field of schema) {
    const value = row[field.name]
    if (value === null || value === undefined) appender.appendNull()
    else if (!appendValue(appender, field, value))
      mismatch(table, index, field.name, `is ${shown(value)}, not a ${sqlType(field.type)}`)
  }
  appender.endRow()
}

function appendValue(appender: DuckDBAppender, { type }: DeltaField, value: unknown): boolean {
  const text = encodeDelta(type, value)
  if (text === undefined) return false
  if (type === 'long') appender.appendBigInt(BigInt(text))
  else if (type === 'integer') appender.appendInteger(Number(text))
  else if (type === 'double') appender.appendDouble(Number(text))
  else if (type === 'boolean') appender.appendBoolean(text === 'true')
  else appender.appendVarchar(text)
  return true
}

// JSON has no bigint
const shown = (value: unknown): string =>
  (typeof value === 'bigint' ? `${value}n` : (JSON.stringify(value) ?? typeof value)).slice(0, 60)

function mismatch(table: string, index: number, column: string, what: string): never {
  throw new TableError(`${table}: row ${index + 1}: ${column} ${what}`, { fault: 'mismatch' })
}
