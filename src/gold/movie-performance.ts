import { coalesce, year } from '../frame/index.ts'
import { movies } from '../silver/movies.ts'
import { array, bigint, boolean, date, double, int, string, table } from '../table.ts'

const unknown = { nullable: true } as const
const musd = { unit: 'million USD', nullable: true } as const

/** What each movie cost and earned, and what people thought of it. The other gold tables count from here. */
export const moviePerformance = table({
  name: 'gold.movie_performance',
  grain: 'one row per movie',
  key: ['movie_id'],
  from: { movies },
  columns: {
    movie_id: bigint('TMDB id'),
    title: string('title'),
    release_date: date('first release', unknown),
    year: int('year of release_date', unknown),
    genres: array('string')('genre names'),
    original_language: string('ISO 639-1 code', unknown),
    collection_id: bigint('TMDB id of the collection; null for a standalone movie', unknown),
    collection_name: string('name of the collection', unknown),
    budget_musd: double('budget', musd),
    revenue_musd: double('worldwide revenue', musd),
    profit_musd: double('revenue_musd - budget_musd; negative is a loss', musd),
    roi: double('revenue_musd / budget_musd; 1 broke even', { unit: 'multiple of the budget', nullable: true }),
    is_roi_eligible: boolean('whether roi is known and the budget large enough for it to mean something'),
    vote_average: double('mean vote, 0 to 10; null without votes', unknown),
    vote_count: bigint('votes', unknown),
    popularity: double('TMDB popularity', unknown),
    runtime: int('running time', { unit: 'minutes', nullable: true }),
  },
  build: ({ movies }, rules) =>
    movies
      .select((m) => ({
        movie_id: m.movie_id,
        title: m.title,
        release_date: m.release_date,
        year: year(m.release_date),
        genres: m.genres,
        original_language: m.original_language,
        collection_id: m.collection_id,
        collection_name: m.collection_name,
        budget_musd: m.budget_musd,
        revenue_musd: m.revenue_musd,
        profit_musd: m.revenue_musd.minus(m.budget_musd),
        roi: m.revenue_musd.divide(m.budget_musd),
        vote_average: m.vote_average,
        vote_count: m.vote_count,
        popularity: m.popularity,
        runtime: m.runtime,
      }))
      .withColumns((m) => ({
        is_roi_eligible: coalesce(m.budget_musd.ge(rules.roi_min_budget_musd), false).and(m.roi.isNotNull()),
      })),
})
