import type { DeltaRow, DeltaTable } from '../../../src/delta-table/index.ts'

const day = (date: string, ids: readonly number[], votes = 0): readonly DeltaRow[] =>
  ids.map((id) => ({ id, date, votes }))
const range = (from: number, to: number): readonly number[] => Array.from({ length: to - from }, (_, i) => from + i)

/** Something that is done to a table, and what the table is then. */
export interface Step {
  readonly name: string
  /** `marks` is the same table, where rows that change are marked by deletion vectors. */
  readonly run: (table: DeltaTable, marks: DeltaTable) => Promise<unknown>
  /** How many versions it makes. */
  readonly versions: number
  readonly change?: (rows: readonly DeltaRow[]) => readonly DeltaRow[]
}

/** The columns of the table. */
export const columns = { id: 'long', date: 'date', votes: 'long' }
/** Rows of one date. */
export const first = day('2025-12-09', range(0, 30))
const second = day('2025-12-10', range(30, 40))
const merged = [...day('2025-12-09', [3, 4], 7), ...day('2025-12-11', [50], 7)]
const marked = day('2025-12-09', [5, 6], 8)

const without = (rows: readonly DeltaRow[], ids: readonly unknown[]): readonly DeltaRow[] =>
  rows.filter(({ id }) => !ids.includes(id))
const withRows =
  (changed: readonly DeltaRow[]) =>
  (rows: readonly DeltaRow[]): readonly DeltaRow[] => [
    ...without(
      rows,
      changed.map(({ id }) => id),
    ),
    ...changed,
  ]

/** Everything that writes, one after the other, on a table of `columns` that has a partition for each date. */
export const steps: readonly Step[] = [
  { name: 'append', versions: 1, run: (table) => table.append(first), change: withRows(first) },
  { name: 'append to a new partition', versions: 1, run: (table) => table.append(second), change: withRows(second) },
  {
    name: 'merge, files written anew',
    versions: 1,
    run: (table) => table.merge(merged, { on: ['id'] }),
    change: withRows(merged),
  },
  {
    name: 'merge with deletion vectors',
    versions: 1,
    run: (_, marks) => marks.merge(marked, { on: ['id'] }),
    change: withRows(marked),
  },
  {
    name: 'delete with deletion vectors',
    versions: 1,
    run: (_, marks) => marks.delete('id IN (0, 1, 30)'),
    change: (rows) => without(rows, [0, 1, 30]),
  },
  { name: 'delete', versions: 1, run: (table) => table.delete('id = 31'), change: (rows) => without(rows, [31]) },
  { name: 'checkpoint', versions: 0, run: (table) => table.checkpoint() },
  { name: 'optimize', versions: 1, run: (table) => table.optimize() },
  {
    name: 'vacuum',
    versions: 2,
    run: (table) => table.vacuum({ retentionHours: 0, allowShortRetention: true }),
  },
  {
    name: 'cleanup of the log, which is to remember nothing,',
    versions: 1,
    run: async (table) => {
      await table.setProperties({ 'delta.logRetentionDuration': 'interval 0 hours' })
      await table.checkpoint()
    },
  },
  {
    name: 'overwrite',
    versions: 1,
    run: (table) => table.overwrite(second),
    change: () => second,
  },
]

/** A step that takes long enough to be stopped while a data file is written. */
export const largeAppend: Step = {
  name: 'large append',
  versions: 1,
  run: (table) =>
    table.append({
      sql: "SELECT i AS id, DATE '2025-12-09' AS date, hash(i) % 1000000 AS votes FROM range(1000, 1001000) r(i)",
    }),
}

/** Writes of all kinds, on a table that something has stopped. */
export async function workOn(table: DeltaTable): Promise<void> {
  await table.append([...day('2025-12-12', [100, 101]), ...day('2025-12-09', [102])])
  await table.optimize()
  await table.vacuum({ retentionHours: 0, allowShortRetention: true })
  await table.checkpoint()
}

/** What `workOn` makes of rows. */
export const worked = (rows: readonly DeltaRow[]): readonly DeltaRow[] => [
  ...rows,
  ...day('2025-12-12', [100, 101]),
  ...day('2025-12-09', [102]),
]
