import { coalesce, count, lit, max } from '../frame/index.ts'
import { bigint, int, string, table } from '../table.ts'
import { credits } from './credits.ts'

const unknown = { nullable: true } as const

/** Everybody who has a credit in a movie of silver. */
export const people = table({
  name: 'silver.people',
  grain: 'one row per person',
  key: ['person_id'],
  from: { credits },
  columns: {
    person_id: bigint('TMDB id of the person'),
    name: string('name, as the last movie spells it: the one with the highest id'),
    known_for_department: string('department the person is known for', unknown),
    gender: int("TMDB's code: 0 not set, 1 female, 2 male, 3 non-binary", unknown),
    movie_count: int('movies with a credit of the person'),
  },
  build: ({ credits }) => {
    const lastMovies = credits
      .select('person_id', 'movie_id')
      .distinct()
      .groupBy('person_id')
      .agg((c) => ({ movie_id: max(c.movie_id), movies: count() }))
      .dropNulls('movie_id')
      .as('last_movies')
    return credits
      .select('person_id', 'movie_id', 'name', 'known_for_department', 'gender')
      .join(lastMovies, ['person_id', 'movie_id'])
      .groupBy('person_id')
      .agg((c) => ({
        name: max(c.name),
        known_for_department: max(c.known_for_department),
        gender: max(c.gender),
        movies: max(c.movies),
      }))
      .withColumns((p) => ({ movie_count: coalesce(p.movies.tryCast('int'), lit(0, 'int')) }))
      .drop('movies')
      .dropNulls('name')
  },
})
