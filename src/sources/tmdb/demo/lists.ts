import { isDate, type Catalogue, type Day, type Film } from './catalogue.ts'
import { buildListRow } from './movie-body.ts'
import { errorReply, type Reply } from './tmdb-errors.ts'

const dayMs = 86_400_000
const rowsPerPage = 20
const changesPerPage = 100

// TMDB's top_rated asks for a few hundred votes; it does not say how many
const minTopRatedVotes = 300

/** Names of the lists under `/3/movie/`. */
export const listNames = ['popular', 'top_rated', 'now_playing', 'upcoming'] as const

/** A list under `/3/movie/`. */
export type ListName = (typeof listNames)[number]

/** One page of a list: 20 rows, pages 1 to 500; other pages are TMDB's error 22. */
export function replyList(name: ListName, day: Day, today: string, query: URLSearchParams): Reply {
  const films = [...day.films.values()]
  const until = shiftDate(today, 28)
  const since = shiftDate(today, -45)
  const popularity = (film: Film): number => measure(day, film, 0)
  switch (name) {
    case 'popular':
      return page(ordered(films, popularity, -1), day, query)
    case 'top_rated':
      return page(
        ordered(
          films.filter((film) => measure(day, film, 2) >= minTopRatedVotes),
          (film) => measure(day, film, 1),
          -1,
        ),
        day,
        query,
      )
    case 'now_playing': {
      const playing = films.filter((film) => film.release_date >= since && film.release_date <= today)
      return page(ordered(playing, popularity, -1), day, query, { dates: { maximum: today, minimum: since } })
    }
    case 'upcoming': {
      const coming = films.filter((film) => film.release_date > today && film.release_date <= until)
      return page(ordered(coming, popularity, -1), day, query, { dates: { maximum: until, minimum: today } })
    }
  }
}

/**
 * One page of `/3/discover/movie`. Understood: sort_by, primary_release_year, primary_release_date.gte and .lte, with_genres
 * (`,` is and, `|` is or), with_original_language, vote_count.gte, page. Others are ignored, as TMDB ignores unknown names.
 */
export function replyDiscover(day: Day, query: URLSearchParams): Reply {
  const films = [...day.films.values()].filter((film) => isDiscovered(day, film, query))
  const [key = 'popularity', direction = 'desc'] = (query.get('sort_by') ?? 'popularity.desc').split('.')
  return page(ordered(films, sortKey(day, key), direction === 'asc' ? 1 : -1), day, query)
}

/** One page of `/3/movie/changes`: ids of films whose facts changed between two dates of at most 14 days; popularity and votes do not count. */
export function replyChanges(catalogue: Catalogue, today: string, query: URLSearchParams): Reply {
  const end = query.get('end_date') ?? today
  const start = query.get('start_date') ?? shiftDate(isDate(end) ? end : today, -1)
  if (!isDate(start) || !isDate(end)) return errorReply('date')
  if (Date.parse(end) - Date.parse(start) > 14 * dayMs || start > end) return errorReply('dateRange')
  const changed = catalogue.edits.filter((edit) => edit.date >= start && edit.date <= end && edit.date <= today)
  const ids = [...new Set(changed.map((edit) => edit.id))]
  return slice(ids, changesPerPage, query, (id) => ({ id, adult: false }))
}

function isDiscovered(day: Day, film: Film, query: URLSearchParams): boolean {
  const year = query.get('primary_release_year')
  const language = query.get('with_original_language')
  const genres = query.get('with_genres') ?? ''
  const ids = film.genres.map(([id]) => String(id))
  return (
    (year === null || film.release_date.startsWith(`${year}-`)) &&
    (language === null || film.original_language === language) &&
    film.release_date >= (query.get('primary_release_date.gte') ?? '') &&
    film.release_date <= (query.get('primary_release_date.lte') ?? '9999') &&
    measure(day, film, 2) >= Number(query.get('vote_count.gte') ?? 0) &&
    (genres === '' || genres.split(',').every((all) => all.split('|').some((id) => ids.includes(id))))
  )
}

function sortKey(day: Day, key: string): (film: Film) => number | string {
  switch (key) {
    case 'revenue':
      return (film) => film.revenue
    case 'primary_release_date':
      return (film) => film.release_date
    case 'title':
      return (film) => film.title
    case 'original_title':
      return (film) => film.original_title
    case 'vote_average':
      return (film) => measure(day, film, 1)
    case 'vote_count':
      return (film) => measure(day, film, 2)
    default:
      return (film) => measure(day, film, 0)
  }
}

function measure(day: Day, film: Film, at: 0 | 1 | 2): number {
  return film.measures[day.index]?.[at] ?? 0
}

function ordered(films: readonly Film[], keyOf: (film: Film) => number | string, sign: 1 | -1): Film[] {
  return [...films].sort((a, b) => {
    const [left, right] = [keyOf(a), keyOf(b)]
    return left === right ? a.id - b.id : left < right ? -sign : sign
  })
}

function page(films: readonly Film[], day: Day, query: URLSearchParams, extra: Record<string, unknown> = {}): Reply {
  return slice(films, rowsPerPage, query, (film) => buildListRow(day, film), extra)
}

function slice<T>(
  rows: readonly T[],
  perPage: number,
  query: URLSearchParams,
  rowOf: (row: T) => unknown,
  extra: Record<string, unknown> = {},
): Reply {
  const number = Number(query.get('page') ?? 1)
  if (!Number.isInteger(number) || number < 1 || number > 500) return errorReply('page')
  const results = rows.slice((number - 1) * perPage, number * perPage).map((row) => rowOf(row))
  const totalPages = Math.max(1, Math.ceil(rows.length / perPage))
  return { status: 200, body: { ...extra, page: number, results, total_pages: totalPages, total_results: rows.length } }
}

function shiftDate(date: string, days: number): string {
  return new Date(Date.parse(date) + days * dayMs).toISOString().slice(0, 10)
}
