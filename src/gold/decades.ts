import { count, floor } from '../frame/index.ts'
import { bigint, double, int, table } from '../table.ts'
import { exactMean, exactSum } from './exact.ts'
import { moviePerformance } from './movie-performance.ts'

const musd = { unit: 'million USD', nullable: true } as const

/** What the movies of each decade cost and earned. */
export const decades = table({
  name: 'gold.decades',
  grain: 'one row per decade of release',
  key: ['decade'],
  from: { movies: moviePerformance },
  columns: {
    decade: int('first year of the decade'),
    movie_count: bigint('movies'),
    total_revenue_musd: double('sum of the known revenues', musd),
    mean_revenue_musd: double('mean of the known revenues', musd),
    mean_budget_musd: double('mean of the known budgets', musd),
    mean_rating: double('mean of vote_average', { nullable: true }),
  },
  build: ({ movies }) =>
    movies
      .select((m) => ({
        decade: floor(m.year.divide(10)).multiply(10).tryCast('int'),
        revenue_musd: m.revenue_musd,
        budget_musd: m.budget_musd,
        vote_average: m.vote_average,
      }))
      .dropNulls('decade')
      .groupBy('decade')
      .agg((m) => ({
        movie_count: count(),
        total_revenue_musd: exactSum(m.revenue_musd),
        mean_revenue_musd: exactMean(m.revenue_musd),
        mean_budget_musd: exactMean(m.budget_musd),
        mean_rating: exactMean(m.vote_average),
      })),
})
