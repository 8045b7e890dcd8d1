import { bigint, array, date, double, int, stored, string } from '../../src/table.ts'
import { structOf } from '../../src/frame/index.ts'

const unknown = { nullable: true } as const

/** A table with a column of every kind, for what is about types and text. */
export const movies = stored({
  name: 'silver.movies',
  grain: 'one row per movie',
  key: ['movie_id'],
  columns: {
    movie_id: bigint('TMDB id'),
    title: string('title'),
    tagline: string('tagline', unknown),
    overview: string('plot summary', unknown),
    release_date: date('first release', unknown),
    collection_id: bigint('TMDB id of the collection', unknown),
    runtime: int('minutes', unknown),
    budget_musd: double('budget', unknown),
    revenue_musd: double('revenue', unknown),
    vote_average: double('0 to 10', unknown),
    genres: array('string')('genre names'),
    cast: array('string')('names of the actors'),
    directors: array(structOf({ person_id: 'bigint', name: 'string' }))('who directed'),
  },
})
