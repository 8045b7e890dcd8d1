import { randomUUID } from 'node:crypto'
import type { AddFile } from '../../delta/actions.ts'
import type { Condition } from '../../delta/condition.ts'
import type { TouchedFile } from '../../delta/merge-plan.ts'
import type { DeltaField } from '../../delta/schema.ts'
import { filesThatMayHold } from '../../delta/skipping.ts'
import type { Snapshot } from '../../delta/snapshot.ts'
import { conditionOf } from './duckdb-condition.ts'
import { duckdbDialect } from './duckdb-dialect.ts'
import type { DuckdbSession } from './duckdb-session.ts'
import { sqlType } from './duckdb-types.ts'
import type { DuckdbVectors } from './duckdb-vectors.ts'

const { identifier } = duckdbDialect

/** Rows of a table that are to change or go, where they lie, and rows that are new. */
export interface RowChanges {
  readonly inserted: number
  readonly updated: number
  readonly deleted: number
  /** The rows it may be about. */
  readonly reads: Condition
  /** The files that hold a row which changes or goes. */
  readonly touched: readonly TouchedFile[]
  /** SQL for the rows of touched files that stay. */
  kept(files: readonly AddFile[]): Promise<string>
  /** The places of the rows of a touched file that change or go, ascending. */
  gone(file: AddFile): Promise<readonly number[]>
  /** SQL for the rows that are new or changed. */
  readonly written: string
  /** SQL for the rows of the table as it is that change or go. */
  readonly replaced: string
  drop(): Promise<void>
}

/** The columns of a table that an update gives other values, as SQL over its columns. */
export type Assignments = Readonly<Record<string, string>>

/** Finds the rows of a table for which a condition in SQL is true: to take them away, or to change columns of them. */
export async function findRows(
  session: DuckdbSession,
  vectors: DuckdbVectors,
  base: Snapshot,
  condition: string,
  assignments?: Assignments,
): Promise<RowChanges> {
  const reads = await conditionOf(session, condition)
  const files = filesThatMayHold(base, reads)
  const scanned = { snapshot: base, columns: base.schema, withPlace: true, among: files }
  const rows = await vectors.scanSql({ ...scanned, files })
  const found = `stage.found_${randomUUID().replaceAll('-', '')}`
  await session.run(`CREATE TABLE ${found} AS SELECT __file, __row FROM (${rows}) WHERE ${condition}`)
  const drop = (): Promise<void> => session.run(`DROP TABLE IF EXISTS ${found}`)
  try {
    const counts = await session.rows(
      `SELECT __file AS file, count(*) AS gone FROM ${found} GROUP BY ALL ORDER BY file`,
    )
    const touched = counts.flatMap(({ file, gone }) => {
      const one = files[Number(file)]
      return one === undefined ? [] : [{ file: one, gone: Number(gone) }]
    })
    const total = touched.reduce((sum, { gone }) => sum + gone, 0)
    const columns = base.schema.map(({ name }) => identifier(name)).join(', ')
    const replaced = `SELECT ${columns} FROM (${rows}) SEMI JOIN ${found} USING (__file, __row)`
    return {
      inserted: 0,
      updated: assignments === undefined ? 0 : total,
      deleted: assignments === undefined ? total : 0,
      reads,
      touched,
      kept: async (kept) =>
        `SELECT ${columns} FROM (${await vectors.scanSql({ ...scanned, files: kept })}) ANTI JOIN ${found} USING (__file, __row)`,
      gone: async (file) => {
        const places = `SELECT __row AS row FROM ${found} WHERE __file = ${files.indexOf(file)} ORDER BY row`
        return (await session.rows(places)).map(({ row }) => Number(row))
      },
      written:
        assignments === undefined
          ? `SELECT * FROM (${replaced}) WHERE false`
          : `SELECT ${base.schema.map((field) => assigned(field, assignments)).join(', ')} FROM (${replaced})`,
      replaced,
      drop,
    }
  } catch (error) {
    await drop()
    throw error
  }
}

const assigned = ({ name, type }: DeltaField, assignments: Assignments): string =>
  `CAST(${assignments[name] ?? identifier(name)}\n AS ${sqlType(type)}) AS ${identifier(name)}`
