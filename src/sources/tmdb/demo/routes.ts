import { buildDay, isDate, type Catalogue, type Day, type Film } from './catalogue.ts'
import { listNames, replyChanges, replyDiscover, replyList } from './lists.ts'
import { buildCredits, buildKeywords, buildMovieBody, type Appendable } from './movie-body.ts'
import { errorReply, type Reply } from './tmdb-errors.ts'

/** What the sample server answers from: the catalogue, the day it pretends to be, and the films of that day. */
export interface Shelf {
  readonly catalogue: Catalogue
  /** `YYYY-MM-DD`: what TMDB would call today. */
  readonly today: string
  readonly day: Day
}

const appendable: readonly Appendable[] = ['credits', 'keywords']
const maxAppended = 20

/** The answer to a GET of `path` under `/3`; what TMDB lacks is its error 34, an id that is no number its error 6. */
export function reply(shelf: Shelf, path: string, query: URLSearchParams): Reply {
  switch (path) {
    case '/3/authentication':
      return { status: 200, body: { success: true, status_code: 1, status_message: 'Success.' } }
    case '/3/configuration':
      return { status: 200, body: configuration }
    case '/3/discover/movie':
      return replyDiscover(shelf.day, query)
    case '/3/movie/changes':
      return replyChanges(shelf.catalogue, shelf.today, query)
  }
  const list = listNames.find((name) => path === `/3/movie/${name}`)
  if (list !== undefined) return replyList(list, shelf.day, shelf.today, query)
  const [, id, part] = /^\/3\/movie\/([^/]+)(?:\/([a-z_]+))?$/.exec(path) ?? []
  return id === undefined ? errorReply('notFound') : replyMovie(shelf, id, part, query)
}

/**
 * The lines of the daily id export named `MM_DD_YYYY`: one JSON object per film, by id. Undefined for a day before the catalogue's
 * first or after the server's today.
 */
export function buildExport(shelf: Shelf, name: string): string | undefined {
  const [month, dayOfMonth, year] = name.split('_')
  const date = `${year}-${month}-${dayOfMonth}`
  if (!isDate(date) || date > shelf.today || date < (shelf.catalogue.days[0] ?? '')) return undefined
  const { films, index } = buildDay(shelf.catalogue, date)
  const line = ({ id, original_title, measures }: Film): string =>
    JSON.stringify({ adult: false, id, original_title, popularity: measures[index]?.[0] ?? 0, video: false })
  return [...films.values()].map((film) => `${line(film)}\n`).join('')
}

function replyMovie({ catalogue, day }: Shelf, id: string, part: string | undefined, query: URLSearchParams): Reply {
  // TMDB takes `603-the-matrix` for 603
  if (!/^\d+(-.*)?$/.test(id)) return errorReply('invalidId')
  const asked = (query.get('append_to_response') ?? '').split(',').filter((name) => name !== '')
  if (asked.length > maxAppended) return errorReply('append')
  const film = day.films.get(Number.parseInt(id, 10))
  if (film === undefined) return errorReply('notFound')
  if (part === 'credits') return { status: 200, body: { id: film.id, ...buildCredits(day, film) } }
  if (part === 'keywords') return { status: 200, body: { id: film.id, ...buildKeywords(film) } }
  if (part !== undefined) return errorReply('notFound')
  const appended = appendable.filter((name) => asked.includes(name))
  return { status: 200, body: buildMovieBody(catalogue, day, film, appended) }
}

const configuration = {
  images: {
    base_url: 'http://image.tmdb.org/t/p/',
    secure_base_url: 'https://image.tmdb.org/t/p/',
    backdrop_sizes: ['w300', 'w780', 'w1280', 'original'],
    logo_sizes: ['w45', 'w92', 'w154', 'w185', 'w300', 'w500', 'original'],
    poster_sizes: ['w92', 'w154', 'w185', 'w342', 'w500', 'w780', 'original'],
    profile_sizes: ['w45', 'w185', 'h632', 'original'],
    still_sizes: ['w92', 'w185', 'w300', 'original'],
  },
  change_keys: ['budget', 'cast', 'crew', 'genres', 'release_dates', 'revenue', 'runtime', 'status', 'title'],
}
