import type { ComponentChildren } from 'preact'

/** A column of a table on the page. */
export interface Column<Row> {
  readonly name: string
  readonly isNumber?: boolean
  /** Shown where there is room only. */
  readonly isExtra?: boolean
  readonly cell: (row: Row) => ComponentChildren
  /** How the rows are sorted by it, and what sorts them so. */
  readonly sort?: { readonly order: 'ascending' | 'descending' | undefined; readonly toggle: () => void }
}

interface Props<Row> {
  /** What the table shows, for those who do not see where it stands. */
  readonly label: string
  readonly columns: readonly Column<Row>[]
  readonly rows: readonly Row[]
  readonly keyOf: (row: Row, at: number) => string | number
}

/** Rows as a table, the first column as their headers. It scrolls sideways by itself where it is too wide, by keys too. */
export function DataTable<Row>({ label, columns, rows, keyOf }: Props<Row>) {
  return (
    <div class="table-box" role="region" aria-label={label} tabIndex={0}>
      <table>
        <thead>
          <tr>
            {columns.map((column) => (
              <ColumnHead key={column.name} column={column} />
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, at) => (
            <tr key={keyOf(row, at)}>
              {columns.map((column, place) =>
                place === 0 ? (
                  <th key={column.name} scope="row" class={classOf(column)}>
                    {column.cell(row)}
                  </th>
                ) : (
                  <td key={column.name} class={classOf(column)}>
                    {column.cell(row)}
                  </td>
                ),
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

function ColumnHead<Row>({ column }: { readonly column: Column<Row> }) {
  const { name, sort } = column
  if (sort === undefined)
    return (
      <th scope="col" class={classOf(column)}>
        {name}
      </th>
    )
  const arrow = { ascending: '↑', descending: '↓' }
  return (
    <th scope="col" class={classOf(column)} aria-sort={sort.order ?? 'none'}>
      <button type="button" class="sort" onClick={sort.toggle}>
        {name}
        <span aria-hidden="true">{sort.order === undefined ? '' : arrow[sort.order]}</span>
      </button>
    </th>
  )
}

function classOf<Row>({ isNumber, isExtra }: Column<Row>): string {
  return [isNumber === true ? 'number' : '', isExtra === true ? 'extra' : ''].filter((name) => name !== '').join(' ')
}
