import { count, month } from '../frame/index.ts'
import { bigint, double, int, table } from '../table.ts'
import { exactMean, exactSum } from './exact.ts'
import { moviePerformance } from './movie-performance.ts'

const musd = { unit: 'million USD', nullable: true } as const

/** What the movies released in each month of the year cost and earned, over all years. */
export const months = table({
  name: 'gold.months',
  grain: 'one row per month of release',
  key: ['month'],
  from: { movies: moviePerformance },
  columns: {
    month: int('month of release_date, 1 to 12'),
    movie_count: bigint('movies'),
    total_revenue_musd: double('sum of the known revenues', musd),
    mean_revenue_musd: double('mean of the known revenues', musd),
    mean_budget_musd: double('mean of the known budgets', musd),
    mean_rating: double('mean of vote_average', { nullable: true }),
  },
  build: ({ movies }) =>
    movies
      .select((m) => ({
        month: month(m.release_date),
        revenue_musd: m.revenue_musd,
        budget_musd: m.budget_musd,
        vote_average: m.vote_average,
      }))
      .dropNulls('month')
      .groupBy('month')
      .agg((m) => ({
        movie_count: count(),
        total_revenue_musd: exactSum(m.revenue_musd),
        mean_revenue_musd: exactMean(m.revenue_musd),
        mean_budget_musd: exactMean(m.budget_musd),
        mean_rating: exactMean(m.vote_average),
      })),
})
