import { textTable } from '../frame/show.ts'
import type { Context } from './context.ts'
import { csvText } from '../report/csv.ts'
import { parseInstant } from './instant.ts'

interface Flags {
  readonly asOf?: string
  readonly version?: number
  readonly csv?: boolean
}

/** Prints the rows of a query over the published tables, or over those of a version or an instant. */
export async function query(
  context: Context,
  { asOf, version, csv }: Flags,
  [text = '']: readonly string[],
): Promise<number> {
  const at = {
    ...(asOf !== undefined && { asOf: parseInstant(asOf, '--as-of') }),
    ...(version !== undefined && { version }),
  }
  const lake = await context.lake()
  const sql = text === '-' ? await context.io.readStdin() : text
  const { columns, rows } = await lake.sql(sql, { at, signal: context.io.signal })
  if (context.flags.json === true) context.json(rows)
  else if (csv === true) context.out.write(csvText(Object.keys(columns), rows))
  else context.out.line(textTable({ types: columns, rows, hasMore: false }))
  return 0
}
