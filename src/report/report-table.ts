import { formatNumber, type Unit } from './numbers.ts'

/** A table of a report, its cells as texts. */
export interface ReportTable {
  readonly caption: string
  readonly columns: readonly { readonly title: string; readonly isNumber: boolean }[]
  readonly rows: readonly (readonly string[])[]
  /** Which column names the row: the first one, unless that is a place. */
  readonly head: number
}

/** A column of rows: its name in the row, its title, and the unit if it is a number. */
export type ColumnOf<R> = readonly [name: keyof R & string, title: string, unit?: Unit]

/** Rows as a table. What is missing is `-`. */
export function reportTable<R>(caption: string, rows: readonly R[], columns: readonly ColumnOf<R>[]): ReportTable {
  return {
    caption,
    columns: columns.map(([, title, unit]) => ({ title, isNumber: unit !== undefined })),
    rows: rows.map((row) => columns.map(([name, , unit]) => cell(row[name], unit))),
    head: columns[0]?.[0] === 'rank' ? 1 : 0,
  }
}

const cell = (value: unknown, unit: Unit | undefined): string =>
  unit === undefined ? String(value ?? '-') : formatNumber(value, unit)
