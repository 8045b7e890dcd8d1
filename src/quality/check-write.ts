import type { PendingWrite } from '../engines/engine.ts'
import { count, countIf, lit, sum, type Column, type Columns, type Frame } from '../frame/index.ts'
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
  const { nulls, doubled } = await lookOver(table, written, signal)
  const unique = { table: table.name, check: `${table.key.join(', ')} is unique`, failures: doubled }
  return [...(nulls > 0 ? await countNulls(table, written, signal) : []), ...(doubled > 0 ? [unique] : [])]
}

/** In one pass: how many rows have a null that must not be, and how many keys stand more than once. */
async function lookOver(
  table: Table<object>,
  written: Frame<AnyRow>,
  signal?: AbortSignal,
): Promise<{ readonly nulls: number; readonly doubled: number }> {
  const hasNull = (m: Columns<AnyRow>) =>
    requiredOf(table).reduce<Column<'boolean'>>((any, name) => any.or(columnOf(m, name).isNull()), lit(false))
  const none = { nulls: 0, doubled: 0 }
  if (table.key.length === 0) {
    const [found = none] = await written.agg((m) => ({ nulls: countIf(hasNull(m)) })).collect(signal)
    return { ...none, ...found }
  }
  const [found] = await written
    .groupBy(...table.key)
    .agg((m) => ({ rows_of_key: count(), nulls_of_key: countIf(hasNull(m)) }))
    .agg((m) => ({ nulls: sum(m.nulls_of_key), doubled: countIf(m.rows_of_key.gt(1)) }))
    .collect(signal)
  return { nulls: found?.nulls ?? 0, doubled: found?.doubled ?? 0 }
}

const requiredOf = ({ columns }: Table<object>): readonly string[] =>
  Object.entries(columns).flatMap(([name, column]) => (column.isNullable ? [] : [name]))

async function countNulls(table: Table<object>, written: Frame<AnyRow>, signal?: AbortSignal): Promise<CheckFailure[]> {
  const nulls = (m: Columns<AnyRow>): Record<string, Column<'bigint', 'aggregate'>> =>
    Object.fromEntries(requiredOf(table).map((name) => [name, countIf(columnOf(m, name).isNull())]))
  const [row = {}] = (await written.agg(nulls).collect(signal)) as readonly Record<string, number>[]
  return Object.entries(row).flatMap(([name, failures]) =>
    failures === 0 ? [] : [{ table: table.name, check: `${name} is never null`, failures }],
  )
}

function columnOf(columns: Columns<AnyRow>, name: string): Column<'string' | null> {
  const column = columns[name]
  if (column === undefined) throw new Error(`no column ${name}`)
  return column
}
