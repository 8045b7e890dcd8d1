import { cellText, footer, isNumeric, type Shown } from './show.ts'

/** Rows as an HTML table, everything in it escaped; numbers to the right, null in grey italics. Cells are not cut. */
export function htmlTable({ types, rows, hasMore }: Shown): string {
  const names = Object.keys(types)
  const align = names.map((name) => (isNumeric(types[name]) ? ' style="text-align:right"' : ' style="text-align:left"'))
  const header = names.map((name, i) => `<th${align[i]}>${escapeHtml(cellText(name))}</th>`).join('')
  const body = rows.map(
    (row) => `<tr>${names.map((name, i) => `<td${align[i]}>${cell(row[name])}</td>`).join('')}</tr>`,
  )
  const note = footer(rows.length, hasMore).map((line) => `<p>${escapeHtml(line)}</p>`)
  return `<table><thead><tr>${header}</tr></thead><tbody>${body.join('')}</tbody></table>${note.join('')}`
}

const cell = (value: unknown): string =>
  value === null || value === undefined ? '<i style="color:gray">null</i>' : escapeHtml(cellText(value))

const escapeHtml = (text: string): string =>
  text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;')
