import { mkdir, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import type { Context } from './context.ts'
import { csvText } from '../report/csv.ts'
import { kpisText } from './kpis-text.ts'
import type { Kpis, Lake } from '../index.ts'

type Row = Readonly<Record<string, unknown>>

/** Prints the published KPIs as text or as one document, or writes them as CSV files. */
export async function kpis(
  context: Context,
  { top, csv }: { readonly top?: number; readonly csv?: string },
): Promise<number> {
  const lake = await context.lake()
  const found = await lake.kpis({ top })
  if (csv !== undefined) await writeCsvFiles(context, resolve(context.io.cwd, csv), csvTables(found), lake)
  if (context.flags.json === true) context.json(found)
  else if (csv === undefined) for (const line of kpisText(found, context.out)) context.out.line(line)
  return 0
}

async function writeCsvFiles(
  context: Context,
  folder: string,
  tables: Readonly<Record<string, readonly Row[]>>,
  lake: Lake,
): Promise<void> {
  await mkdir(folder, { recursive: true })
  for (const [name, rows] of Object.entries(tables)) {
    const columns = lake.schema(`gold.${name}`).flatMap((table) => table.columns.map((column) => column.name))
    await writeFile(join(folder, `${name}.csv`), csvText(columns, rows))
    if (context.flags.json !== true) context.out.line(join(folder, `${name}.csv`))
  }
}

/** The KPIs as rows, by the gold table they come from. */
const csvTables = ({ rankings, searches, franchise_vs_standalone, franchises, directors, genres, years }: Kpis) => ({
  rankings: flattened('ranking', rankings),
  search_results: flattened('search', searches),
  franchise_vs_standalone,
  franchises,
  directors,
  genres,
  years,
})

const flattened = (column: string, byName: Readonly<Record<string, readonly object[]>>): Row[] =>
  Object.entries(byName).flatMap(([name, rows]) => rows.map((row) => ({ [column]: name, ...row })))
