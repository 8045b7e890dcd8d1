import { parseHTML } from 'linkedom'
import { afterAll, describe, expect, it } from 'vitest'
import { movers } from '../../../src/gold/movers.ts'
import type { ChartSources } from '../../../src/report/charts/chart.ts'
import * as decades from '../../../src/report/charts/decades.ts'
import * as byDirector from '../../../src/report/charts/directors.ts'
import * as franchise from '../../../src/report/charts/franchise-against-standalone.ts'
import * as languages from '../../../src/report/charts/languages.ts'
import * as moving from '../../../src/report/charts/movers.ts'
import { light } from '../../../src/report/charts/palette.ts'
import * as popularity from '../../../src/report/charts/popularity-against-rating.ts'
import * as rankings from '../../../src/report/charts/rankings.ts'
import * as revenue from '../../../src/report/charts/revenue-against-budget.ts'
import * as roi from '../../../src/report/charts/roi-by-genre.ts'
import { chartSources } from '../../../src/report/charts/sources.ts'
import * as seasonality from '../../../src/report/charts/seasonality.ts'
import * as yearly from '../../../src/report/charts/yearly-box-office.ts'
import { franchiseVsStandalone } from '../../../src/gold/franchise-vs-standalone.ts'
import { genres } from '../../../src/gold/genres.ts'
import { moviePerformance } from '../../../src/gold/movie-performance.ts'
import { years } from '../../../src/gold/years.ts'
import { films } from '../../../src/report/films.ts'
import { closeEngines, given, openEngines } from '../../silver/given.ts'
import { film, inventedFilms, type FilmRow, type MoverRow } from './sample-films.ts'

const engines = await openEngines()
afterAll(() => closeEngines(engines))

describe.each(engines)('charts ask $name', (engine) => {
  const sources = async (rows: readonly FilmRow[], moved: readonly MoverRow[] = []): Promise<ChartSources> =>
    chartSources({ films: await given(engine, films, rows), movers: await given(engine, movers, moved) })
  const money = (id: number, budget: number, earned: number, more: Partial<FilmRow> = {}) =>
    film(id, { budget_musd: budget, revenue_musd: earned, ...more })

  it('for the fit over all films with money, and for each of them', async () => {
    const rows = await revenue
      .query(await sources([money(1, 1, 3), money(2, 10, 30), money(3, 100, 300), film(4)]))
      .collect()
    expect(rows).toHaveLength(3)
    expect(rows[0]).toMatchObject({ films: 4, shown: 3, slope: 1, intercept: 1.098612, r2: 1 })
    expect(rows.map((row) => [row.top_id, row.budget_musd, row.revenue_musd])).toEqual([
      [1, 1, 3],
      [2, 10, 30],
      [3, 100, 300],
    ])
  })

  it('for cells of films when there are many, none of them lost', async () => {
    const rows = await revenue.query(await sources(inventedFilms(5000))).collect()
    expect(rows.reduce((sum, row) => sum + row.film_count, 0)).toBe(rows[0]?.shown)
    expect(Math.max(...rows.map((row) => row.film_count))).toBeGreaterThan(1)
  })

  it('for no fit where all budgets are one', async () => {
    const rows = await revenue.query(await sources([money(1, 10, 2), money(2, 10, 30)])).collect()
    expect(rows[0]).toMatchObject({ slope: null, intercept: null, r2: null })
  })

  it('for the quartiles of roi that gold has, all films first', async () => {
    const of = await sources(inventedFilms(300))
    const rows = await roi.query(of).collect()
    const gold = await genres.build({ movies: of.films.pick(...performance) }).collect()
    expect(rows[0]).toMatchObject({ genre: null, roi_count: rows[0]?.shown })
    for (const { genre, roi_median, roi_q1, roi_count } of rows.slice(1))
      expect(gold).toContainEqual(expect.objectContaining({ genre, roi_median, roi_q1, roi_count }))
  })

  it('for popularity of films with ten votes, and its median of half a point of rating', async () => {
    const rated = (id: number, rating: number, value: number, votes = 10) =>
      film(id, { vote_average: rating, popularity: value, vote_count: votes })
    const rows = await popularity
      .query(await sources([rated(1, 7.1, 3), rated(2, 7.4, 5), rated(3, 7.2, 99, 9)]))
      .collect()
    expect(rows.map((row) => [row.top_id, row.vote_average, row.popularity, row.film_count, row.shown])).toEqual([
      [null, 7.25, 4, 2, 2],
      [1, 7.1, 3, 1, 2],
      [2, 7.4, 5, 1, 2],
    ])
  })

  it('for ratings that a dot of several films filters by', async () => {
    const films = inventedFilms(5000)
    const rows = await popularity.query(await sources(films)).collect()
    const { document } = parseHTML('<html></html>')
    const svg = popularity.draw(rows, { document, width: 720, palette: light })
    const filters = [...(svg?.querySelectorAll('[data-filter^=rating]') ?? [])].map((mark) =>
      mark.getAttribute('data-filter'),
    )
    const ranges = new Set(filters.map((text) => text?.slice('rating='.length) ?? ''))
    const isWithin = (rating: number) =>
      [...ranges].some((range) => {
        const [from = 0, to = 0] = range.split('-').map(Number)
        return rating >= from && rating <= to
      })
    expect(ranges.size).toBeGreaterThan(5)
    const cells = rows.filter((row) => row.film_count > 1)
    expect(cells.map((row) => isWithin(row.top_vote_average ?? row.vote_average))).not.toContain(false)
  })

  it('for the total of each year that gold has', async () => {
    const of = await sources([...inventedFilms(100), film(101)])
    const rows = await yearly.query(of).collect()
    const gold = await years.build({ movies: of.films.pick(...performance) }).collect()
    expect(rows[0]?.films).toBe(101)
    for (const { year, total_revenue_musd, movie_count } of rows)
      expect(gold).toContainEqual(expect.objectContaining({ year, total_revenue_musd, movie_count }))
  })

  it('for the measures of franchises that gold has', async () => {
    const of = await sources(inventedFilms(100))
    const rows = await franchise.query(of).collect()
    const gold = await franchiseVsStandalone.build({ movies: of.films.pick(...performance) }).collect()
    expect(rows.map(({ kind }) => kind)).toEqual(['franchise', 'standalone'])
    for (const { kind, shown, mean_revenue_musd, median_roi, mean_budget_musd, mean_popularity, mean_rating } of rows) {
      const measures = { mean_revenue_musd, median_roi, mean_budget_musd, mean_popularity, mean_rating }
      expect(gold).toContainEqual({ kind, movie_count: shown, ...measures })
    }
  })

  it('for the films that earned most, ties by id, and how many films have a revenue', async () => {
    const rows = await rankings
      .query(await sources([money(2, 1, 5), money(1, 1, 5), money(3, 1, 9), film(4)]))
      .collect()
    expect(rows.map((row) => [row.movie_id, row.revenue_musd, row.profit_musd])).toEqual([
      [3, 9, 8],
      [1, 5, 4],
      [2, 5, 4],
    ])
    expect(rows[0]).toMatchObject({ films: 4, shown: 3 })
  })

  it('for directors, each of a film of two', async () => {
    const two = [
      { person_id: 7, name: 'B' },
      { person_id: 8, name: 'A' },
    ]
    const rows = await byDirector
      .query(await sources([money(1, 1, 5, { directors: two }), film(2, { directors: two })]))
      .collect()
    expect(rows.map((row) => [row.name, row.movie_count, row.total_revenue_musd, row.shown])).toEqual([
      ['A', 2, 5, 1],
      ['B', 2, 5, 1],
    ])
  })

  it('for means by month and decade, films without a date counted but not shown', async () => {
    const of = await sources([
      money(1, 2, 6, { release_date: '1999-03-31' }),
      money(2, 4, 8, { release_date: '1994-03-01' }),
      money(3, 1, 1),
    ])
    const mean = { mean_revenue_musd: 7, mean_budget_musd: 3, revenue_count: 2, films: 3, shown: 2 }
    expect(await seasonality.query(of).collect()).toEqual([{ month: 3, movie_count: 2, ...mean }])
    expect(await decades.query(of).collect()).toEqual([{ decade: 1990, movie_count: 2, ...mean }])
  })

  it('for the revenue of languages, the most first', async () => {
    const of = await sources([
      money(1, 20, 40, { original_language: 'fr' }),
      money(2, 1, 90, { original_language: 'ja' }),
      film(3),
    ])
    const rows = await languages.query(of).collect()
    expect(rows.map((row) => [row.original_language, row.total_revenue_musd, row.median_roi])).toEqual([
      ['ja', 90, null],
      ['fr', 40, 2],
    ])
  })

  it('for what moved most either way, the greatest gain first', async () => {
    const moved = (id: number, change: number | null): MoverRow => ({
      movie_id: id,
      title: `Film ${id}`,
      measured_on: '2026-02-27',
      previous_on: '2026-01-16',
      popularity: 50,
      popularity_change: change,
      vote_average_change: null,
      vote_count_change: null,
      budget_change_musd: null,
      revenue_change_musd: 1,
    })
    const rows = await moving
      .query(
        await sources([film(1), film(2), film(3), film(4)], [moved(1, -9), moved(2, 4), moved(3, 0), moved(4, null)]),
      )
      .collect()
    expect(rows.map((row) => [row.movie_id, row.popularity_change])).toEqual([
      [2, 4],
      [1, -9],
    ])
    expect(rows[0]).toMatchObject({
      films: 4,
      shown: 3,
      first_on: '2026-01-16',
      last_on: '2026-02-27',
      revenue_changes: 4,
    })
  })
})

const performance = Object.keys(moviePerformance.columns) as [keyof typeof moviePerformance.frame.schema]
