import { lit, rowNumber, type Column, type Columns, type Frame } from '../frame/index.ts'
import type { Rules } from '../rules.ts'
import { bigint, double, int, string, table } from '../table.ts'
import { moviePerformance } from './movie-performance.ts'

type Movies = typeof moviePerformance.frame
type Movie = Movies extends Frame<infer S> ? Columns<S> : never

/** What the values of a ranking are counted in. */
export type RankingUnit = 'million USD' | 'multiple of the budget' | 'votes' | 'points of 10' | 'TMDB popularity'

/** One ranking: what it is by, which way round, and which movies may take part. */
export interface Ranking {
  readonly ranking: string
  readonly by: (m: Movie) => Column<'double' | null>
  readonly direction: 'asc' | 'desc'
  readonly unit: RankingUnit
  readonly only?: (m: Movie, rules: Rules) => Column<'boolean' | null>
}

const isEligible = (m: Movie) => m.is_roi_eligible
const hasVotes = (m: Movie, rules: Rules) => m.vote_count.ge(rules.rating_min_votes)
const votes = (m: Movie) => m.vote_count.cast('double')

/** The rankings of the assignment, in the order they are shown. */
export const rankingList: readonly [Ranking, ...Ranking[]] = [
  { ranking: 'highest_revenue', by: (m) => m.revenue_musd, direction: 'desc', unit: 'million USD' },
  { ranking: 'highest_budget', by: (m) => m.budget_musd, direction: 'desc', unit: 'million USD' },
  { ranking: 'highest_profit', by: (m) => m.profit_musd, direction: 'desc', unit: 'million USD' },
  { ranking: 'lowest_profit', by: (m) => m.profit_musd, direction: 'asc', unit: 'million USD' },
  { ranking: 'highest_roi', by: (m) => m.roi, direction: 'desc', unit: 'multiple of the budget', only: isEligible },
  { ranking: 'lowest_roi', by: (m) => m.roi, direction: 'asc', unit: 'multiple of the budget', only: isEligible },
  { ranking: 'most_voted', by: votes, direction: 'desc', unit: 'votes' },
  { ranking: 'highest_rated', by: (m) => m.vote_average, direction: 'desc', unit: 'points of 10', only: hasVotes },
  { ranking: 'lowest_rated', by: (m) => m.vote_average, direction: 'asc', unit: 'points of 10', only: hasVotes },
  { ranking: 'most_popular', by: (m) => m.popularity, direction: 'desc', unit: 'TMDB popularity' },
]

/** The movies at the head of each ranking. Movies without the value are never ranked; ties go to the lower movie id. */
export const rankings = table({
  name: 'gold.rankings',
  grain: 'one row per ranking and place',
  key: ['ranking', 'rank'],
  from: { movies: moviePerformance },
  columns: {
    ranking: string('name of the ranking'),
    rank: int('place, from 1'),
    movie_id: bigint('TMDB id'),
    title: string('title'),
    value: double('what the ranking is by'),
    unit: string('unit of value'),
  },
  build: ({ movies }, rules) => {
    const [first, ...others] = rankingList
    if (first === undefined) throw new Error('no rankings')
    return others.reduce(
      (all, ranking) => all.unionByName(headOf(movies, ranking, rules)),
      headOf(movies, first, rules),
    )
  },
})

const headOf = (movies: Movies, { ranking, by, direction, unit, only }: Ranking, rules: Rules) =>
  movies
    .transform((all) => (only === undefined ? all : all.filter((m) => only(m, rules))))
    .select((m) => ({ ranking: lit(ranking), movie_id: m.movie_id, title: m.title, value: by(m), unit: lit(unit) }))
    .dropNulls('value')
    // the head alone is put in order: a window over all movies would sort them ten times
    .orderBy((m) => [m.value[direction](), m.movie_id])
    .limit(rules.top)
    .withColumns((m) => ({ rank: rowNumber().over({ orderBy: [m.value[direction](), m.movie_id] }) }))
    .as(ranking)
