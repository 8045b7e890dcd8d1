import type { Row } from './engine.ts'

/** Rows as a table of text: a header, a rule, one line a row. Cells are cut at 40 characters; null reads `null`. */
export function formatRows(columns: readonly string[], rows: readonly Row[]): string {
  const cells = [columns, ...rows.map((row) => columns.map((name) => cell(row[name])))]
  const widths = columns.map((_, i) => Math.max(...cells.map((line) => line[i]?.length ?? 0)))
  const [header = '', ...body] = cells.map((line) =>
    line
      .map((text, i) => text.padEnd(widths[i] ?? 0))
      .join('  ')
      .trimEnd(),
  )
  return [header, widths.map((width) => '-'.repeat(width)).join('  '), ...body].join('\n')
}

function cell(value: unknown): string {
  const text = typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value)
  return text.length > 40 ? `${text.slice(0, 39)}…` : text
}
