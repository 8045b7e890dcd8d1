import { count, min } from '../frame/index.ts'
import { credits } from '../silver/credits.ts'
import { people } from '../silver/people.ts'
import { bigint, double, int, string, table } from '../table.ts'
import { exact, exactMean, exactSum } from './exact.ts'
import { moviePerformance } from './movie-performance.ts'

/** How the movies of each actor did. Several roles in one film count once. */
export const actors = table({
  name: 'gold.actors',
  grain: 'one row per person with a role',
  key: ['person_id'],
  from: { movies: moviePerformance, credits, people },
  columns: {
    person_id: bigint('TMDB id of the person'),
    name: string('name of the person'),
    movie_count: bigint('movies with a role'),
    best_billing: int('best place in a cast list, from 0; null when none has one', { nullable: true }),
    total_revenue_musd: double('sum of the known revenues of those movies', { unit: 'million USD', nullable: true }),
    mean_rating: double('mean of their vote_average', { nullable: true }),
  },
  build: ({ movies, credits, people }) =>
    credits
      .filter((c) => c.is_main_role)
      .select('person_id', 'movie_id', 'billing_order')
      .join(
        movies.select((m) => ({
          movie_id: m.movie_id,
          revenue: exact(m.revenue_musd),
          vote_average: exact(m.vote_average),
        })),
        ['movie_id'],
      )
      .groupBy('person_id')
      .agg((c) => ({
        movie_count: count(),
        best_billing: min(c.billing_order),
        total_revenue_musd: exactSum(c.revenue),
        mean_rating: exactMean(c.vote_average),
      }))
      .join(people.select('person_id', 'name'), ['person_id']),
})
