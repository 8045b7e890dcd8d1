import { arrayDistinct, count, max, median, min, percentile, when } from '../frame/index.ts'
import { bigint, double, string, table } from '../table.ts'
import { exact, exactMean, exactSum } from './exact.ts'
import { moviePerformance } from './movie-performance.ts'

const roi = (what: string) =>
  double(`${what} of roi, over the movies eligible for it`, { unit: 'multiple of the budget', nullable: true })

/** How the movies of each genre did. A film of two genres counts for both. */
export const genres = table({
  name: 'gold.genres',
  grain: 'one row per genre',
  key: ['genre'],
  from: { movies: moviePerformance },
  columns: {
    genre: string('name of the genre'),
    movie_count: bigint('movies'),
    roi_count: bigint('movies eligible for roi'),
    roi_min: roi('minimum'),
    roi_q1: roi('first quartile, interpolated,'),
    roi_median: roi('exact median'),
    roi_q3: roi('third quartile, interpolated,'),
    roi_max: roi('maximum'),
    roi_mean: roi('mean'),
    total_revenue_musd: double('sum of the known revenues', { unit: 'million USD', nullable: true }),
    mean_rating: double('mean of vote_average', { nullable: true }),
  },
  build: ({ movies }) =>
    movies
      .select((m) => ({
        genres: arrayDistinct(m.genres),
        roi: when(m.is_roi_eligible, m.roi),
        revenue: exact(m.revenue_musd),
        vote_average: exact(m.vote_average),
      }))
      .explode('genres', 'genre')
      .groupBy('genre')
      .agg((m) => ({
        movie_count: count(),
        roi_count: count(m.roi),
        roi_min: min(m.roi),
        roi_q1: percentile(m.roi, 0.25),
        roi_median: median(m.roi),
        roi_q3: percentile(m.roi, 0.75),
        roi_max: max(m.roi),
        roi_mean: exactMean(m.roi, 1e9),
        total_revenue_musd: exactSum(m.revenue),
        mean_rating: exactMean(m.vote_average),
      })),
})
