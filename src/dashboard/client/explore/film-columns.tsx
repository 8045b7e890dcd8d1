import type { FilmRow, FilmsAnswer, FilmSort } from '../../api-types.ts'
import type { Column } from '../parts/data-table.tsx'
import { Link } from '../parts/link.tsx'
import { withQuery } from '../state/api.ts'
import { filterQuery, toggled } from '../state/filters.ts'
import { formatCount, formatMoney, formatMultiple, formatRating, unknown } from '../state/format.ts'
import { explore } from '../state/place.ts'

/** The columns of the list of films; all but directors sort it. */
export function columnsOf(answer: FilmsAnswer, query: URLSearchParams): readonly Column<FilmRow>[] {
  const filters = filterQuery(query)
  const sort = (column: FilmSort): NonNullable<Column<FilmRow>['sort']> => ({
    order: answer.sort !== column ? undefined : answer.order === 'asc' ? 'ascending' : 'descending',
    toggle: () => explore((now) => sorted(now, answer, column)),
  })
  const number = { isNumber: true }
  return [
    {
      name: 'Title',
      sort: sort('title'),
      cell: ({ movie_id, title }) => <Link href={withQuery(`/films/${movie_id}`, filters)}>{title}</Link>,
    },
    { ...number, name: 'Released', sort: sort('release_date'), cell: ({ year }) => year ?? unknown },
    { name: 'Directors', isExtra: true, cell: (film) => <Directors film={film} query={query} /> },
    {
      ...number,
      name: 'Budget',
      isExtra: true,
      sort: sort('budget_musd'),
      cell: (film) => formatMoney(film.budget_musd),
    },
    { ...number, name: 'Revenue', sort: sort('revenue_musd'), cell: (film) => formatMoney(film.revenue_musd) },
    {
      ...number,
      name: 'Profit',
      isExtra: true,
      sort: sort('profit_musd'),
      cell: (film) => formatMoney(film.profit_musd),
    },
    { ...number, name: 'ROI', isExtra: true, sort: sort('roi'), cell: ({ roi }) => formatMultiple(roi) },
    { ...number, name: 'Rating', sort: sort('vote_average'), cell: (film) => formatRating(film.vote_average) },
    {
      ...number,
      name: 'Votes',
      isExtra: true,
      sort: sort('vote_count'),
      cell: ({ vote_count }) => (vote_count === null ? unknown : formatCount(vote_count)),
    },
  ]
}

function Directors({ film, query }: { readonly film: FilmRow; readonly query: URLSearchParams }) {
  return (
    <>
      {film.directors.map((person, at) => (
        <span key={at}>
          {at > 0 && ', '}
          <FilterLink query={query} id={person?.person_id ?? null} name={person?.name ?? unknown} />
        </span>
      ))}
    </>
  )
}

function FilterLink(props: { readonly query: URLSearchParams; readonly id: number | null; readonly name: string }) {
  const { query, id, name } = props
  if (id === null) return <>{name}</>
  const href = withQuery('/', toggled(query, { name: 'director', value: String(id) }).toString())
  return (
    <Link class="quiet" href={href}>
      {name}
    </Link>
  )
}

/** The query with the list sorted by a column: the largest first, on a second click the smallest; titles from A on. */
function sorted(query: URLSearchParams, { sort, order }: FilmsAnswer, column: FilmSort): URLSearchParams {
  const next = new URLSearchParams(query)
  const first = column === 'title' ? 'asc' : 'desc'
  const other = order === 'asc' ? 'desc' : 'asc'
  next.set('sort', column)
  next.set('order', sort === column ? other : first)
  next.delete('page')
  return next
}
