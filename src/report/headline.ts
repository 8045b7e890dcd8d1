import { count, countIf, max, median, min, sum, when } from '../frame/index.ts'
import { exactMean, exactSum } from '../gold/exact.ts'
import { moviePerformance } from '../gold/movie-performance.ts'
import type { OpenTable } from './kpis.ts'

/** The films in a few numbers, each with how many films it stands for. Null where no film has what it counts. */
export interface Headline {
  readonly films: number
  readonly revenue_musd: number | null
  readonly revenue_count: number
  readonly profit_musd: number | null
  readonly profit_count: number
  readonly median_roi: number | null
  readonly roi_count: number
  /** Mean of the films' mean votes. */
  readonly mean_rating: number | null
  readonly rating_count: number
  readonly votes: number | null
  readonly franchise_count: number
  readonly first_year: number | null
  readonly last_year: number | null
  readonly year_count: number
}

/** Counts the published films. */
export async function readHeadline(open: OpenTable): Promise<Headline> {
  const [found] = await headlineOf(open(moviePerformance)).collect()
  if (found === undefined) throw new Error('a count of all rows has no row')
  return found
}

/** One row: the films in numbers. */
export const headlineOf = (films: typeof moviePerformance.frame) =>
  films
    .select((m) => ({
      revenue: m.revenue_musd,
      profit: m.profit_musd,
      roi: when(m.is_roi_eligible, m.roi),
      rating: m.vote_average,
      votes: m.vote_count,
      collection: m.collection_id,
      year: m.year,
    }))
    .as('measured')
    .agg((m) => ({
      films: count(),
      revenue_musd: exactSum(m.revenue),
      revenue_count: count(m.revenue),
      profit_musd: exactSum(m.profit),
      profit_count: count(m.profit),
      median_roi: median(m.roi),
      roi_count: count(m.roi),
      mean_rating: exactMean(m.rating),
      rating_count: count(m.rating),
      votes: sum(m.votes),
      franchise_count: countIf(m.collection.isNotNull()),
      first_year: min(m.year),
      last_year: max(m.year),
      year_count: count(m.year),
    }))
