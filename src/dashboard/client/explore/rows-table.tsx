import { type Column, DataTable } from '../parts/data-table.tsx'
import { Link } from '../parts/link.tsx'
import { withQuery } from '../state/api.ts'
import { filterQuery, isFiltered, toggled } from '../state/filters.ts'
import { formatCount, formatLanguage, formatValue } from '../state/format.ts'
import { explore } from '../state/place.ts'
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
    <div class="rows">
      <DataTable label={`Table of ${label}`} columns={columns} rows={rows.slice(0, shown)} keyOf={(_, at) => at} />
      {rows.length > shown && <p class="note">{formatCount(rows.length - shown)} more rows are in the CSV file.</p>}
    </div>
  )
}

function Cell({ name, row, query }: { readonly name: string; readonly row: Row; readonly query: URLSearchParams }) {
  const text = formatCell(name, row[name])
  const film = name === 'title' ? row['movie_id'] : name === 'top_title' ? row['top_id'] : undefined
  if (typeof film === 'number') return <Link href={withQuery(`/films/${film}`, filterQuery(query))}>{text}</Link>
  const filter = filterOfCell(name, row)
  if (filter === undefined) return <>{text}</>
  return (
    <button
      type="button"
      class="link"
      aria-pressed={isFiltered(query, filter)}
      onClick={() => explore((now) => toggled(now, filter))}
    >
      {text}
    </button>
  )
}

function formatCell(name: string, value: unknown): string {
  // a chart by genre has a row of all films above them
  if (name === 'genre' && value === null) return 'All films'
  if (typeof value === 'number' && (name === 'year' || name === 'decade')) return String(value)
  return typeof value === 'string' && name === 'original_language' ? formatLanguage(value) : formatValue(value)
}

/** What every row of a chart carries for its caption and its lines, and ids that stand beside a name. */
function isOnlyForDrawing(name: string): boolean {
  return ['films', 'shown', 'slope', 'intercept', 'r2', 'is_group'].includes(name) || name.endsWith('_id')
}
