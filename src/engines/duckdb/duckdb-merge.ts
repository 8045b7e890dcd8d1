import { randomUUID } from 'node:crypto'
import { TableError } from '../../errors.ts'
import { everyRow, noRow, type Condition } from '../../delta/condition.ts'
import type { DeltaField } from '../../delta/schema.ts'
import { between, filesThatMayHold } from '../../delta/skipping.ts'
import type { Snapshot } from '../../delta/snapshot.ts'
import { duckdbDialect } from './duckdb-dialect.ts'
import type { RowChanges } from './duckdb-row-changes.ts'
import type { DuckdbSession } from './duckdb-session.ts'
import type { Staged } from './duckdb-stage.ts'
import { sqlType } from './duckdb-types.ts'
import type { DuckdbVectors } from './duckdb-vectors.ts'

const { identifier } = duckdbDialect

/** What a merge does with rows, beside inserting those of the source that are new and updating those that differ. */
export interface MergeClauses {
  /**
   * What becomes of rows that the source and the table both have; by default those that differ are updated. `replace` updates them all without
   * comparing, which on a table of many columns is many times as fast.
   */
  readonly matched?: 'update' | 'replace' | 'delete' | 'keep'
  /** What becomes of rows that the source alone has; they are inserted by default. */
  readonly notMatched?: 'insert' | 'skip'
  /** What becomes of rows that the table alone has; they stay by default. */
  readonly notMatchedBySource?: 'delete' | 'keep'
}

/** A merge to be worked out. */
export interface MergeRequest extends MergeClauses {
  readonly base: Snapshot
  /** All columns of the table after the merge. The source has them all. */
  readonly schema: readonly DeltaField[]
  readonly key: readonly string[]
  readonly source: Staged
  readonly scope?: { readonly column: string; readonly keys: Staged; readonly isChanged: boolean }
}

/** Compares the source with the rows it may meet. Throws TableError `mismatch` when the source has a key twice, or null in it. */
export async function planMerge(
  session: DuckdbSession,
  vectors: DuckdbVectors,
  request: MergeRequest,
): Promise<RowChanges> {
  const matched = request.source.rows === 0 ? noRow : await checkSource(session, request)
  const scope = await scopeReach(session, request)
  const reads: Condition = { any: [matched, scope.reads] }
  const candidates = filesThatMayHold(request.base, reads)
  const scanned = { snapshot: request.base, columns: request.schema, withPlace: true, among: candidates }
  const rows = await vectors.scanSql({ ...scanned, files: candidates })
  if (candidates.length === 0) return onlyInserts(request, reads, rows)
  const matches = `stage.matches_${randomUUID().replaceAll('-', '')}`
  const drop = (): Promise<void> => session.run(`DROP TABLE IF EXISTS ${matches}`)
  try {
    const inReach = scope.holdsSource ? `SELECT * FROM (${rows}) SEMI JOIN ${scope.sql}` : rows
    await session.run(`CREATE TABLE ${matches} AS ${matchSql(request, inReach)}`)
    const { met, updated, deleted, touched } = await countMatches(session, request.key, matches)
    const columns = columnsOf(request)
    return {
      inserted: request.notMatched === 'skip' ? 0 : request.source.rows - met,
      updated,
      deleted,
      reads,
      touched: touched.flatMap(({ file, gone }) => {
        const found = candidates[file]
        return found === undefined ? [] : [{ file: found, gone }]
      }),
      kept: async (kept) =>
        `SELECT ${columns} FROM (${await vectors.scanSql({ ...scanned, files: kept })}) ANTI JOIN (SELECT __file, __row FROM ${matches} WHERE __kind <> 'same') USING (__file, __row)`,
      gone: async (file) => {
        const places = `SELECT __row AS row FROM ${matches} WHERE __kind <> 'same' AND __file = ${candidates.indexOf(file)} ORDER BY row`
        return (await session.rows(places)).map(({ row }) => Number(row))
      },
      written: writtenSql(request, matches),
      replaced: `SELECT ${columns} FROM (${rows}) SEMI JOIN (SELECT __file, __row FROM ${matches} WHERE __kind <> 'same') USING (__file, __row)`,
      drop,
    }
  } catch (error) {
    await drop()
    throw error
  }
}

const columnsOf = ({ schema }: MergeRequest): string => schema.map(({ name }) => identifier(name)).join(', ')

/** The rows of the source that change one of the table, or are new in it. */
function writtenSql(request: MergeRequest, matches: string): string {
  const among = (kinds: string): string =>
    `(SELECT * FROM ${matches} WHERE __kind IN (${kinds})) USING (${request.key.map(identifier).join(', ')})`
  const join =
    request.notMatched === 'skip' ? `SEMI JOIN ${among("'update'")}` : `ANTI JOIN ${among("'same', 'remove'")}`
  return `SELECT ${columnsOf(request)} FROM (${request.source.sql}) ${join}`
}

/** A merge that meets no file. */
const onlyInserts = (request: MergeRequest, reads: Condition, noRows: string): RowChanges => ({
  inserted: request.notMatched === 'skip' ? 0 : request.source.rows,
  updated: 0,
  deleted: 0,
  reads,
  touched: [],
  kept: () => Promise.resolve(noRows),
  gone: () => Promise.resolve([]),
  written: `SELECT ${columnsOf(request)} FROM (${request.source.sql})${request.notMatched === 'skip' ? ' WHERE false' : ''}`,
  replaced: `SELECT ${columnsOf(request)} FROM (${noRows})`,
  drop: () => Promise.resolve(),
})

/** How far the keys of the source reach, when each stands there once and has a value. */
async function checkSource(session: DuckdbSession, { base, key, source }: MergeRequest): Promise<Condition> {
  const keys = key.map(identifier)
  const isNull = keys.map((name) => `${name} IS NULL`).join(' OR ')
  const counts = `count(DISTINCT (${keys.join(', ')})) AS keys, count(*) FILTER (${isNull}) AS nulls`
  const [row = {}] = await session.rows(`SELECT ${counts}, ${reachItems(key)} FROM (${source.sql})`)
  const hasNulls = Number(row['nulls']) > 0
  if (!hasNulls && Number(row['keys']) === source.rows) return reachOf(base.schema, row, key)
  const [twice] = await session.rows(
    `SELECT ${keys.join(', ')} FROM (${source.sql}) GROUP BY ALL HAVING count(*) > 1 ORDER BY ALL LIMIT 1`,
  )
  throw new TableError(
    hasNulls
      ? `${base.table}: the source of a merge has a row without ${key.join(', ')}`
      : `${base.table}: the source of a merge has the key ${JSON.stringify(twice)} more than once`,
    { fault: 'mismatch', hint: 'keep one row per key, for example with dropDuplicates' },
  )
}

const reachItems = (columns: readonly string[]): string =>
  columns
    .map(identifier)
    .map((name, i) => `CAST(min(${name}) AS VARCHAR) AS min${i}, CAST(max(${name}) AS VARCHAR) AS max${i}`)
    .join(', ')

/** From the least to the greatest value of each column, but for those that have no values. */
const reachOf = (
  schema: readonly DeltaField[],
  row: Readonly<Record<string, unknown>>,
  columns: readonly string[],
): Condition => ({
  all: columns.flatMap((column, i) => {
    const [min, max] = [row[`min${i}`], row[`max${i}`]]
    return typeof min === 'string' && typeof max === 'string' ? [between(schema, column, min, max)] : []
  }),
})

/**
 * The files that the scope of a merge reaches, and whether the source lies within it: then a semi join lets DuckDB leave out all other
 * rows while it reads, which the outer join of the merge does not.
 */
async function scopeReach(
  session: DuckdbSession,
  { base, key, source, scope, notMatchedBySource }: MergeRequest,
): Promise<{ reads: Condition; holdsSource: boolean; sql: string }> {
  if (notMatchedBySource === 'delete') return { reads: everyRow, holdsSource: false, sql: '' }
  if (scope === undefined || scope.keys.rows === 0) return { reads: noRow, holdsSource: false, sql: '' }
  const sql = `(${scope.keys.sql}) USING (${identifier(scope.column)})`
  const outside = key.includes(scope.column) ? `EXISTS (SELECT 1 FROM (${source.sql}) ANTI JOIN ${sql})` : 'true'
  const [row = {}] = await session.rows(
    `SELECT ${reachItems([scope.column])}, ${outside} AS outside FROM (${scope.keys.sql})`,
  )
  return { reads: reachOf(base.schema, row, [scope.column]), holdsSource: row['outside'] === false, sql }
}

interface Matches {
  /** Keys of the source that the table has. */
  readonly met: number
  readonly updated: number
  readonly deleted: number
  /** Files by their place among the candidates. */
  readonly touched: readonly { readonly file: number; readonly gone: number }[]
}

/** What became of the rows that a merge has found. A key that the table holds twice counts once, and all its rows as changed if one is. */
async function countMatches(session: DuckdbSession, key: readonly string[], matches: string): Promise<Matches> {
  const keys = `DISTINCT (${key.map(identifier).join(', ')})`
  const files = await session.rows(
    `SELECT __file AS file, count(*) FILTER (__kind <> 'same') AS gone, count(*) FILTER (__kind IN ('delete', 'remove')) AS deleted, met, same, updated
    FROM ${matches}, (SELECT count(${keys}) FILTER (__kind <> 'delete') AS met, count(${keys}) FILTER (__kind = 'same') AS same,
      count(${keys}) FILTER (__kind = 'update') AS updated FROM ${matches}) GROUP BY ALL ORDER BY file`,
  )
  const [met = 0, same = 0, updated = 0] = ['met', 'same', 'updated'].map((name) => Number(files[0]?.[name] ?? 0))
  if (updated > 0 && same + updated > met) {
    await session.run(
      `UPDATE ${matches} SET __kind = 'update' WHERE __kind = 'same' AND (${key.map(identifier).join(', ')}) IN (SELECT (${key.map(identifier).join(', ')}) FROM ${matches} WHERE __kind = 'update')`,
    )
    return countMatches(session, key, matches)
  }
  return {
    met,
    updated,
    deleted: files.reduce((sum, { deleted }) => sum + Number(deleted), 0),
    touched: files.map(({ file, gone }) => ({ file: Number(file), gone: Number(gone) })).filter(({ gone }) => gone > 0),
  }
}

/** One row for each row of the table that the source names, or that goes: where it lies, its key, and what becomes of it. */
function matchSql({ schema, key, source, scope, ...clauses }: MergeRequest, rows: string): string {
  const on = key.map((name) => `t.${identifier(name)} = s.${identifier(name)}`).join(' AND ')
  const isMissing = `s.${identifier(key[0] ?? '')} IS NULL`
  const differs = schema
    .filter(({ name }) => !key.includes(name))
    .map(({ name }) => `t.${identifier(name)} IS DISTINCT FROM s.${identifier(name)}`)
  const updates = scope?.isChanged === true ? 'true' : ['false', ...differs].join(' OR ')
  const matched = {
    update: `CASE WHEN ${updates} THEN 'update' ELSE 'same' END`,
    replace: `'update'`,
    delete: `'remove'`,
    keep: `'same'`,
  }
  const kind = `CASE WHEN ${isMissing} THEN 'delete' ELSE ${matched[clauses.matched ?? 'update']} END`
  const inScope =
    scope === undefined
      ? ''
      : ` WHERE NOT (${isMissing}) OR t.${identifier(scope.column)} IN (SELECT ${identifier(scope.column)} FROM (${scope.keys.sql}))`
  const hasMissing = scope !== undefined || clauses.notMatchedBySource === 'delete'
  return `SELECT t.__file, t.__row, ${key.map((name) => `t.${identifier(name)}`).join(', ')}, ${kind} AS __kind
FROM (${rows}) AS t
${hasMissing ? 'LEFT JOIN' : 'JOIN'} (${source.sql}) AS s ON ${on}${inScope}`
}

/** SQL that casts the columns of a query to those of a schema. */
export function castSql(sql: string, schema: readonly DeltaField[]): string {
  const items = schema.map(({ name, type }) => `CAST(${identifier(name)} AS ${sqlType(type)}) AS ${identifier(name)}`)
  return `SELECT ${items.join(', ')} FROM (${sql})`
}
