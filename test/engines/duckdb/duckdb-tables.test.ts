import { readFile, rm } from 'node:fs/promises'
import path from 'node:path'
import { expect, it } from 'vitest'
import { bigint, date, stored, string } from '../../../src/table.ts'
import { movieColumns, movies, parquetFiles, rowsIn, rowsOf, testLake } from '../test-lake.ts'

const note = { runId: 'run-1' }
const raw = stored({
  name: 'bronze.movies',
  grain: 'one row per answer',
  key: ['movie_id'],
  columns: { movie_id: bigint('TMDB id'), ingestion_date: date('day'), payload: string('body', { nullable: true }) },
})
const answer = (movie_id: number, ingestion_date = '2025-12-09') => ({
  movie_id,
  ingestion_date,
  payload: `{"id":${movie_id}}`,
})
const movie = (movie_id: number, rating: number | null = null) => ({
  movie_id,
  title: `M${movie_id}`,
  rating,
  genres: ['War'],
  directors: null,
})

it('has no state and no rows of a table that is not there', async () => {
  const lake = await testLake()
  expect(await lake.state('silver.movies')).toBeUndefined()
  await expect(lake.open(movies)).rejects.toMatchObject({ fault: 'missing' })
  expect(await lake.history('silver.movies')).toEqual([])
})

it('appends rows of all types and gives them back', async () => {
  const lake = await testLake()
  const rows = [
    { movie_id: 1, title: 'A', rating: 7.5, genres: ['War', 'Drama'], directors: [{ person_id: 9, name: 'Ü' }] },
    { movie_id: 2, title: null, rating: null, genres: null, directors: null },
  ]
  const done = await lake.append(movies, rows, note)
  expect(done).toMatchObject({ table: 'silver.movies', version: 0, inserted: 2, updated: 0, deleted: 0, files: 1 })
  expect(await rowsIn(lake, movies)).toEqual(rows)
})

it('refuses rows with unknown columns or values of another type, and writes nothing', async () => {
  const lake = await testLake()
  await expect(lake.append(movies, [{ movie_id: 1, titel: 'A' }], note)).rejects.toThrow('row 1: titel is not a column')
  await expect(lake.append(movies, [{ movie_id: 1.5 }], note)).rejects.toMatchObject({ fault: 'mismatch' })
  await expect(lake.append(movies, [{ movie_id: '1' }], note)).rejects.toThrow('movie_id is "1", not a BIGINT')
  await expect(lake.append(movies, [{ movie_id: 2n ** 63n }], note)).rejects.toThrow('not a BIGINT')
  expect(await parquetFiles(lake.root, 'silver.movies')).toEqual([])
})

it('names data files after the prefix and the day they belong to', async () => {
  const lake = await testLake()
  await lake.append(raw, [answer(1), answer(2, '2025-12-10')], {
    ...note,
    filePrefix: 'movies_raw_104530',
    partitionBy: ['ingestion_date'],
  })
  expect(await parquetFiles(lake.root, 'bronze.movies')).toEqual([
    expect.stringMatching(/^ingestion_date=2025-12-09\/movies_raw_104530-[0-9a-f-]{36}-0\.parquet$/),
    expect.stringMatching(/^ingestion_date=2025-12-10\//),
  ])
})

it('reads older versions by number and by time', async () => {
  const lake = await testLake()
  for (const id of [1, 2, 3]) await lake.append(raw, [answer(id)], note)
  const [, second] = (await lake.history('bronze.movies')).toReversed()
  expect(await (await lake.open(raw, { version: 0 })).count()).toBe(1)
  expect(await (await lake.open(raw, { asOf: second!.committedAt })).count()).toBe(2)
  await expect(lake.open(raw, { version: 9 })).rejects.toThrow('there is no version 9; the newest is 2')
  await expect(lake.open(raw, { asOf: '2001-01-01T00:00:00Z' })).rejects.toMatchObject({ fault: 'missing' })
})

it('tells a table that is not there from a moment that is no moment and a version that is no version', async () => {
  const lake = await testLake()
  await expect(lake.open(movies, { asOf: '2020-01-01T00:00:00Z' })).rejects.toThrow('there is no Delta table')
  await expect(lake.open(movies, { asOf: 'last week' })).rejects.toMatchObject({ name: 'ConfigError' })
  await lake.append(movies, [movie(1)], note)
  await expect(lake.open(movies, { version: Number.NaN })).rejects.toThrow('there is no version NaN; the newest is 0')
})

it('opens only what was appended since a version', async () => {
  const lake = await testLake()
  for (const id of [1, 2, 3]) await lake.append(raw, [answer(id)], { ...note, partitionBy: ['ingestion_date'] })
  const since = await lake.openAppended(raw, 0)
  expect((await since.collect()).map(({ movie_id }) => movie_id).sort()).toEqual([2, 3])
  expect(await (await lake.openAppended(raw, 2)).count()).toBe(0)
  expect(await (await lake.openAppended(raw, -1)).count()).toBe(3)
})

it('does not tell what was appended when rows were removed, or the table is another one', async () => {
  const lake = await testLake()
  await lake.append(movies, [movie(1)], note)
  await (await lake.overwrite(movies, rowsOf(movies, [movie(2)]))).commit(note)
  await expect(lake.openAppended(movies, 0)).rejects.toThrow('version 1 removed rows')
  await expect(lake.openAppended(movies, 7)).rejects.toMatchObject({ fault: 'conflict' })
})

it('tells rows, watermarks and properties of the newest version', async () => {
  const lake = await testLake()
  await lake.append(movies, [movie(1), movie(2)], {
    ...note,
    watermarks: { 'bronze.movies': 3 },
    properties: { 'movielake.rules': 'abc' },
  })
  await lake.append(movies, [movie(3)], { ...note, watermarks: { 'bronze.movies': 4 } })
  expect(await lake.state('silver.movies')).toMatchObject({
    version: 1,
    rows: 3,
    files: 2,
    watermarks: { 'bronze.movies': 4 },
    properties: { 'movielake.rules': 'abc' },
  })
})

it('tells the history newest first, with run and engine', async () => {
  const lake = await testLake()
  await lake.append(movies, [movie(1)], note)
  await (await lake.merge(movies, rowsOf(movies, [movie(1, 8), movie(2)]))).commit({ runId: 'run-2' })
  const [merge, write] = await lake.history('silver.movies')
  expect(merge).toMatchObject({
    version: 1,
    operation: 'MERGE',
    runId: 'run-2',
    engine: expect.stringMatching(/^movielake\//),
  })
  expect(merge?.metrics).toMatchObject({ numTargetRowsInserted: 1, numTargetRowsUpdated: 1 })
  expect(write).toMatchObject({ version: 0, operation: 'WRITE', runId: 'run-1', metrics: { numOutputRows: 1 } })
})

it('adds nullable columns to a table that was declared with fewer', async () => {
  const lake = await testLake()
  const wider = stored({
    name: movies.name,
    grain: movies.grain,
    key: ['movie_id'],
    columns: { ...movieColumns, imdb_id: string('IMDb id', { nullable: true }) },
  })
  await lake.append(movies, [movie(1)], note)
  expect(await rowsIn(lake, wider)).toEqual([{ ...movie(1), imdb_id: null }])
  await lake.append(wider, [{ ...movie(2), imdb_id: 'tt2' }], note)
  expect(await rowsIn(lake, wider)).toEqual([
    { ...movie(1), imdb_id: null },
    { ...movie(2), imdb_id: 'tt2' },
  ])
  await expect(lake.append(movies, [movie(3)], note)).rejects.toThrow('has a column imdb_id, which is not declared')
})

it('lets an overwrite bring other columns', async () => {
  const lake = await testLake()
  const narrow = stored({
    name: movies.name,
    grain: movies.grain,
    key: ['movie_id'],
    columns: { movie_id: bigint('TMDB id'), rating: string('as text', { nullable: true }) },
  })
  await lake.append(movies, [movie(1)], note)
  const write = await lake.overwrite(narrow, rowsOf(narrow, [{ movie_id: 1, rating: 'eight' }]))
  expect(write.isChange).toBe(true)
  await write.commit(note)
  expect(await rowsIn(lake, narrow)).toEqual([{ movie_id: 1, rating: 'eight' }])
})

it('takes other columns alone for a change, even when no row differs', async () => {
  const lake = await testLake()
  const ids = stored({ name: movies.name, grain: movies.grain, key: ['movie_id'], columns: { movie_id: bigint('id') } })
  await lake.append(movies, [movie(1)], note)
  expect((await lake.overwrite(ids, rowsOf(ids, [{ movie_id: 1 }]))).isChange).toBe(true)
})

it('knows the newest version that changed rows from those that took notes', async () => {
  const lake = await testLake()
  await lake.append(movies, [movie(1)], note)
  const unchanged = await lake.merge(movies, rowsOf(movies, [movie(1)]))
  await unchanged.commit({ ...note, watermarks: { 'bronze.movies': 7 } })
  expect(await lake.state('silver.movies')).toMatchObject({ version: 1, dataVersion: 0 })
  await (await lake.merge(movies, rowsOf(movies, [movie(2)]))).commit(note)
  expect(await lake.state('silver.movies')).toMatchObject({ version: 2, dataVersion: 2 })
})

it('refuses to write or read a column under another type', async () => {
  const lake = await testLake()
  await lake.append(movies, [movie(1)], note)
  const other = stored({
    name: movies.name,
    grain: movies.grain,
    key: ['movie_id'],
    columns: { ...movieColumns, rating: string('as text', { nullable: true }) },
  })
  await expect(lake.append(other, [], note)).rejects.toThrow(
    'silver.movies.rating: stored as double, declared as string',
  )
  await expect(lake.open(other)).rejects.toMatchObject({ fault: 'mismatch' })
})

it('writes what columns mean into the table, and all of them nullable for other writers', async () => {
  const lake = await testLake()
  await lake.append(movies, [movie(1)], note)
  const commit = await readFile(path.join(lake.root, 'silver/movies/_delta_log/00000000000000000000.json'), 'utf8')
  const { metaData } = JSON.parse(commit.split('\n').find((line) => line.includes('metaData')) ?? '')
  const [field] = JSON.parse(metaData.schemaString).fields
  expect(field).toEqual({
    name: 'movie_id',
    type: 'long',
    nullable: true,
    metadata: { comment: 'TMDB id of the movie' },
  })
})

it('reads a data file that is gone as damage, and names it', async () => {
  const lake = await testLake()
  await lake.append(raw, [answer(1)], note)
  const [file] = await parquetFiles(lake.root, 'bronze.movies')
  await rm(path.join(lake.root, 'bronze/movies', file!))
  await expect(lake.open(raw)).rejects.toMatchObject({ fault: 'corrupt', message: expect.stringContaining(file!) })
})

it.each([
  "copy (select 1) to '/tmp/movielake-never'",
  'create table t (a int)',
  "attach 'x.duckdb'",
  'set threads = 1',
  'select 1; select 2',
  "explain analyze copy (select 1) to '/tmp/movielake-never'",
])('answers questions and nothing else: %s', async (text) => {
  const lake = await testLake()
  await expect(lake.sql(text)).rejects.toMatchObject({ name: 'EngineError', hint: expect.stringContaining('SELECT') })
})

it.each([
  'select 1 as n',
  'with a as (select 1 as n) select * from a',
  'describe select 1',
  'explain select 1',
  'from range(2)',
])('answers %s', async (text) => {
  const lake = await testLake()
  const { rows } = await lake.sql(text)
  let found = 0
  for await (const batch of rows) found += batch.length
  expect(found).toBeGreaterThan(0)
})
