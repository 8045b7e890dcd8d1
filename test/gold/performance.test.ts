import { afterAll, describe, expect, it } from 'vitest'
import type { RowOf } from '../../src/frame/index.ts'
import { moviePerformance } from '../../src/gold/movie-performance.ts'
import { rankingList, rankings } from '../../src/gold/rankings.ts'
import { defaultRules, type Rules } from '../../src/rules.ts'
import { movies } from '../../src/silver/movies.ts'
import { closeEngines, given, openEngines } from '../silver/given.ts'

type Movie = Partial<RowOf<typeof movies.frame>>
type Performance = Partial<RowOf<typeof moviePerformance.frame>>

const engines = await openEngines()
afterAll(() => closeEngines(engines))

describe.each(engines)('gold.movie_performance on $name', (engine) => {
  const rowsOf = async (rows: readonly Movie[], rules: Rules = defaultRules) =>
    (await moviePerformance.build({ movies: await given(engine, movies, rows) }, rules).collect()).toSorted(
      (a, b) => a.movie_id - b.movie_id,
    )

  it('has one row for a movie, with profit and return', async () => {
    const titanic = {
      movie_id: 597,
      title: 'Titanic',
      release_date: '1997-11-18',
      genres: ['Drama'],
      budget_musd: 200,
      revenue_musd: 2264.162353,
      runtime: 194,
      vote_average: 7.9,
      vote_count: 26_519,
      popularity: 20.5,
    }
    expect(await rowsOf([titanic])).toEqual([
      {
        ...titanic,
        year: 1997,
        original_language: null,
        collection_id: null,
        collection_name: null,
        profit_musd: 2264.162353 - 200,
        roi: 2264.162353 / 200,
        is_roi_eligible: true,
      },
    ])
  })

  it('knows no profit and no return where budget or revenue is unknown', async () => {
    const unknown = { title: 'x', profit_musd: null, roi: null, is_roi_eligible: false }
    const rows = await rowsOf([
      { movie_id: 1, title: 'x', budget_musd: 20 },
      { movie_id: 2, title: 'x', revenue_musd: 20 },
      { movie_id: 3, title: 'x' },
    ])
    expect(rows).toMatchObject([unknown, unknown, unknown])
  })

  it('counts a return only from a budget of 10 million on, or what the rules say', async () => {
    const rows = [9.999999, 10].map((budget_musd, i) => ({ movie_id: i, title: 'x', budget_musd, revenue_musd: 1 }))
    expect((await rowsOf(rows)).map((m) => m.is_roi_eligible)).toEqual([false, true])
    const strict = await rowsOf(rows, { ...defaultRules, roi_min_budget_musd: 11 })
    expect(strict.map((m) => m.is_roi_eligible)).toEqual([false, false])
    expect(strict.map((m) => m.roi)).toEqual([1 / 9.999999, 0.1])
  })
})

describe.each(engines)('gold.rankings on $name', (engine) => {
  const ranked = async (ranking: string, rows: readonly Performance[], rules: Partial<Rules> = {}) => {
    const performance = await given(
      engine,
      moviePerformance,
      rows.map((row, i) => ({ movie_id: i + 1, title: `m${i + 1}`, is_roi_eligible: true, ...row })),
    )
    const all = await rankings.build({ movies: performance }, { ...defaultRules, ...rules }).collect()
    return all.filter((r) => r.ranking === ranking).toSorted((a, b) => a.rank - b.rank)
  }
  const order = async (...args: Parameters<typeof ranked>) => (await ranked(...args)).map((r) => r.movie_id)

  it('has a row for each place, with value and unit', async () => {
    expect(await ranked('highest_revenue', [{ revenue_musd: 5 }, { revenue_musd: 7 }])).toEqual([
      { ranking: 'highest_revenue', rank: 1, movie_id: 2, title: 'm2', value: 7, unit: 'million USD' },
      { ranking: 'highest_revenue', rank: 2, movie_id: 1, title: 'm1', value: 5, unit: 'million USD' },
    ])
  })

  const movie = {
    revenue_musd: 3,
    budget_musd: 2,
    profit_musd: 1,
    roi: 1.5,
    vote_average: 8,
    vote_count: 10,
    popularity: 4,
  }
  const better = {
    revenue_musd: 30,
    budget_musd: 20,
    profit_musd: 10,
    roi: 15,
    vote_average: 9,
    vote_count: 100,
    popularity: 40,
  }
  it.each(rankingList.map((one) => one.ranking))('%s puts the right one first', async (ranking) => {
    expect(await order(ranking, [movie, better])).toEqual(ranking.startsWith('lowest_') ? [1, 2] : [2, 1])
  })

  it('never ranks a movie without the value', async () => {
    expect(await ranked('lowest_profit', [{ revenue_musd: 5 }, { profit_musd: -3 }])).toMatchObject([
      { rank: 1, movie_id: 2, value: -3 },
    ])
  })

  it('gives ties to the lower movie id, in both directions', async () => {
    const tied = [{ roi: 2 }, { roi: 2 }, { roi: 3 }]
    expect(await order('highest_roi', tied)).toEqual([3, 1, 2])
    expect(await order('lowest_roi', tied)).toEqual([1, 2, 3])
  })

  it('ranks returns only of movies eligible for them', async () => {
    expect(await order('highest_roi', [{ roi: 90, is_roi_eligible: false }, { roi: 2 }])).toEqual([2])
  })

  it('ranks ratings from 10 votes on, or what the rules say', async () => {
    const rows = [{ vote_average: 9, vote_count: 9 }, { vote_average: 8, vote_count: 10 }, { vote_average: 7 }]
    expect(await order('highest_rated', rows)).toEqual([2])
    expect(await order('lowest_rated', rows)).toEqual([2])
    expect(await order('highest_rated', rows, { rating_min_votes: 1 })).toEqual([1, 2])
  })

  it('has 10 places, or what the rules say', async () => {
    const rows = Array.from({ length: 12 }, (_, i) => ({ popularity: i }))
    expect(await order('most_popular', rows)).toEqual([12, 11, 10, 9, 8, 7, 6, 5, 4, 3])
    expect(await order('most_popular', rows, { top: 2 })).toEqual([12, 11])
  })

  it('is empty without movies', async () => {
    expect(await ranked('most_voted', [])).toEqual([])
  })
})
