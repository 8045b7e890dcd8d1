import { type Column, DataTable } from '../parts/data-table.tsx'
import { Link } from '../parts/link.tsx'
import { withQuery } from '../state/api.ts'
import { filterQuery, isFiltered, toggled } from '../state/filters.ts'
import { formatCount, formatValue } from '../state/format.ts'
import { go } from '../state/place.ts'
import { filterOfCell } from './filter-of-row.ts'

type Row = Readonly<Record<string, unknown>>

interface Props {
  readonly label: string
  readonly rows: readonly Row[]
  readonly query: URLSearchParams
}

const shown = 100

/** A chart's rows as a table, in which the cells that one can filter by are buttons and films are links. */
export function RowsTable({ label, rows, query }: Props) {
  const names = Object.keys(rows[0] ?? {}).filter((name) => !isOnlyForDrawing(name))
  const columns = names.map((name): Column<Row> => ({
    name: name.replaceAll('_', ' '),
    isNumber: rows.some((row) => typeof row[name] === 'number') && name !== 'year',
    cell: (row) => <Cell name={name} row={row} query={query} />,
  }))
  return (
    <>
      <DataTable label={`Table of ${label}`} columns={columns} rows={rows.slice(0, shown)} keyOf={(_, at) => at} />
      {rows.length > shown && <p class="note">{formatCount(rows.length - shown)} more rows are in the CSV file.</p>}
    </>
  )
}

function Cell({ name, row, query }: { readonly name: string; readonly row: Row; readonly query: URLSearchParams }) {
  const text = formatCell(name, row[name])
  if (name === 'title' && typeof row['movie_id'] === 'number')
    return <Link href={withQuery(`/films/${row['movie_id']}`, filterQuery(query))}>{text}</Link>
  const filter = filterOfCell(name, row)
  if (filter === undefined) return <>{text}</>
  return (
    <button
      type="button"
      class="link"
      aria-pressed={isFiltered(query, filter)}
      onClick={() => go(withQuery('/', toggled(query, filter).toString()))}
    >
      {text}
    </button>
  )
}

function formatCell(name: string, value: unknown): string {
  return name === 'year' || name === 'decade' ? String(value ?? '–') : formatValue(value)
}

/** The count of films that every row of a chart carries for its caption, and ids that stand beside a name. */
function isOnlyForDrawing(name: string): boolean {
  return ['films', 'shown', 'movie_id', 'person_id', 'director_id', 'collection_id', 'is_group'].includes(name)
}
