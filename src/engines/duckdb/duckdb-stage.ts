import { randomUUID } from 'node:crypto'
import { rm } from 'node:fs/promises'
import path from 'node:path'
import { duckdbDialect } from './duckdb-dialect.ts'
import type { DuckdbSession } from './duckdb-session.ts'

/** The rows of a query, computed once. */
export interface Staged {
  /** SQL that answers them. */
  readonly sql: string
  readonly rows: number
  drop(): Promise<void>
}

/** Computes a query into a file of the session, so that it takes no memory however large it is. */
export async function stageSql(session: DuckdbSession, sql: string, signal?: AbortSignal): Promise<Staged> {
  const file = path.join(session.tempDirectory, `stage-${randomUUID()}.parquet`)
  const { text } = duckdbDialect
  const drop = (): Promise<void> => rm(file, { force: true })
  try {
    const [row] = await session.rows(
      `COPY (${sql}) TO ${text(file)} (FORMAT parquet, COMPRESSION lz4, ROW_GROUP_SIZE_BYTES '32MB')`,
      signal,
    )
    return { sql: `SELECT * FROM read_parquet(${text(file)})`, rows: Number(row?.['Count'] ?? 0), drop }
  } catch (error) {
    await drop()
    throw error
  }
}
