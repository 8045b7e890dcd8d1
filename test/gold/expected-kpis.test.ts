import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import type { Kpis, Lake } from '../../src/index.ts'
import { describeWithData } from '../shared-data.ts'
import { newLake } from '../silver/lakes.ts'

type Row = Readonly<Record<string, unknown>>
/** The files of expected results, which others have computed. What they have besides is not compared. */
interface Expected {
  readonly movies: number
  readonly rankings: Readonly<Record<string, readonly Row[]>>
  readonly searches: Readonly<Record<string, readonly (readonly unknown[])[]>>
  readonly directors: readonly Row[]
  readonly franchise_vs_standalone: Readonly<Record<'Franchise' | 'Standalone', Row>>
  readonly franchises: readonly Row[]
  readonly roi_by_genre_budget_ge_10: Readonly<Record<string, Row>>
  readonly yearly: Readonly<Record<string, Row>>
}
const readExpected = (path: string): Expected => JSON.parse(readFileSync(path, 'utf8'))

/** The value with every number good to six places. */
function near(value: unknown): unknown {
  if (typeof value === 'number') return expect.closeTo(value, 6)
  if (Array.isArray(value)) return value.map(near)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, near(one)]))
}

/** Some columns of rows, given as `their name: ours`. */
const columnsOf = (rows: readonly object[], names: Readonly<Record<string, string>>): readonly Row[] =>
  rows.map((row) => {
    const values = new Map<string, unknown>(Object.entries(row))
    return Object.fromEntries(Object.entries(names).map(([theirs, ours]) => [theirs, values.get(ours)]))
  })
const same = (...names: readonly string[]) => Object.fromEntries(names.map((name) => [name, name]))

function expectRankings(kpis: Kpis, expected: Expected): void {
  const names = { rank: 'rank', title: 'title', value: 'value' }
  for (const [name, rows] of Object.entries(expected.rankings))
    expect({ name, rows: columnsOf(kpis.rankings[name] ?? [], { id: 'movie_id', ...names }) }).toEqual({
      name,
      rows: near(columnsOf(rows, { id: 'id', ...names })),
    })
  expect(Object.keys(kpis.rankings).toSorted()).toEqual(Object.keys(expected.rankings).toSorted())
}

function expectGroups(kpis: Kpis, expected: Expected): void {
  const numbers = same('total_revenue_musd', 'mean_rating')
  expect(columnsOf(kpis.directors, { director: 'name', movies: 'movie_count', ...numbers })).toEqual(
    near(expected.directors),
  )
  const genres = kpis.genres.filter((g) => g.roi_count > 0).toSorted((a, b) => (a.genre < b.genre ? -1 : 1))
  expect(columnsOf(genres, { genre: 'genre', n: 'roi_count', mean: 'roi_mean', median: 'roi_median' })).toEqual(
    near(Object.entries(expected.roi_by_genre_budget_ge_10).map(([genre, row]) => ({ genre, ...row }))),
  )
  const money = same('total_revenue_musd', 'mean_revenue_musd', 'mean_budget_musd')
  expect(columnsOf(kpis.years, { year: 'year', movies: 'movie_count', ...money })).toEqual(
    near(Object.entries(expected.yearly).map(([year, row]) => ({ year: Number(year), ...row }))),
  )
}

function expectFranchises(kpis: Kpis, expected: Expected): void {
  const means = same('mean_revenue_musd', 'mean_budget_musd', 'mean_popularity', 'mean_rating')
  const { Franchise, Standalone } = expected.franchise_vs_standalone
  expect(
    columnsOf(kpis.franchise_vs_standalone, {
      movies: 'movie_count',
      median_roi_budget_ge_10: 'median_roi',
      ...means,
    }),
  ).toEqual(near(columnsOf([Franchise, Standalone], { ...same('movies', 'median_roi_budget_ge_10'), ...means })))
  const money = same('total_budget_musd', 'mean_budget_musd', 'total_revenue_musd', 'mean_revenue_musd')
  const names = { franchise: 'name', movies: 'movie_count', mean_rating: 'mean_rating', ...money }
  expect(columnsOf(kpis.franchises, names)).toEqual(near(expected.franchises))
}

async function build(file: string, fetchedAt: string, set: Readonly<Record<string, unknown>> = {}): Promise<Lake> {
  const lake = await newLake(set)
  await lake.import([file], { fetchedAt })
  await lake.build()
  return lake
}

const refusals = async (lake: Lake): Promise<unknown> =>
  (
    await lake.sql(
      `select reason, count(*)::int as n from silver.quarantine where severity = 'error' group by all order by reason`,
    )
  ).rows

describeWithData('snapshots', 'the 18 movies of the assignment', (folder) => {
  it('have the expected KPIs', async () => {
    const lake = await build(`${folder}/2025-12-09.json.gz`, '2025-12-09')
    const expected = readExpected(`${folder}/expected-kpis-2025-12-09.json`)
    const kpis = await lake.kpis({ top: 16 })
    expectRankings(kpis, expected)
    expectGroups(kpis, expected)
    expectFranchises(kpis, expected)
    expect(kpis.searches).toEqual(expected.searches)
    expect(await lake.table('silver.movies').count()).toBe(expected.movies)
    expect(await refusals(lake)).toEqual([])
  })
})

describeWithData('tmdb-5000', 'the TMDB 5000 movies', (folder) => {
  it('have the expected KPIs, and 15 of them are refused', async () => {
    const lake = await build(`${folder}/payloads.ndjson.gz`, '2017-09-28')
    const expected = readExpected(`${folder}/expected-kpis.json`)
    const kpis = await lake.kpis({ top: 25 })
    expectRankings(kpis, expected)
    expectGroups(kpis, expected)
    expect(await lake.table('silver.movies').count()).toBe(expected.movies)
    expect(await refusals(lake)).toEqual([
      { reason: 'fewer_than_10_filled', n: 7 },
      { reason: 'not_released', n: 8 },
    ])

    const found = (name: string, ...columns: readonly string[]) =>
      columnsOf(kpis.searches[name] ?? [], same('movie_id', 'title', ...columns)).map((row) => Object.values(row))
    expect(found('bruce_willis_scifi_action', 'vote_average', 'vote_count')).toEqual(
      expected.searches['bruce_willis_scifi_action'],
    )
    expect(found('uma_thurman_tarantino', 'runtime')).toEqual(expected.searches['uma_thurman_tarantino'])
  })
})

describeWithData('details-1100', '1,100 details without credits', (folder) => {
  it('are built when credits are not required', async () => {
    const file = `${folder}/movie_details_1100_2026-07-31.json`
    const lake = await build(file, '2026-07-31', { 'quality.require_credits': false })
    expect(await lake.table('bronze.movies').count()).toBe(1100)
    const rows = await lake.sql(
      `select (select count(*) from silver.movies)::int as kept, (select count(*) from silver.movies where cast_size is null)::int as no_cast,
        (select count(*) from silver.quarantine where severity = 'error')::int as refused, (select count(*) from silver.credits)::int as credits,
        (select count(*) from gold.directors)::int as directors, (select count(*) from gold.rankings)::int as ranked`,
    )
    expect(rows.rows).toEqual([{ kept: 1100, no_cast: 1100, refused: 0, credits: 0, directors: 0, ranked: 100 }])
  })

  it('are all rejected otherwise', async () => {
    const lake = await newLake()
    const file = `${folder}/movie_details_1100_2026-07-31.json`
    await expect(lake.import([file])).rejects.toThrow(
      '1100 of 1100 answers were refused, allowed are 20 %: credits_missing 1100',
    )
  })
})
