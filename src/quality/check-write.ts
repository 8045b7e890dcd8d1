import type { PendingWrite } from '../engines/engine.ts'
import { count, countIf, type Column, type Columns, type Frame } from '../frame/index.ts'
import type { Table } from '../table.ts'

/** What is wrong with rows that are about to become part of a table. */
export interface CheckFailure {
  readonly table: string
  /** `movie_id is never null`, as people read it. */
  readonly check: string
  /** Rows, or keys, that break it. */
  readonly failures: number
}

type AnyRow = Record<string, 'string' | null>

/** Holds the rows a write brings against what their table declares: columns that are never null, and a key that stands once. Empty when all is well. */
export async function checkWrite(
  table: Table<object>,
  write: PendingWrite,
  signal?: AbortSignal,
): Promise<readonly CheckFailure[]> {
  if (!write.isChange) return []
  const written = write.written as Frame<AnyRow>
  return [...(await countNulls(table, written, signal)), ...(await countDoubleKeys(table, written, signal))]
}

async function countNulls(table: Table<object>, written: Frame<AnyRow>, signal?: AbortSignal): Promise<CheckFailure[]> {
  const names = Object.entries(table.columns).flatMap(([name, column]) => (column.isNullable ? [] : [name]))
  const nulls = (m: Columns<AnyRow>): Record<string, Column<'bigint', 'aggregate'>> =>
    Object.fromEntries(names.map((name) => [name, countIf(columnOf(m, name).isNull())]))
  const [row = {}] = (await written.agg(nulls).collect(signal)) as readonly Record<string, number>[]
  return Object.entries(row).flatMap(([name, failures]) =>
    failures === 0 ? [] : [{ table: table.name, check: `${name} is never null`, failures }],
  )
}

async function countDoubleKeys(
  table: Table<object>,
  written: Frame<AnyRow>,
  signal?: AbortSignal,
): Promise<CheckFailure[]> {
  if (table.key.length === 0) return []
  const doubled = await written
    .groupBy(...table.key)
    .agg(() => ({ rows_of_key: count() }))
    .filter((m) => m.rows_of_key.gt(1))
    .agg(() => ({ keys: count() }))
    .collect(signal)
  const failures = doubled[0]?.keys ?? 0
  return failures === 0 ? [] : [{ table: table.name, check: `${table.key.join(', ')} is unique`, failures }]
}

function columnOf(columns: Columns<AnyRow>, name: string): Column<'string' | null> {
  const column = columns[name]
  if (column === undefined) throw new Error(`no column ${name}`)
  return column
}
