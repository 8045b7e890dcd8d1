import { arrayDistinct, month, structOf } from '../frame/index.ts'
import { moviePerformance } from '../gold/movie-performance.ts'
import { movies } from '../silver/movies.ts'
import { array, bigint, boolean, date, double, int, string, table } from '../table.ts'

const unknown = { nullable: true } as const
const musd = { unit: 'million USD', nullable: true } as const
const person = structOf({ person_id: 'bigint', name: 'string' })

/** The movies as charts and the dashboard see them: what can be filtered by beside what is measured. Charts are frames over it. */
export const films = table({
  name: 'serving.films',
  grain: 'one row per movie',
  key: ['movie_id'],
  from: { performance: moviePerformance, movies },
  columns: {
    movie_id: bigint('TMDB id'),
    title: string('title'),
    release_date: date('first release', unknown),
    year: int('year of release_date', unknown),
    month: int('month of release_date, 1 to 12', unknown),
    genres: array('string')('genre names, each once'),
    countries: array('string')('names of the countries of production, each once'),
    original_language: string('ISO 639-1 code', unknown),
    directors: array(person)('everybody who directed, by name'),
    is_franchise: boolean('whether the movie belongs to a collection'),
    collection_id: bigint('TMDB id of the collection', unknown),
    collection_name: string('name of the collection', unknown),
    budget_musd: double('budget', musd),
    revenue_musd: double('worldwide revenue', musd),
    profit_musd: double('revenue_musd - budget_musd', musd),
    roi: double('revenue_musd / budget_musd; 1 broke even', { unit: 'multiple of the budget', nullable: true }),
    is_roi_eligible: boolean('whether roi is known and the budget large enough for it to mean something'),
    vote_average: double('mean vote, 0 to 10; null without votes', unknown),
    vote_count: bigint('votes', unknown),
    popularity: double('TMDB popularity', unknown),
    runtime: int('running time', { unit: 'minutes', nullable: true }),
  },
  build: ({ performance, movies }) =>
    performance
      .join(movies.select('movie_id', 'production_countries', 'directors'), ['movie_id'])
      .withColumns((m) => ({
        month: month(m.release_date),
        genres: arrayDistinct(m.genres),
        countries: arrayDistinct(m.production_countries),
        is_franchise: m.collection_id.isNotNull(),
      }))
      .drop('production_countries'),
})
