import { coalesce, count, lit, max } from '../frame/index.ts'
import { bigint, double, string, table } from '../table.ts'
import { exactMean, exactSum } from './exact.ts'
import { moviePerformance } from './movie-performance.ts'

const musd = { unit: 'million USD', nullable: true } as const

/** What each collection spent and earned. */
export const franchises = table({
  name: 'gold.franchises',
  grain: 'one row per TMDB collection',
  key: ['collection_id'],
  from: { movies: moviePerformance },
  columns: {
    collection_id: bigint('TMDB id of the collection'),
    name: string('name of the collection'),
    movie_count: bigint('its movies'),
    total_budget_musd: double('sum of the known budgets', musd),
    mean_budget_musd: double('mean of the known budgets', musd),
    total_revenue_musd: double('sum of the known revenues', musd),
    mean_revenue_musd: double('mean of the known revenues', musd),
    mean_rating: double('mean of vote_average', { nullable: true }),
  },
  build: ({ movies }) =>
    movies
      .dropNulls('collection_id')
      .groupBy('collection_id')
      .agg((m) => ({
        name: coalesce(max(m.collection_name), lit('')),
        movie_count: count(),
        total_budget_musd: exactSum(m.budget_musd),
        mean_budget_musd: exactMean(m.budget_musd),
        total_revenue_musd: exactSum(m.revenue_musd),
        mean_revenue_musd: exactMean(m.revenue_musd),
        mean_rating: exactMean(m.vote_average),
      })),
})
