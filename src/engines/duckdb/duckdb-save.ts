import { rm } from 'node:fs/promises'
import { randomUUID } from 'node:crypto'
import type { SavedTable } from '../engine.ts'
import { duckdbDialect } from './duckdb-dialect.ts'
import type { DuckdbSession } from './duckdb-session.ts'

const { identifier, text } = duckdbDialect
// as many values as a mask has bits, without the sign
const maskBits = 62

/** Writes frames as the tables of a new DuckDB file. What a failed attempt left is removed. */
export async function saveDatabase(
  session: DuckdbSession,
  path: string,
  tables: Readonly<Record<string, SavedTable>>,
): Promise<void> {
  const database = identifier(`save~${randomUUID().slice(0, 8)}`)
  const remove = async (): Promise<void> => {
    await rm(path, { force: true })
    await rm(`${path}.wal`, { force: true })
  }
  await remove()
  try {
    // such a file is read far more often than written: unpacking takes longer than reading four times as much
    await session.define(`SET GLOBAL force_compression = 'uncompressed'`)
    await session.define(`ATTACH ${text(path)} AS ${database} (STORAGE_VERSION 'latest')`)
    try {
      for (const [name, table] of Object.entries(tables)) await saveTable(session, database, name, table)
      await session.run(`CHECKPOINT ${database}`)
    } finally {
      await session.define(`DETACH ${database}`)
    }
  } catch (error) {
    await remove()
    throw error
  }
}

async function saveTable(
  session: DuckdbSession,
  database: string,
  name: string,
  { frame, enums = [], largestFirst = [] }: SavedTable,
): Promise<void> {
  const target = `${database}.${identifier(name)}`
  const order = largestFirst.map((column) => `${identifier(column)} DESC NULLS LAST`).join(', ')
  const ordered = order === '' ? '' : ` ORDER BY ${order}`
  const rows = `(${frame.toSql(duckdbDialect)})`
  const items: string[] = []
  for (const column of enums) {
    const isList = typeof frame.types[column] === 'object'
    const [of, type] = [identifier(column), `${database}.${identifier(`${name}_${column}`)}`]
    const values = `SELECT ${isList ? `unnest(${of})` : of} AS v FROM ${rows}`
    await session.run(`CREATE TYPE ${type} AS ENUM (SELECT DISTINCT v FROM (${values}) WHERE v IS NOT NULL ORDER BY v)`)
    items.push(`${of}::${type}${isList ? '[]' : ''} AS ${of}`, ...(isList ? [maskOf(column, type)] : []))
  }
  const others = enums.length === 0 ? '*' : `* EXCLUDE (${enums.map(identifier).join(', ')})`
  await session.run(`CREATE TABLE ${target} AS SELECT ${[others, ...items].join(', ')} FROM ${rows}${ordered}`)
}

/** A number with a bit for each value of a list, so that most rows without a value are known without looking at the list. */
const maskOf = (column: string, type: string): string =>
  `coalesce(list_aggregate(list_transform(${identifier(column)}::${type}[], lambda e: 1::BIGINT << (enum_code(e) % ${maskBits})), 'bit_or'), 0)::BIGINT AS ${identifier(`${column}_mask`)}`
