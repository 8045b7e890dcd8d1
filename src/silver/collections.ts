import { coalesce, count, lit, max } from '../frame/index.ts'
import { bigint, int, string, table } from '../table.ts'
import { movies } from './movies.ts'

/** The collections that movies of silver belong to. */
export const collections = table({
  name: 'silver.collections',
  grain: 'one row per TMDB collection',
  key: ['collection_id'],
  from: { movies },
  columns: {
    collection_id: bigint('TMDB id of the collection'),
    name: string('name of the collection; empty when TMDB gives none'),
    movie_count: int('its movies in silver'),
  },
  build: ({ movies }) =>
    movies
      .dropNulls('collection_id')
      .groupBy('collection_id')
      .agg((m) => ({ name: coalesce(max(m.collection_name), lit('')), movies: count() }))
      .select((c) => ({
        collection_id: c.collection_id,
        name: c.name,
        movie_count: coalesce(c.movies.tryCast('int'), lit(0, 'int')),
      })),
})
