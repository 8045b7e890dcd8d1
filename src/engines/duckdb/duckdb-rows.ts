import { randomUUID } from 'node:crypto'
import type { DuckDBAppender, DuckDBType } from '@duckdb/node-api'
import { TableError } from '../../errors.ts'
import type { DeltaField } from '../../delta/schema.ts'
import type { Row } from '../../frame/engine.ts'
import { duckdbDialect } from './duckdb-dialect.ts'
import { loadedType, loadedValue } from './duckdb-row-values.ts'
import type { DuckdbSession } from './duckdb-session.ts'
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
  const types = schema.map(({ type }) => loadedType(type))
  const columns = schema.map((field, i) => `${identifier(field.name)} ${types[i]?.toString() ?? ''}`)
  await session.run(`CREATE TABLE stage.${name} (${columns.join(', ')})`)
  const drop = (): Promise<void> => session.run(`DROP TABLE IF EXISTS stage.${name}`)
  try {
    await session.use(`append to ${table}`, undefined, async (connection) => {
      const appender = await connection.createAppender(name, 'stage')
      rows.forEach((row, i) => appendRow(appender, { table, schema, types }, row, i))
      appender.closeSync()
    })
  } catch (error) {
    await drop()
    throw error
  }
  const items = schema.map(
    ({ name: column, type }) => `CAST(${identifier(column)} AS ${sqlType(type)}) AS ${identifier(column)}`,
  )
  return { sql: `SELECT ${items.join(', ')} FROM stage.${name}`, drop }
}

interface Columns {
  readonly table: string
  readonly schema: readonly DeltaField[]
  readonly types: readonly DuckDBType[]
}

function appendRow(appender: DuckDBAppender, { table, schema, types }: Columns, row: Row, index: number): void {
  const known = new Set(schema.map(({ name }) => name))
  const unknown = Object.keys(row).find((name) => !known.has(name))
  if (unknown !== undefined) mismatch(table, index, unknown, 'is not a column of the table')
  for (const [i, { name, type }] of schema.entries()) {
    try {
      appender.appendValue(loadedValue(type, row[name]), types[i])
    } catch (error) {
      if (!(error instanceof RangeError)) throw error
      const place = error.message === '' ? '' : `, at ${error.message}`
      mismatch(table, index, name, `is ${shown(row[name])}, not a ${sqlType(type)}${place}`)
    }
  }
  appender.endRow()
}

// JSON has no bigint
const shown = (value: unknown): string =>
  (typeof value === 'bigint'
    ? `${value}n`
    : (JSON.stringify(value, (_, inner: unknown) => (typeof inner === 'bigint' ? `${inner}n` : inner)) ?? typeof value)
  ).slice(0, 60)

function mismatch(table: string, index: number, column: string, what: string): never {
  throw new TableError(`${table}: row ${index + 1}: ${column} ${what}`, { fault: 'mismatch' })
}
