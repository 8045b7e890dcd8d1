import type { FilmRow, FilmsAnswer, FilmSort } from '../../api-types.ts'
import { type Column, DataTable } from '../parts/data-table.tsx'
import { Link } from '../parts/link.tsx'
import { Panel } from '../parts/panel.tsx'
import { EmptyMessage, Loaded } from '../parts/states.tsx'
import { api, withQuery } from '../state/api.ts'
import { filterQuery, filtersOf, toggled, withoutFilters } from '../state/filters.ts'
import { formatCount, formatMoney, formatMultiple, formatRating, unknown } from '../state/format.ts'
import { explore } from '../state/place.ts'
import { useAnswer } from '../state/use-answer.ts'
import { Sql } from './sql.tsx'
import { viewOf, withView } from './view.ts'

/** The films that pass the filters, a page at a time, sorted by a click on a column. */
export function FilmsPanel({ query }: { readonly query: URLSearchParams }) {
  const listed = listQuery(query)
  const answer = useAnswer(api.films(listed))
  const total = answer.value?.total
  const isSql = viewOf(query, 'films') === 'sql'
  const show = (view: 'chart' | 'sql') => () => explore((now) => withView(now, 'films', view))
  return (
    <Panel
      id="films"
      title="Films"
      subtitle={total === undefined ? undefined : `${formatCount(total)} ${total === 1 ? 'film' : 'films'}`}
      isLoading={answer.isLoading}
      views={[
        { label: 'List', isShown: !isSql, show: show('chart') },
        { label: 'SQL', isShown: isSql, show: show('sql') },
      ]}
      downloads={[{ label: 'Films as CSV', href: withQuery('/api/films.csv', listed) }]}
    >
      <Loaded answer={answer}>
        {(value) => (isSql ? <Sql asked={value} label="the films" /> : <FilmList answer={value} query={query} />)}
      </Loaded>
    </Panel>
  )
}

function FilmList({ answer, query }: { readonly answer: FilmsAnswer; readonly query: URLSearchParams }) {
  if (answer.total === 0) {
    const clear = () => explore(withoutFilters)
    return (
      <EmptyMessage
        why={filtersOf(query).length === 0 ? 'There are no films yet' : 'No film passes all filters'}
        clear={filtersOf(query).length === 0 ? undefined : clear}
      />
    )
  }
  return (
    <>
      <DataTable
        label="List of films"
        columns={columnsOf(answer, query)}
        rows={answer.films}
        keyOf={({ movie_id }) => movie_id}
      />
      <Pages answer={answer} />
    </>
  )
}

function columnsOf(answer: FilmsAnswer, query: URLSearchParams): readonly Column<FilmRow>[] {
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

function Pages({ answer }: { readonly answer: FilmsAnswer }) {
  const last = Math.ceil(answer.total / answer.size)
  const turn = (page: number) => () => explore((now) => turned(now, page))
  if (last <= 1) return null
  return (
    <nav class="pages" aria-label="Pages of films">
      <button type="button" class="button" disabled={answer.page <= 1} onClick={turn(answer.page - 1)}>
        Previous
      </button>
      <span role="status">
        Page {formatCount(answer.page)} of {formatCount(last)}
      </span>
      <button type="button" class="button" disabled={answer.page >= last} onClick={turn(answer.page + 1)}>
        Next
      </button>
    </nav>
  )
}

/** What the list depends on: filters, order, page. */
function listQuery(query: URLSearchParams): string {
  const listed = new URLSearchParams(filterQuery(query))
  for (const name of ['sort', 'order', 'page']) {
    const value = query.get(name)
    if (value !== null) listed.set(name, value)
  }
  return listed.toString()
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

function turned(query: URLSearchParams, page: number): URLSearchParams {
  const next = new URLSearchParams(query)
  next.set('page', String(page))
  return next
}
