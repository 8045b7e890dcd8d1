import { createHash } from 'node:crypto'
import type { SavedTable } from '../engines/engine.ts'
import { count, lit, max, min, sql, sum, type AnyFrame, type Frame } from '../frame/index.ts'
import { movers } from '../gold/movers.ts'
import { moviePerformance } from '../gold/movie-performance.ts'
import type { Published } from '../pipeline/publish.ts'
import { films } from '../report/films.ts'
import { movieMeasures } from '../silver/movie-measures.ts'
import { movies } from '../silver/movies.ts'
import { relation, type Table } from '../table.ts'

/** Columns of `films` that are kept as an ENUM, the lists with a mask beside. */
export const enumColumns = ['genres', 'countries', 'original_language'] as const

const named = { name: 'string', name_key: 'string', film_count: 'bigint', vote_count: 'bigint' } as const

/** The columns of the serving file's tables. `_key` is what is searched: small letters without accents. */
export const servingColumns = {
  films: { ...films.frame.types, title_key: 'string' },
  movers: movers.frame.types,
  film_directors: { person_id: 'bigint', movie_id: 'bigint' },
  directors: { person_id: 'bigint', ...named },
  franchises: { collection_id: 'bigint', ...named },
  meta: {
    format: 'string',
    run_id: 'string',
    published_at: 'string',
    film_count: 'bigint',
    first_year: 'int',
    last_year: 'int',
    newest_on: 'date',
  },
} as const

/** Changes whenever a file of another movielake could not be read by this one. */
export const servingFormat = createHash('sha256')
  .update(JSON.stringify([3, servingColumns, enumColumns]))
  .digest('hex')
  .slice(0, 16)

/** Opens a table in the state that is to be served; undefined when there is none. */
export type OpenServed = <S>(table: Table<S>) => Promise<Frame<S> | undefined>

/** The films to be served, best known first; undefined when the tables they are made of are not there. */
export async function filmsToServe(open: OpenServed): Promise<Frame<typeof films.frame.schema> | undefined> {
  const from = { performance: await open(moviePerformance), movies: await open(movies) }
  return from.performance === undefined || from.movies === undefined
    ? undefined
    : films.build({ performance: from.performance, movies: from.movies })
}

/** The tables of the serving file, over films that are computed already. */
export async function servingTables(
  served: typeof films.frame,
  open: OpenServed,
  published: Pick<Published, 'run_id' | 'at'>,
): Promise<Readonly<Record<keyof typeof servingColumns, SavedTable>>> {
  const measures = await open(movieMeasures)
  const moved = (await open(movers)) ?? none(movers)
  return {
    films: {
      frame: keyed(served, 'title'),
      // charts of money pass over the rest
      largestFirst: ['revenue_musd', 'budget_musd', 'vote_count'],
      enums: enumColumns,
    },
    movers: { frame: moved },
    film_directors: { frame: filmDirectorsOf(served), largestFirst: ['person_id'] },
    directors: { frame: keyed(directorsOf(served), 'name') },
    franchises: { frame: keyed(franchisesOf(served), 'name') },
    meta: { frame: metaOf(served, measures ?? none(movieMeasures), published) },
  }
}

const metaOf = (
  served: typeof films.frame,
  measures: typeof movieMeasures.frame,
  { run_id, at }: Pick<Published, 'run_id' | 'at'>,
): AnyFrame =>
  served
    .agg((f) => ({ film_count: count(), first_year: min(f.year), last_year: max(f.year) }))
    .joinOn(
      measures.agg((m) => ({ newest_on: max(m.measured_on) })),
      () => lit(true),
    )
    .select((m) => ({
      format: lit(servingFormat),
      run_id: lit(run_id),
      published_at: lit(at),
      film_count: m.film_count,
      first_year: m.first_year,
      last_year: m.last_year,
      newest_on: m.newest_on,
    }))

const filmDirectorsOf = (served: typeof films.frame) =>
  served
    .select('movie_id', 'directors')
    .explode('directors', 'director')
    .select((f) => ({ person_id: f.director.fields.person_id, movie_id: f.movie_id }))
    .dropNulls('person_id')

const directorsOf = (served: typeof films.frame) =>
  served
    .select('directors', 'vote_count')
    .explode('directors', 'director')
    .select((f) => ({
      person_id: f.director.fields.person_id,
      name: f.director.fields.name,
      vote_count: f.vote_count,
    }))
    .dropNulls('person_id', 'name')
    .groupBy('person_id')
    .agg((f) => ({ name: min(f.name), film_count: count(), vote_count: sum(f.vote_count) }))

const franchisesOf = (served: typeof films.frame) =>
  served
    .dropNulls('collection_id', 'collection_name')
    .groupBy('collection_id')
    .agg((f) => ({ name: min(f.collection_name), film_count: count(), vote_count: sum(f.vote_count) }))

/** The frame with a column to search by: `title_key` beside `title`. */
function keyed<S>(frame: Frame<S>, column: 'title' | 'name'): Frame<S> {
  const columns = { ...frame.types, [`${column}_key`]: 'string' } as const
  const texts = [`SELECT *, ${keyOf(column)} AS ${column}_key FROM `, '']
  return sql(columns)(Object.assign(texts, { raw: texts }), frame) as unknown as Frame<S>
}

/** SQL for a text as it is searched. */
export const keyOf = (text: string): string => `strip_accents(lower(${text}))`

const none = <S>(table: Table<S>): Frame<S> => {
  const columns = Object.entries(table.frame.types)
    .map(([name]) => `NULL AS ${name}`)
    .join(', ')
  return relation(`(SELECT ${columns} WHERE false)`, table.frame.types)
}
