import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { beforeAll, afterAll, describe, expect, expectTypeOf, it } from 'vitest'
import { ConfigError, count, EngineError, openLake, TableError, type Lake } from '../src/index.ts'
import { startSampleServer, type SampleServer } from '../src/sources/tmdb/index.ts'
import { tempFolder } from './engines/temp-folder.ts'
import { fewIds, filesIn, newest, sampleServer, testKey, testLake } from './pipeline/test-lake.ts'

describe('what is published', () => {
  let server: SampleServer
  let lake: Lake
  let firstRun = ''
  const revenue = (of: Lake, at?: Parameters<Lake['table']>[1]) =>
    of
      .table('silver.movies', at)
      .filter((m) => m.movie_id.eq(597))
      .select('popularity')
      .first()
  let january: unknown
  let document = ''

  beforeAll(async () => {
    server = await startSampleServer({ date: '2026-01-16' })
    const set = {
      'report.enabled': false,
      'ingest.movie_ids': [0, ...fewIds],
      'tmdb.base_url': server.url,
      'duckdb.threads': 1,
    }
    lake = await openLake({
      lake: await mkdtemp(path.join(tmpdir(), 'movielake-test-')),
      cwd: '/',
      env: { TMDB_API_KEY: testKey },
      set,
    })
    firstRun = (await lake.run()).run_id
    january = await revenue(lake)
    document = await readFile(path.join(lake.root, 'published.json'), 'utf8')
    server.setDate('2026-02-27')
  })
  afterAll(async () => {
    await lake.close()
    await server.close()
    await rm(lake.root, { recursive: true })
  })

  it('is said in a document that is whole', () => {
    expect(JSON.parse(document)).toMatchObject({ format: 1, run_id: firstRun, versions: { 'gold.rankings': 0 } })
  })

  it('stays what it is until all of a run is committed, and a frame made before sees it then', async () => {
    const movies = lake
      .table('silver.movies')
      .filter((m) => m.movie_id.eq(597))
      .select('popularity')
    const asked = lake.sql('select popularity from silver.movies where movie_id = 597')
    expect((await asked).rows).toEqual([january])
    await lake.ingest()
    await lake.build({ layer: 'silver' })
    expect(await movies.first()).toEqual(january)
    expect((await lake.sql('select popularity from silver.movies where movie_id = 597')).rows).toEqual([january])
    expect((await lake.kpis()).published.run_id).toBe(firstRun)
    const built = await lake.build()
    expect(built).toMatchObject({ status: 'ok', steps: [{ status: 'unchanged' }, { status: 'ok' }, { status: 'ok' }] })
    expect(await movies.first()).not.toEqual(january)
    expect((await lake.kpis()).published.run_id).toBe(built.run_id)
  })

  it('can be read as it was, by version and by time', async () => {
    const { committedAt = '' } = (await lake.history('silver.movies')).at(-1) ?? {}
    expect(await revenue(lake, { version: 0 })).toEqual(january)
    expect(await revenue(lake, { asOf: committedAt })).toEqual(january)
    const query = 'select popularity from silver.movies where movie_id = 597'
    const [then, now] = await Promise.all([lake.sql(query, { at: { version: 0 } }), lake.sql(query)])
    expect(then.rows).toEqual([january])
    expect(now.rows).toEqual([await revenue(lake)])
    await expect(revenue(lake, { asOf: '2001-01-01T00:00:00Z' })).rejects.toMatchObject({ fault: 'missing' })
  })

  it('answers queries one by one, with columns and their types', async () => {
    const { columns, rows } = await lake.stream('select movie_id, title from silver.movies order by movie_id')
    const ids: unknown[] = []
    for await (const row of rows) ids.push(row['movie_id'])
    expect([columns, ids]).toEqual([{ movie_id: 'bigint', title: 'string' }, fewIds.toSorted((a, b) => a - b)])
    await expect(lake.sql('select nothing from silver.movies')).rejects.toThrow(EngineError)
    expect((await lake.sql('SELECT count(*) AS n FROM "silver"."movies"')).rows).toEqual([{ n: 4 }])
  })

  it('lists tables, columns, commits and runs', async () => {
    const tables = await lake.tables()
    expect(tables).toHaveLength(29)
    expect(tables[0]).toMatchObject({ table: 'bronze.movies', rows: 8, version: 1, published: 1, files: 2 })
    expect(lake.schema('gold.years')[0]?.columns[0]).toMatchObject({ name: 'year', type: 'int', nullable: false })
    expect(lake.schema()).toHaveLength(29)
    const [last] = await lake.history('silver.movies')
    expect(last).toMatchObject({ version: 1, operation: 'MERGE', metrics: { numTargetRowsUpdated: 4 } })
    expect((await lake.runs()).map(({ command }) => command)).toEqual(['build', 'build silver', 'ingest', 'run'])
    expect(() => lake.schema('silver.movie')).toThrow(ConfigError)
    await expect(lake.history('movies')).rejects.toMatchObject({ hint: expect.stringContaining('silver.movies') })
  })

  it('is shown of one movie with all that is known', async () => {
    expect(await lake.show(597)).toMatchObject({ movie: { title: 'Titanic' }, performance: { year: 1997 } })
    expect(await lake.show(0)).toMatchObject({ movie: null, rejections: [{ reason: 'not_found' }, {}] })
    expect(await lake.show(4711)).toBeUndefined()
  })

  it('is exported as it came, and comes in again as it was', async () => {
    let text = ''
    expect(await lake.export({ write: (line) => void (text += line) })).toEqual({ movies: 4 })
    const file = path.join(await tempFolder(), 'export.ndjson')
    await writeFile(file, text)
    const other = await testLake()
    await other.import([file], { fetchedAt: '2026-02-27' })
    await other.build({ layer: 'silver' })
    const rows = (of: Lake) =>
      of
        .table('silver.movies')
        .orderBy((m) => [m.movie_id])
        .collect()
    expect(await rows(other)).toEqual(await rows(lake))
  })

  it('gives typed frames that join', async () => {
    const best = await lake
      .table('silver.movies')
      .join(lake.table('silver.movie_genres'), ['movie_id'])
      .groupBy('genre')
      .agg(() => ({ films: count() }))
      .orderBy((g) => [g.films.desc(), g.genre])
      .first()
    expectTypeOf(best?.films).toEqualTypeOf<number | undefined>()
    expect(best?.films).toBeGreaterThan(1)
  })

  it('keeps texts that look like a table apart from tables', async () => {
    const text = lake
      .table('silver.movies')
      .filter((m) => m.title.eq(`"silver"."movies"`))
      .select('title')
    expect(text.toSql()).toContain('FROM "silver"."movies"')
    expect(await text.count()).toBe(0)
    expect(await lake.table('silver.movies').explain()).toMatch(/parquet/i)
  })
})

describe('a lake without tables', () => {
  it('says what to do, and makes nothing', async () => {
    const root = path.join(await tempFolder(), 'lake')
    const lake = await testLake(undefined, { lake: root })
    await expect(lake.kpis()).rejects.toMatchObject({
      fault: 'missing',
      hint: expect.stringContaining('movielake run'),
    })
    await expect(lake.build()).rejects.toMatchObject({ fault: 'missing', hint: expect.stringContaining('import') })
    await expect(lake.plan('build')).rejects.toThrow(TableError)
    await expect(lake.table('silver.movies').count()).rejects.toMatchObject({ fault: 'missing' })
    await expect(lake.history('silver.movies')).rejects.toMatchObject({ fault: 'missing' })
    await expect(lake.export({ write: () => undefined })).rejects.toMatchObject({ fault: 'missing' })
    expect([await lake.tables(), await lake.runs(), await lake.show(597), await lake.published()]).toEqual([
      [],
      [],
      undefined,
      undefined,
    ])
    expect(await readdir(path.dirname(root))).toEqual([])
  })

  it('shows answers before anything is published', async () => {
    const lake = await testLake(await sampleServer())
    await lake.ingest()
    expect(await lake.table('bronze.movies').count()).toBe(4)
    expect((await lake.sql('select count(*) as n from bronze.movies')).rows).toEqual([{ n: 4 }])
    expect((await lake.tables()).map(({ table, published }) => [table, published])).toEqual([['bronze.movies', null]])
    expect(await newest(lake, 'bronze.movies')).toHaveLength(4)
  })

  it('asks the sample server when there is no key, and says so', async () => {
    const lake = await testLake(undefined, { env: { TMDB_API_KEY: '' } })
    const urls: unknown[] = []
    lake.on((event) => void (event.type === 'run.started' && urls.push(event.sample?.url)))
    expect(await lake.ingest()).toMatchObject({ status: 'ok', is_sample: true })
    expect(urls).toEqual([expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/)])
  })

  it('asks a sample server that runs elsewhere as it does its own', async () => {
    const server = await sampleServer()
    const set = { 'sample.base_url': `${server.url}/3` }
    const lake = await testLake(undefined, { set, env: { TMDB_API_KEY: '' } })
    expect(await lake.ingest()).toMatchObject({ status: 'ok', is_sample: true })
    expect(server.requests.total).toBe(4)
    const { parameters } = (await lake.runs())[0] ?? {}
    expect(parameters).toMatchObject({ of: 'sample server' })
  })

  it('plans without doing anything', async () => {
    const lake = await testLake(undefined, { set: { 'ingest.sources': ['popular'], 'ingest.pages': 3 } })
    expect((await lake.plan('run')).steps.map(({ step }) => step)).toEqual(['ingest', 'silver', 'gold', 'publish'])
    expect((await lake.plan('ingest')).steps).toEqual([
      { step: 'ingest', is_due: true, reason: 'asks for 3 pages of popular' },
    ])
    expect(await filesIn(lake.root)).toEqual([])
  })
})
