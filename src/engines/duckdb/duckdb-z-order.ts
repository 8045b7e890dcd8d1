const bitsPerColumn = 10

/**
 * SQL for the rows of a query in Z-order of columns: each value becomes its place among 1,024, and the bits of these places alternate, so
 * that rows near each other in any of the columns come to lie near each other. With one column it is plain order.
 */
export function zOrderSql(rows: string, columns: readonly string[], items: string): string {
  if (columns.length === 1) return `SELECT ${items} FROM (${rows}) ORDER BY ${columns[0]}`
  const ranks = columns.map((name, i) => `ntile(${2 ** bitsPerColumn}) OVER (ORDER BY ${name}) - 1 AS __rank${i}`)
  const bits = columns.flatMap((_, i) =>
    Array.from({ length: bitsPerColumn }, (__, bit) => `(((__rank${i} >> ${bit}) & 1) << ${bit * columns.length + i})`),
  )
  return `SELECT ${items} FROM (SELECT *, ${ranks.join(', ')} FROM (${rows})) ORDER BY ${bits.join(' | ')}`
}
