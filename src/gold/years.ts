import { count } from '../frame/index.ts'
import { bigint, double, int, table } from '../table.ts'
import { exactMean, exactSum } from './exact.ts'
import { moviePerformance } from './movie-performance.ts'

const musd = { unit: 'million USD', nullable: true } as const

/** What the movies of each release year cost and earned. */
export const years = table({
  name: 'gold.years',
  grain: 'one row per release year',
  key: ['year'],
  from: { movies: moviePerformance },
  columns: {
    year: int('year of release_date'),
    movie_count: bigint('movies'),
    total_revenue_musd: double('sum of the known revenues', musd),
    mean_revenue_musd: double('mean of the known revenues', musd),
    mean_budget_musd: double('mean of the known budgets', musd),
    mean_rating: double('mean of vote_average', { nullable: true }),
  },
  build: ({ movies }) =>
    movies
      .dropNulls('year')
      .groupBy('year')
      .agg((m) => ({
        movie_count: count(),
        total_revenue_musd: exactSum(m.revenue_musd),
        mean_revenue_musd: exactMean(m.revenue_musd),
        mean_budget_musd: exactMean(m.budget_musd),
        mean_rating: exactMean(m.vote_average),
      })),
})
