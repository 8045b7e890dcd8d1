import { arrayOf, structOf } from '../frame/index.ts'

// lists hold text alone: what is in them is cleaned and converted where it is one row an entry
const person = {
  credit_id: 'string',
  id: 'string',
  name: 'string',
  known_for_department: 'string',
  gender: 'string',
} as const

/** The part of TMDB's movie answer that silver reads. Source: https://developer.themoviedb.org/reference/movie-details */
export const payload = structOf({
  adult: 'boolean',
  video: 'boolean',
  title: 'string',
  original_title: 'string',
  tagline: 'string',
  overview: 'string',
  status: 'string',
  release_date: 'string',
  original_language: 'string',
  belongs_to_collection: structOf({ id: 'bigint', name: 'string' }),
  genres: arrayOf(structOf({ id: 'string', name: 'string' })),
  production_companies: arrayOf(structOf({ id: 'string', name: 'string', origin_country: 'string' })),
  production_countries: arrayOf(structOf({ iso_3166_1: 'string', name: 'string' })),
  spoken_languages: arrayOf(structOf({ iso_639_1: 'string', name: 'string', english_name: 'string' })),
  credits: structOf({
    cast: arrayOf(structOf({ ...person, character: 'string', order: 'string' })),
    crew: arrayOf(structOf({ ...person, department: 'string', job: 'string' })),
  }),
  budget: 'bigint',
  revenue: 'bigint',
  runtime: 'int',
  popularity: 'double',
  vote_average: 'double',
  vote_count: 'bigint',
  imdb_id: 'string',
  poster_path: 'string',
  backdrop_path: 'string',
  homepage: 'string',
})

/** The part of an answer that is measured anew every day. */
export const measuresPayload = structOf({
  popularity: 'double',
  vote_average: 'double',
  vote_count: 'bigint',
  budget: 'bigint',
  revenue: 'bigint',
})
