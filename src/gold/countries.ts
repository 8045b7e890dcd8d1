import { count, max, median, when } from '../frame/index.ts'
import { movieCountries } from '../silver/movie-countries.ts'
import { bigint, double, string, table } from '../table.ts'
import { exact, exactMean, exactSum } from './exact.ts'
import { moviePerformance } from './movie-performance.ts'

const musd = { unit: 'million USD', nullable: true } as const

/** How the movies made in each country did. A film of two countries counts for both. */
export const countries = table({
  name: 'gold.countries',
  grain: 'one row per country of production',
  key: ['iso_3166_1'],
  from: { movies: moviePerformance, links: movieCountries },
  columns: {
    iso_3166_1: string('ISO 3166-1 code of the country'),
    country: string('name of the country'),
    movie_count: bigint('movies'),
    total_revenue_musd: double('sum of the known revenues', musd),
    mean_revenue_musd: double('mean of the known revenues', musd),
    median_roi: double('exact median of roi, over the movies eligible for it', { nullable: true }),
    mean_rating: double('mean of vote_average', { nullable: true }),
  },
  build: ({ movies, links }) =>
    links
      .select('movie_id', 'iso_3166_1', 'country')
      .join(
        movies.select((m) => ({
          movie_id: m.movie_id,
          revenue: exact(m.revenue_musd),
          roi: when(m.is_roi_eligible, m.roi),
          vote_average: exact(m.vote_average),
        })),
        ['movie_id'],
      )
      .groupBy('iso_3166_1')
      .agg((m) => ({
        country: max(m.country),
        movie_count: count(),
        total_revenue_musd: exactSum(m.revenue),
        mean_revenue_musd: exactMean(m.revenue),
        median_roi: median(m.roi),
        mean_rating: exactMean(m.vote_average),
      }))
      .dropNulls('country'),
})
