import { array, bigint, boolean, date, double, int, string, table } from '../table.ts'
import { structOf } from '../frame/index.ts'
import { answers } from './answers.ts'

const unknown = { nullable: true } as const
const musd = { unit: 'million USD', nullable: true } as const
const person = structOf({ person_id: 'bigint', name: 'string' })

/** The movies as TMDB knew them last, clean and typed. Movies that are gone, not released or hardly filled are not here. */
export const movies = table({
  name: 'silver.movies',
  grain: 'one row per movie',
  key: ['movie_id'],
  from: { answers },
  columns: {
    movie_id: bigint('TMDB id'),
    title: string('title'),
    original_title: string('title in the original language', unknown),
    tagline: string('tagline', unknown),
    overview: string('plot summary', unknown),
    release_date: date('first release; null when unknown, impossible or before 1888', unknown),
    original_language: string('ISO 639-1 code', unknown),
    collection_id: bigint('TMDB id of the collection; null for a standalone movie', unknown),
    collection_name: string('name of the collection', unknown),
    genres: array('string')('genre names, as TMDB lists them'),
    production_companies: array('string')('company names, as TMDB lists them'),
    production_countries: array('string')('country names, as TMDB lists them'),
    spoken_languages: array('string')('language names in the language itself, else in English'),
    cast: array('string')('names of the actors by billing order'),
    cast_size: int('cast entries as they came; null without credits', unknown),
    directors: array(person)('everybody with the job Director, each once, by name'),
    crew_size: int('crew entries as they came; null without credits', unknown),
    budget_musd: double('budget; null when TMDB knows none', musd),
    revenue_musd: double('worldwide revenue; null when TMDB knows none', musd),
    runtime: int('running time', { unit: 'minutes', nullable: true }),
    popularity: double("TMDB's popularity; its scale has changed over the years", unknown),
    vote_average: double('mean vote, 0 to 10; null without votes', unknown),
    vote_count: bigint('votes', unknown),
    imdb_id: string('IMDb id', unknown),
    poster_path: string('path of the poster at TMDB', unknown),
    backdrop_path: string('path of the backdrop at TMDB', unknown),
    homepage: string('address of the movie’s own page', unknown),
    adult: boolean('whether TMDB marks it as adult', unknown),
    video: boolean('whether TMDB marks it as a video', unknown),
  },
  build: ({ answers }) =>
    answers
      .filter((a) => a.refusal.isNull())
      .dropNulls('title')
      .drop('fetched_at', 'ingestion_date', 'run_id', 'http_status', 'status')
      .drop(
        'genre_list',
        'company_list',
        'country_list',
        'language_list',
        'cast_list',
        'crew_list',
        'has_double_credits',
      )
      .drop('filled_count', 'refusal', 'refusal_detail', 'warnings'),
})
