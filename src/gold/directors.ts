import { count } from '../frame/index.ts'
import { movies } from '../silver/movies.ts'
import { people } from '../silver/people.ts'
import { bigint, double, string, table } from '../table.ts'
import { exact, exactMean, exactSum } from './exact.ts'

/** What each director's movies earned. A film of two directors counts for both. */
export const directors = table({
  name: 'gold.directors',
  grain: 'one row per person who directed',
  key: ['person_id'],
  from: { movies, people },
  columns: {
    person_id: bigint('TMDB id of the person'),
    name: string('name of the person'),
    movie_count: bigint('movies directed'),
    total_revenue_musd: double('sum of the known revenues', { unit: 'million USD', nullable: true }),
    mean_rating: double('mean of vote_average', { nullable: true }),
  },
  build: ({ movies, people }) =>
    movies
      .select((m) => ({
        directors: m.directors,
        revenue: exact(m.revenue_musd),
        vote_average: exact(m.vote_average),
      }))
      .explode('directors', 'director')
      .select((m) => ({
        person_id: m.director.fields.person_id,
        revenue: m.revenue,
        vote_average: m.vote_average,
      }))
      .dropNulls('person_id')
      .groupBy('person_id')
      .agg((m) => ({
        movie_count: count(),
        total_revenue_musd: exactSum(m.revenue),
        mean_rating: exactMean(m.vote_average),
      }))
      .join(people.select('person_id', 'name'), ['person_id']),
})
