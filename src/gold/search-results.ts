import { arrayContains, exists, lit, rowNumber, type Column, type Columns, type Frame } from '../frame/index.ts'
import type { Search } from '../rules.ts'
import { movies } from '../silver/movies.ts'
import { bigint, date, double, int, string, table } from '../table.ts'

type Movies = typeof movies.frame
type Movie = Movies extends Frame<infer S> ? Columns<S> : never
const unknown = { nullable: true } as const

/** What the searches of the config find. Names are matched whole; nulls come last, ties go to the lower movie id. */
export const searchResults = table({
  name: 'gold.search_results',
  grain: 'one row per search and hit',
  key: ['search', 'rank'],
  from: { movies },
  columns: {
    search: string('name of the search'),
    rank: int('place, from 1'),
    movie_id: bigint('TMDB id'),
    title: string('title'),
    release_date: date('first release', unknown),
    runtime: int('running time', { unit: 'minutes', nullable: true }),
    vote_average: double('mean vote, 0 to 10', unknown),
    vote_count: bigint('votes', unknown),
  },
  build: ({ movies }, rules) => {
    const [first, ...others] = Object.entries(rules.searches)
    const none = hitsOf(
      movies.filter(() => lit(false)),
      'none',
      { genres: [], cast: [], directors: [], order_by: 'runtime', direction: 'asc' },
    )
    if (first === undefined) return none
    return others.reduce(
      (all, [name, search]) => all.unionByName(hitsOf(movies, name, search)),
      hitsOf(movies, ...first),
    )
  },
})

const hitsOf = (movies: Movies, name: string, search: Search) =>
  movies
    .filter((m) => conditions(m, search).reduce((all, one) => all.and(one), lit(true) as Column<'boolean' | null>))
    .select((m) => ({
      search: lit(name),
      rank: rowNumber().over({ orderBy: [m[search.order_by][search.direction](), m.movie_id] }),
      movie_id: m.movie_id,
      title: m.title,
      release_date: m.release_date,
      runtime: m.runtime,
      vote_average: m.vote_average,
      vote_count: m.vote_count,
    }))
    .as(name)

const conditions = (m: Movie, search: Search): readonly Column<'boolean' | null>[] => [
  ...search.genres.map((genre) => arrayContains(m.genres, genre)),
  ...search.cast.map((actor) => arrayContains(m.cast, actor)),
  ...search.directors.map((director) => exists(m.directors, (d) => d.fields.name.eq(director))),
]
