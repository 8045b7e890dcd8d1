import { count, median, when } from '../frame/index.ts'
import { bigint, double, string, table } from '../table.ts'
import { exactMean, exactSum } from './exact.ts'
import { moviePerformance } from './movie-performance.ts'

const musd = { unit: 'million USD', nullable: true } as const

/** How the movies of each original language did. */
export const languages = table({
  name: 'gold.languages',
  grain: 'one row per original language',
  key: ['original_language'],
  from: { movies: moviePerformance },
  columns: {
    original_language: string('ISO 639-1 code'),
    movie_count: bigint('movies'),
    total_revenue_musd: double('sum of the known revenues', musd),
    mean_revenue_musd: double('mean of the known revenues', musd),
    median_roi: double('exact median of roi, over the movies eligible for it', { nullable: true }),
    mean_rating: double('mean of vote_average', { nullable: true }),
  },
  build: ({ movies }) =>
    movies
      .dropNulls('original_language')
      .groupBy('original_language')
      .agg((m) => ({
        movie_count: count(),
        total_revenue_musd: exactSum(m.revenue_musd),
        mean_revenue_musd: exactMean(m.revenue_musd),
        median_roi: median(when(m.is_roi_eligible, m.roi)),
        mean_rating: exactMean(m.vote_average),
      })),
})
