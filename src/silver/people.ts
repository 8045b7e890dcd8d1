import { coalesce, count, lit, max, nullif, struct } from '../frame/index.ts'
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
    name: string('name, as the movie with the highest id spells it'),
    known_for_department: string('department the person is known for', unknown),
    gender: int("TMDB's code: 0 not set, 1 female, 2 male, 3 non-binary", unknown),
    movie_count: int('movies with a credit of the person'),
  },
  build: ({ credits }) =>
    credits
      .select((c) => ({
        person_id: c.person_id,
        movie_id: c.movie_id,
        spelling: struct({
          movie_id: c.movie_id,
          name: c.name,
          department: coalesce(c.known_for_department, ''),
          gender: coalesce(c.gender, -1),
        }),
      }))
      .groupBy('person_id', 'movie_id')
      .agg((c) => ({ spelling: max(c.spelling) }))
      .groupBy('person_id')
      .agg((c) => ({ spelling: max(c.spelling), movies: count() }))
      .select(({ person_id, movies, spelling: { fields: s } }) => ({
        person_id,
        name: s.name,
        known_for_department: nullif(s.department, ''),
        gender: nullif(s.gender, -1),
        movie_count: coalesce(movies.tryCast('int'), lit(0, 'int')),
      }))
      .dropNulls('name'),
})
