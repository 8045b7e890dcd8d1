import { randomUUID } from 'node:crypto'
import { TableError } from '../../errors.ts'
import type { AddFile } from '../../delta/actions.ts'
import { filesWithin, type Reach, type TouchedFile } from '../../delta/merge-plan.ts'
import type { DeltaField } from '../../delta/schema.ts'
import type { Snapshot } from '../../delta/snapshot.ts'
import { duckdbDialect } from './duckdb-dialect.ts'
import type { DuckdbSession } from './duckdb-session.ts'
import type { Staged } from './duckdb-stage.ts'
import { sqlType } from './duckdb-types.ts'
import type { DuckdbVectors } from './duckdb-vectors.ts'

const { identifier } = duckdbDialect

/** A merge to be worked out. */
export interface MergeRequest {
  readonly base: Snapshot
  /** All columns of the table after the merge. The source has them all. */
  readonly schema: readonly DeltaField[]
  readonly key: readonly string[]
  readonly source: Staged
  readonly scope?: { readonly column: string; readonly keys: Staged; readonly isChanged: boolean }
}

/** What a merge does to a table. */
export interface MergeResult {
  readonly inserted: number
  readonly updated: number
  readonly deleted: number
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

/** Compares the source with the rows it may meet. Throws TableError `mismatch` when the source has a key twice, or null in it. */
export async function planMerge(
  session: DuckdbSession,
  vectors: DuckdbVectors,
  request: MergeRequest,
): Promise<MergeResult> {
  const reaches = await checkSource(session, request)
  const candidates = await candidateFiles(session, request, reaches)
  const matches = `stage.matches_${randomUUID().replaceAll('-', '')}`
  const drop = (): Promise<void> => session.run(`DROP TABLE IF EXISTS ${matches}`)
  try {
    const scanned = { snapshot: request.base, columns: request.schema, withPlace: true, among: candidates }
    const rows = await vectors.scanSql({ ...scanned, files: candidates })
    const inReach = await reachableSql(session, request, rows)
    await session.run(`CREATE TABLE ${matches} AS ${matchSql(request, inReach)}`)
    const keys = request.key.map(identifier).join(', ')
    // a key that the table holds twice comes out once
    await session.run(
      `UPDATE ${matches} SET __kind = 'update' WHERE __kind = 'same' AND (${keys}) IN (SELECT (${keys}) FROM ${matches} WHERE __kind = 'update')`,
    )
    const columns = request.schema.map(({ name }) => identifier(name)).join(', ')
    const written = `SELECT ${columns} FROM (${request.source.sql}) ANTI JOIN (SELECT * FROM ${matches} WHERE __kind = 'same') USING (${keys})`
    const [counts] = await session.rows(
      `SELECT count(*) FILTER (__kind = 'delete') AS deleted, count(DISTINCT (${keys})) FILTER (__kind = 'same') AS same,
        count(DISTINCT (${keys})) FILTER (__kind = 'update') AS updated FROM ${matches}`,
    )
    const files = await session.rows(
      `SELECT __file AS file, count(*) AS gone FROM ${matches} WHERE __kind <> 'same' GROUP BY ALL ORDER BY file`,
    )
    const updated = Number(counts?.['updated'])
    return {
      inserted: request.source.rows - Number(counts?.['same']) - updated,
      updated,
      deleted: Number(counts?.['deleted']),
      touched: files.flatMap(({ file, gone }) => {
        const found = candidates[Number(file)]
        return found === undefined ? [] : [{ file: found, gone: Number(gone) }]
      }),
      kept: async (kept) =>
        `SELECT ${columns} FROM (${await vectors.scanSql({ ...scanned, files: kept })}) ANTI JOIN (SELECT __file, __row FROM ${matches} WHERE __kind <> 'same') USING (__file, __row)`,
      gone: async (file) => {
        const places = `SELECT __row AS row FROM ${matches} WHERE __kind <> 'same' AND __file = ${candidates.indexOf(file)} ORDER BY row`
        return (await session.rows(places)).map(({ row }) => Number(row))
      },
      written,
      replaced: `SELECT ${columns} FROM (${rows}) SEMI JOIN (SELECT __file, __row FROM ${matches} WHERE __kind <> 'same') USING (__file, __row)`,
      drop,
    }
  } catch (error) {
    await drop()
    throw error
  }
}

async function checkSource(session: DuckdbSession, { base, key, source }: MergeRequest): Promise<readonly Reach[]> {
  const keys = key.map(identifier)
  const [twice] = await session.rows(
    `SELECT ${keys.join(', ')} FROM (${source.sql}) GROUP BY ALL HAVING count(*) > 1 ORDER BY ALL LIMIT 1`,
  )
  const [nulls] = await session.rows(
    `SELECT 1 FROM (${source.sql}) WHERE ${keys.map((name) => `${name} IS NULL`).join(' OR ')} LIMIT 1`,
  )
  if (twice !== undefined || nulls !== undefined)
    throw new TableError(
      nulls === undefined
        ? `${base.table}: the source of a merge has the key ${JSON.stringify(twice)} more than once`
        : `${base.table}: the source of a merge has a row without ${key.join(', ')}`,
      { fault: 'mismatch', hint: 'keep one row per key, for example with dropDuplicates' },
    )
  return reachOf(session, source.sql, key)
}

/** From the least to the greatest value of each column; empty without rows. */
async function reachOf(session: DuckdbSession, sql: string, columns: readonly string[]): Promise<readonly Reach[]> {
  const items = columns.map(
    (name, i) =>
      `CAST(min(${identifier(name)}) AS VARCHAR) AS min${i}, CAST(max(${identifier(name)}) AS VARCHAR) AS max${i}`,
  )
  const [row = {}] = await session.rows(`SELECT ${items.join(', ')} FROM (${sql})`)
  return columns.flatMap((column, i) => {
    const [min, max] = [row[`min${i}`], row[`max${i}`]]
    return typeof min === 'string' && typeof max === 'string' ? [{ column, min, max }] : []
  })
}

async function candidateFiles(
  session: DuckdbSession,
  { base, source, scope }: MergeRequest,
  reaches: readonly Reach[],
): Promise<readonly AddFile[]> {
  const matched = source.rows === 0 ? [] : filesWithin(base, reaches)
  if (scope === undefined || scope.keys.rows === 0) return matched
  const scoped = filesWithin(base, await reachOf(session, scope.keys.sql, [scope.column]))
  return [...new Set([...matched, ...scoped])]
}

/**
 * The rows of the table that a merge may be about: those in its scope, when the source has no others. A semi join lets DuckDB leave out
 * the rest while it reads; the outer join of the merge does not.
 */
async function reachableSql(
  session: DuckdbSession,
  { key, source, scope }: MergeRequest,
  rows: string,
): Promise<string> {
  if (scope === undefined || !key.includes(scope.column)) return rows
  const column = identifier(scope.column)
  const [outside] = await session.rows(
    `SELECT 1 FROM (${source.sql}) ANTI JOIN (${scope.keys.sql}) USING (${column}) LIMIT 1`,
  )
  return outside === undefined ? `SELECT * FROM (${rows}) SEMI JOIN (${scope.keys.sql}) USING (${column})` : rows
}

/** One row for each row of the table that the source names, or that goes: where it lies, its key, and what becomes of it. */
function matchSql({ schema, key, source, scope }: MergeRequest, rows: string): string {
  const on = key.map((name) => `t.${identifier(name)} = s.${identifier(name)}`).join(' AND ')
  const differs =
    scope?.isChanged === true
      ? ['true']
      : schema
          .filter(({ name }) => !key.includes(name))
          .map(({ name }) => `t.${identifier(name)} IS DISTINCT FROM s.${identifier(name)}`)
  const isMissing = `s.${identifier(key[0] ?? '')} IS NULL`
  const keys = key.map((name) => `t.${identifier(name)}`)
  const inScope =
    scope === undefined
      ? ''
      : ` WHERE NOT (${isMissing}) OR t.${identifier(scope.column)} IN (SELECT ${identifier(scope.column)} FROM (${scope.keys.sql}))`
  return `SELECT t.__file, t.__row, ${keys.join(', ')}, CASE WHEN ${isMissing} THEN 'delete' WHEN ${['false', ...differs].join(' OR ')} THEN 'update' ELSE 'same' END AS __kind
FROM (${rows}) AS t
${scope === undefined ? 'JOIN' : 'LEFT JOIN'} (${source.sql}) AS s ON ${on}${inScope}`
}

/** SQL that casts the columns of a query to those of a schema. */
export function castSql(sql: string, schema: readonly DeltaField[]): string {
  const items = schema.map(({ name, type }) => `CAST(${identifier(name)} AS ${sqlType(type)}) AS ${identifier(name)}`)
  return `SELECT ${items.join(', ')} FROM (${sql})`
}
