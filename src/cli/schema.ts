import type { Context } from './context.ts'
import { textTable } from './text-table.ts'

/** Prints the columns of one table, or of all. */
export async function schema(context: Context, _: object, [name]: readonly string[]): Promise<number> {
  const lake = await context.lake()
  const found = lake.schema(name)
  const { out, flags } = context
  if (flags.json === true) {
    context.json(found)
    return 0
  }
  const head = [
    { title: 'column' },
    { title: 'type', isElastic: true },
    { title: 'null' },
    { title: 'unit' },
    { title: 'meaning', isElastic: true },
  ]
  for (const { table, columns } of found) {
    out.line(out.styled('bold', table))
    const rows = columns.map((column) => [
      column.name,
      column.type,
      column.nullable ? 'null' : '',
      column.unit ?? '',
      column.about,
    ])
    for (const line of textTable(head, rows, Math.max(out.columns(), 100), (text) => out.styled('dim', text)))
      out.line(line)
    out.line()
  }
  return 0
}
