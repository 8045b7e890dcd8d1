import { useRef } from 'preact/hooks'
import type { FilmsAnswer } from '../../api-types.ts'
import { DataTable } from '../parts/data-table.tsx'
import { Panel } from '../parts/panel.tsx'
import { EmptyMessage, Loaded } from '../parts/states.tsx'
import { api, withQuery } from '../state/api.ts'
import { filterQuery, filtersOf, withoutFilters } from '../state/filters.ts'
import { formatCount } from '../state/format.ts'
import { explore } from '../state/place.ts'
import { useAnswer } from '../state/use-answer.ts'
import { columnsOf } from './film-columns.tsx'
import { Sql } from './sql.tsx'
import { viewOf, withView } from './view.ts'

/** The films that pass the filters, a page at a time, sorted by a click on a column. */
export function FilmsPanel({ query }: { readonly query: URLSearchParams }) {
  const listed = listQuery(query)
  const box = useRef<HTMLElement>(null)
  const answer = useAnswer(api.films(listed), { box })
  const total = answer.value?.total
  const isSql = viewOf(query, 'films') === 'sql'
  const show = (view: 'chart' | 'sql') => () => explore((now) => withView(now, 'films', view))
  return (
    <Panel
      box={box}
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

function turned(query: URLSearchParams, page: number): URLSearchParams {
  const next = new URLSearchParams(query)
  next.set('page', String(page))
  return next
}
