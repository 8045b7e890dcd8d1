import { afterAll, describe, expect, it } from 'vitest'
import type { RowOf } from '../../src/frame/index.ts'
import { companies } from '../../src/gold/companies.ts'
import { countries } from '../../src/gold/countries.ts'
import { decades } from '../../src/gold/decades.ts'
import { franchiseVsStandalone } from '../../src/gold/franchise-vs-standalone.ts'
import { franchises } from '../../src/gold/franchises.ts'
import { genres } from '../../src/gold/genres.ts'
import { languages } from '../../src/gold/languages.ts'
import { months } from '../../src/gold/months.ts'
import { moviePerformance } from '../../src/gold/movie-performance.ts'
import { years } from '../../src/gold/years.ts'
import { movieCompanies } from '../../src/silver/movie-companies.ts'
import { movieCountries } from '../../src/silver/movie-countries.ts'
import type { Table } from '../../src/table.ts'
import { closeEngines, given, openEngines } from '../silver/given.ts'

type Performance = Partial<RowOf<typeof moviePerformance.frame>>

const engines = await openEngines()
afterAll(() => closeEngines(engines))

// profit and return as the first movie has them; the second one's budget is too small to count, of the third nothing is known
const first = { budget_musd: 10, revenue_musd: 20, roi: 2, is_roi_eligible: true, vote_average: 8, popularity: 3 }
const small = { budget_musd: 1, revenue_musd: 50, roi: 50, vote_average: 6, popularity: 5 }

describe.each(engines)('groups of movies on $name', (engine) => {
  const performance = (rows: readonly Performance[]) =>
    given(
      engine,
      moviePerformance,
      rows.map((row, i) => ({ movie_id: i + 1, title: `m${i + 1}`, is_roi_eligible: false, ...row })),
    )
  const group = async <S>(table: Table<S>, rows: readonly Performance[]) =>
    (await table.build({ movies: await performance(rows) }).collect()).toSorted((a, b) =>
      JSON.stringify(a) < JSON.stringify(b) ? -1 : 1,
    )

  it('gold.franchise_vs_standalone compares movies of a collection with the others', async () => {
    const rows = [{ ...first, collection_id: 1 }, { ...small, collection_id: 2 }, first, {}]
    expect(await group(franchiseVsStandalone, rows)).toEqual([
      {
        kind: 'franchise',
        movie_count: 2,
        mean_revenue_musd: 35,
        median_roi: 2,
        mean_budget_musd: 5.5,
        mean_popularity: 4,
        mean_rating: 7,
      },
      {
        kind: 'standalone',
        movie_count: 2,
        mean_revenue_musd: 20,
        median_roi: 2,
        mean_budget_musd: 10,
        mean_popularity: 3,
        mean_rating: 8,
      },
    ])
  })

  it('gold.franchise_vs_standalone has the exact median, between two values too', async () => {
    const rows = [1, 7, 2, 100].map((roi) => ({ ...first, roi }))
    expect(await group(franchiseVsStandalone, rows)).toMatchObject([{ median_roi: 4.5 }])
  })

  it('gold.franchises has a row for each collection', async () => {
    const rows = [
      { ...first, collection_id: 1, collection_name: 'First' },
      { ...small, collection_id: 1, collection_name: 'First' },
      { collection_id: 2, collection_name: 'Second' },
      first,
    ]
    expect(await group(franchises, rows)).toEqual([
      {
        collection_id: 1,
        name: 'First',
        movie_count: 2,
        total_budget_musd: 11,
        mean_budget_musd: 5.5,
        total_revenue_musd: 70,
        mean_revenue_musd: 35,
        mean_rating: 7,
      },
      {
        collection_id: 2,
        name: 'Second',
        movie_count: 1,
        total_budget_musd: null,
        mean_budget_musd: null,
        total_revenue_musd: null,
        mean_revenue_musd: null,
        mean_rating: null,
      },
    ])
  })

  it('gold.genres counts a movie for each of its genres, once', async () => {
    const rows = [
      { ...first, genres: ['Drama', 'War', 'Drama'] },
      { ...first, roi: 4, genres: ['Drama'] },
      { ...first, roi: 7, genres: ['Drama'] },
      { ...small, genres: ['Drama'] },
      { ...first, genres: [] },
    ]
    expect(await group(genres, rows)).toEqual([
      {
        genre: 'Drama',
        movie_count: 4,
        roi_count: 3,
        roi_min: 2,
        roi_q1: 3,
        roi_median: 4,
        roi_q3: 5.5,
        roi_max: 7,
        roi_mean: 13 / 3,
        total_revenue_musd: 110,
        mean_rating: 7.5,
      },
      {
        genre: 'War',
        movie_count: 1,
        roi_count: 1,
        roi_min: 2,
        roi_q1: 2,
        roi_median: 2,
        roi_q3: 2,
        roi_max: 2,
        roi_mean: 2,
        total_revenue_musd: 20,
        mean_rating: 8,
      },
    ])
  })

  it('gold.years leaves out movies without a date', async () => {
    expect(await group(years, [{ ...first, year: 1999 }, { ...small, year: 1999 }, first])).toEqual([
      {
        year: 1999,
        movie_count: 2,
        total_revenue_musd: 70,
        mean_revenue_musd: 35,
        mean_budget_musd: 5.5,
        mean_rating: 7,
      },
    ])
  })

  it('gold.decades begin with a year that ends in 0', async () => {
    const rows = [1999, 2000, 2009, 2010].map((year) => ({ ...first, year }))
    const means = { mean_revenue_musd: 20, mean_budget_musd: 10, mean_rating: 8 }
    expect(await group(decades, [...rows, first])).toEqual([
      { decade: 1990, movie_count: 1, total_revenue_musd: 20, ...means },
      { decade: 2000, movie_count: 2, total_revenue_musd: 40, ...means },
      { decade: 2010, movie_count: 1, total_revenue_musd: 20, ...means },
    ])
  })

  it('gold.months counts over all years', async () => {
    const rows = ['1999-03-31', '2009-03-01', '2009-12-18'].map((release_date) => ({ ...first, release_date }))
    const means = { mean_revenue_musd: 20, mean_budget_musd: 10, mean_rating: 8 }
    expect(await group(months, [...rows, first])).toEqual([
      { month: 12, movie_count: 1, total_revenue_musd: 20, ...means },
      { month: 3, movie_count: 2, total_revenue_musd: 40, ...means },
    ])
  })

  it('gold.languages has a row for each original language', async () => {
    const rows = [{ ...first, original_language: 'fr' }, { ...small, original_language: 'fr' }, first]
    expect(await group(languages, rows)).toEqual([
      {
        original_language: 'fr',
        movie_count: 2,
        total_revenue_musd: 70,
        mean_revenue_musd: 35,
        median_roi: 2,
        mean_rating: 7,
      },
    ])
  })

  it('gold.companies counts a movie for each of its companies', async () => {
    const links = await given(engine, movieCompanies, [
      { movie_id: 1, company_id: 5, company: 'Mill' },
      { movie_id: 1, company_id: 6, company: 'Kiln' },
      { movie_id: 2, company_id: 5, company: 'Mills' },
    ])
    const rows = await companies.build({ movies: await performance([first, small]), links }).collect()
    const expected = { total_revenue_musd: 20, mean_revenue_musd: 20, median_roi: 2, mean_rating: 8 }
    expect(rows.toSorted((a, b) => a.company_id - b.company_id)).toEqual([
      {
        company_id: 5,
        company: 'Mills',
        movie_count: 2,
        total_revenue_musd: 70,
        mean_revenue_musd: 35,
        median_roi: 2,
        mean_rating: 7,
      },
      { company_id: 6, company: 'Kiln', movie_count: 1, ...expected },
    ])
  })

  it('gold.countries counts a movie for each country it was made in', async () => {
    const links = await given(engine, movieCountries, [
      { movie_id: 1, iso_3166_1: 'FR', country: 'France' },
      { movie_id: 1, iso_3166_1: 'GH', country: 'Ghana' },
      { movie_id: 2, iso_3166_1: 'GH', country: 'Ghana' },
    ])
    const rows = await countries.build({ movies: await performance([first, small]), links }).collect()
    expect(rows.toSorted((a, b) => (a.iso_3166_1 < b.iso_3166_1 ? -1 : 1))).toEqual([
      {
        iso_3166_1: 'FR',
        country: 'France',
        movie_count: 1,
        total_revenue_musd: 20,
        mean_revenue_musd: 20,
        median_roi: 2,
        mean_rating: 8,
      },
      {
        iso_3166_1: 'GH',
        country: 'Ghana',
        movie_count: 2,
        total_revenue_musd: 70,
        mean_revenue_musd: 35,
        median_roi: 2,
        mean_rating: 7,
      },
    ])
  })
})
