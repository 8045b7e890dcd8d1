import type { Context } from './context.ts'
import { formatBytes, formatInstant, formatNumber } from '../report/numbers.ts'
import { textTable } from './text-table.ts'

/** Lists the tables of the lake. */
export async function tables(context: Context): Promise<number> {
  const lake = await context.lake()
  const found = await lake.tables()
  const { out, flags } = context
  if (flags.json === true) {
    context.json(found)
    return 0
  }
  const head = ['table', 'rows', 'version', 'published', 'files', 'size', 'committed (UTC)'].map((title, i) => ({
    title,
    isRight: i > 0 && i < 6,
  }))
  const rows = found.map((table) => [
    table.table,
    formatNumber(table.rows, 'count'),
    String(table.version),
    String(table.published ?? '-'),
    formatNumber(table.files, 'count'),
    formatBytes(table.size_bytes),
    formatInstant(table.committed_at),
  ])
  for (const line of textTable(head, rows, out.columns(), (text) => out.styled('dim', text))) out.line(line)
  if (found.length === 0) out.line('no tables yet: movielake run')
  return 0
}
