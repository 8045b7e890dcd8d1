import { count, median, when } from '../frame/index.ts'
import { bigint, double, string, table } from '../table.ts'
import { exactMean } from './exact.ts'
import { moviePerformance } from './movie-performance.ts'

const musd = { unit: 'million USD', nullable: true } as const

/** How movies of a collection did against the others. */
export const franchiseVsStandalone = table({
  name: 'gold.franchise_vs_standalone',
  grain: 'one row per kind of movie',
  key: ['kind'],
  from: { movies: moviePerformance },
  columns: {
    kind: string('franchise: has a collection; standalone: has none'),
    movie_count: bigint('movies'),
    mean_revenue_musd: double('mean of the known revenues', musd),
    median_roi: double('exact median of roi, over the movies eligible for it', { nullable: true }),
    mean_budget_musd: double('mean of the known budgets', musd),
    mean_popularity: double('mean popularity', { nullable: true }),
    mean_rating: double('mean of vote_average', { nullable: true }),
  },
  build: ({ movies }) =>
    movies
      .select((m) => ({
        kind: when(m.collection_id.isNotNull(), 'franchise').otherwise('standalone'),
        revenue_musd: m.revenue_musd,
        roi: when(m.is_roi_eligible, m.roi),
        budget_musd: m.budget_musd,
        popularity: m.popularity,
        vote_average: m.vote_average,
      }))
      .as('kinds')
      .groupBy('kind')
      .agg((m) => ({
        movie_count: count(),
        mean_revenue_musd: exactMean(m.revenue_musd),
        median_roi: median(m.roi),
        mean_budget_musd: exactMean(m.budget_musd),
        mean_popularity: exactMean(m.popularity),
        mean_rating: exactMean(m.vote_average),
      })),
})
