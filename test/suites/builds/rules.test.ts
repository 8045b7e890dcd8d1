import { beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openLake, type Lake } from '../../../src/index.ts'
import { actor, answer, director, film } from '../../silver/given.ts'
import { addAnswers } from '../../silver/lakes.ts'

const films = [
  film({ id: 1, title: 'Rich', budget: 20_000_000, revenue: 40_000_000, vote_count: 20, tagline: 'tba' }),
  film({ id: 2, title: 'Poor', budget: 5_000_000, revenue: 50_000_000, vote_count: 5, tagline: 'T.B.A.*' }),
  film({ id: 3, title: 'Early', release_date: '1903-09-01', budget: 55, revenue: 0, tagline: 'Öde' }),
  film({ id: 4, title: 'Planned', status: 'Planned', budget: 30_000_000, revenue: 0 }),
  {
    id: 5,
    title: 'Bare',
    status: 'Released',
    overview: 'x',
    runtime: 90,
    credits: { cast: [actor(1, 'Bo')], crew: [director(2, 'Ann')] },
  },
]

const threads = { 'duckdb.threads': 1 }
let folder: string
let lake: Lake
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'movielake-rules-'))
  lake = await openLake({ lake: join(folder, 'lake'), set: threads, cwd: folder, env: {} })
  await addAnswers(
    lake,
    films.map((one) => answer(one)),
  )
  await lake.build()
  await lake.close()
  return () => rm(folder, { recursive: true, force: true })
})

/** Builds a copy of the lake by other settings; answers the tables that changed. */
async function rebuild(set: Readonly<Record<string, unknown>>): Promise<readonly string[]> {
  const copy = await mkdtemp(join(folder, 'copy-'))
  await cp(join(folder, 'lake'), copy, { recursive: true })
  lake = await openLake({ lake: copy, set: { ...threads, ...set }, cwd: folder, env: {} })
  const opened = lake
  onTestFinished(() => opened.close())
  const { steps } = await lake.build()
  expect((await lake.plan('build')).steps.filter((step) => step.is_due)).toEqual([])
  return steps.flatMap(({ wrote }) => wrote.map(({ table }) => table))
}

const values = async (sql: string): Promise<unknown> => (await lake.sql(sql)).rows.map((row) => Object.values(row)[0])
const titles = 'select title from silver.movies order by movie_id'

describe('a rule that is changed', () => {
  it('is none: nothing is due, nothing is written', async () => {
    expect(await rebuild({})).toEqual([])
    expect(await values(titles)).toEqual(['Rich', 'Poor', 'Early'])
  })

  it('silver.keep_status keeps other movies', async () => {
    expect(await rebuild({ 'silver.keep_status': ['Planned'] })).toContain('silver.movies')
    expect(await values(titles)).toEqual(['Planned'])
    expect(await values('select detail from silver.quarantine where movie_id = 1')).toEqual(['status is Released'])
  })

  it('silver.min_filled_columns keeps movies of which less is known', async () => {
    await rebuild({ 'silver.min_filled_columns': 8 })
    expect(await values(titles)).toEqual(['Rich', 'Poor', 'Early', 'Bare'])
    await rebuild({ 'silver.min_filled_columns': 22 })
    expect(await values('select distinct reason from silver.quarantine where movie_id = 5')).toEqual([
      'fewer_than_22_filled',
    ])
  })

  it('silver.earliest_release_date takes dates away', async () => {
    const changed = await rebuild({ 'silver.earliest_release_date': '1910-01-01' })
    expect(changed).toEqual(expect.arrayContaining(['silver.movies', 'silver.quarantine', 'gold.years']))
    expect(changed).not.toContain('silver.credits')
    expect(await values('select release_date from silver.movies where movie_id = 3')).toEqual([null])
  })

  it('silver.null_texts are compared letter by letter, whatever they mean in a regular expression', async () => {
    await rebuild({ 'silver.null_texts': [' t.b.a.* ', 'ÖDE', '(', '[a', '\\d', 'x{1}|^$+?'] })
    expect(await values('select tagline from silver.movies order by movie_id')).toEqual(['tba', null, null])
  })

  it('silver.null_texts may be none', async () => {
    await rebuild({ 'silver.null_texts': [] })
    expect(await values('select tagline from silver.movies order by movie_id')).toEqual(['tba', 'T.B.A.*', 'Öde'])
  })

  it('quality.min_budget_usd warns of other budgets', async () => {
    expect(await rebuild({ 'quality.min_budget_usd': 6_000_000 })).toEqual(['silver.quarantine'])
    expect(
      await values(`select movie_id::int from silver.quarantine where reason = 'budget_suspicious' order by 1`),
    ).toEqual([2, 3])
  })

  it('silver.drop_columns gives silver.movies_curated other columns', async () => {
    expect(await rebuild({ 'silver.drop_columns': ['overview'] })).toEqual([
      'silver.movies_curated',
      'silver.fingerprints',
    ])
    const [row = {}] = (await lake.sql('select * from silver.movies_curated where id = 1')).rows
    expect(Object.keys(row)).not.toContain('overview')
    expect(row).toMatchObject({ imdb_id: 'tt0133093', adult: false, video: false })
  })

  it('gold.roi_min_budget_musd counts other returns, and leaves silver alone', async () => {
    const changed = await rebuild({ 'gold.roi_min_budget_musd': 1 })
    expect(changed).toEqual(expect.arrayContaining(['gold.movie_performance', 'gold.rankings', 'gold.genres']))
    expect(changed.filter((table) => table.startsWith('silver.'))).toEqual([])
    expect(await values(`select title from gold.rankings where ranking = 'highest_roi' order by rank`)).toEqual([
      'Poor',
      'Rich',
    ])
  })

  it('gold.rating_min_votes ranks other ratings', async () => {
    expect(await rebuild({ 'gold.rating_min_votes': 20_000 })).toEqual(['gold.rankings'])
    expect(await values(`select title from gold.rankings where ranking = 'highest_rated'`)).toEqual(['Early'])
  })

  it('gold.top makes rankings shorter', async () => {
    expect(await rebuild({ 'gold.top': 1 })).toEqual(['gold.rankings'])
    expect(await values('select max(rank)::int from gold.rankings')).toEqual([1])
  })

  it('gold.searches are added, changed and taken away', async () => {
    const lana = { directors: ['Lana Wachowski'], order_by: 'budget_musd', direction: 'asc' }
    expect(await rebuild({ 'gold.searches': { lana } })).toEqual(['gold.search_results'])
    expect(await values('select title from gold.search_results order by rank')).toEqual(['Early', 'Poor', 'Rich'])
    await rebuild({ 'gold.searches': { lana: { ...lana, direction: 'desc' }, bo: { cast: ['Bo'] } } })
    expect(await values('select title from gold.search_results order by rank')).toEqual(['Rich', 'Poor', 'Early'])
    expect(Object.keys((await lake.kpis()).searches)).toEqual(['lana', 'bo'])
    await rebuild({ 'gold.searches': {} })
    expect((await lake.kpis()).searches).toEqual({})
  })
})
