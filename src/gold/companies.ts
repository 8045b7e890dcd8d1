import { count, max, median, when } from '../frame/index.ts'
import { movieCompanies } from '../silver/movie-companies.ts'
import { bigint, double, string, table } from '../table.ts'
import { exact, exactMean, exactSum } from './exact.ts'
import { moviePerformance } from './movie-performance.ts'

const musd = { unit: 'million USD', nullable: true } as const

/** How the movies of each company did. A film of two companies counts for both. */
export const companies = table({
  name: 'gold.companies',
  grain: 'one row per company',
  key: ['company_id'],
  from: { movies: moviePerformance, links: movieCompanies },
  columns: {
    company_id: bigint('TMDB id of the company'),
    company: string('name of the company'),
    movie_count: bigint('movies'),
    total_revenue_musd: double('sum of the known revenues', musd),
    mean_revenue_musd: double('mean of the known revenues', musd),
    median_roi: double('exact median of roi, over the movies eligible for it', { nullable: true }),
    mean_rating: double('mean of vote_average', { nullable: true }),
  },
  build: ({ movies, links }) =>
    links
      .select('movie_id', 'company_id', 'company')
      .join(
        movies.select((m) => ({
          movie_id: m.movie_id,
          revenue: exact(m.revenue_musd),
          roi: when(m.is_roi_eligible, m.roi),
          vote_average: exact(m.vote_average),
        })),
        ['movie_id'],
      )
      .groupBy('company_id')
      .agg((m) => ({
        company: max(m.company),
        movie_count: count(),
        total_revenue_musd: exactSum(m.revenue),
        mean_revenue_musd: exactMean(m.revenue),
        median_roi: median(m.roi),
        mean_rating: exactMean(m.vote_average),
      }))
      .dropNulls('company'),
})
