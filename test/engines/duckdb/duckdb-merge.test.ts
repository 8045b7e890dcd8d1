import { expect, it } from 'vitest'
import type { Frame } from '../../../src/frame/index.ts'
import { bigint, stored, string } from '../../../src/table.ts'
import { movies, parquetFiles, rowsIn, rowsOf, testLake } from '../test-lake.ts'

const note = { runId: 'run-1' }
const movie = (
  movie_id: number,
  rating: number | null = null,
  genres: readonly (string | null)[] | null = ['War'],
) => ({
  movie_id,
  title: `M${movie_id}`,
  rating,
  genres,
  directors: [{ person_id: movie_id, name: null }],
})
const credits = stored({
  name: 'silver.credits',
  grain: 'one row per movie and person',
  key: ['movie_id', 'person'],
  columns: { movie_id: bigint('movie'), person: string('who'), job: string('as what', { nullable: true }) },
})
const credit = (movie_id: number, person: string, job: string | null = null) => ({ movie_id, person, job })
const idsOf = (frame: unknown): Promise<readonly number[]> =>
  (frame as Frame<{ movie_id: 'bigint' }>).collect().then((rows) => rows.map(({ movie_id }) => movie_id).sort())

it('makes the table when there is none', async () => {
  const lake = await testLake()
  const pending = await lake.merge(movies, rowsOf(movies, [movie(1)]))
  expect(await lake.state('silver.movies')).toBeUndefined()
  expect(await pending.commit(note)).toMatchObject({ version: 0, inserted: 1 })
  expect(await rowsIn(lake, movies)).toEqual([movie(1)])
})

it('updates rows that differ, inserts new keys and leaves the rest', async () => {
  const lake = await testLake()
  await lake.append(movies, [movie(1), movie(2, 5), movie(3)], note)
  const pending = await lake.merge(movies, rowsOf(movies, [movie(2, 6), movie(3), movie(4)]))
  expect(await idsOf(pending.written)).toEqual([2, 4])
  expect(await idsOf(pending.after)).toEqual([1, 2, 3, 4])
  expect(await pending.commit(note)).toMatchObject({ inserted: 1, updated: 1, deleted: 0 })
  expect(await rowsIn(lake, movies)).toEqual([movie(1), movie(2, 6), movie(3), movie(4)])
})

it('shows nobody a merge before its commit', async () => {
  const lake = await testLake()
  await lake.append(movies, [movie(1)], note)
  const pending = await lake.merge(movies, rowsOf(movies, [movie(1, 9)]))
  expect(await rowsIn(lake, movies)).toEqual([movie(1)])
  await pending.discard()
  expect(await parquetFiles(lake.root, 'silver.movies')).toHaveLength(1)
})

it.each([
  ['null to a value', movie(1), movie(1, 3)],
  ['a value to null', movie(1, 3), movie(1)],
  ['an element of a list', movie(1, 3, ['a', null]), movie(1, 3, ['a', 'b'])],
  ['the order of a list', movie(1, 3, ['a', 'b']), movie(1, 3, ['b', 'a'])],
  ['an empty list to null', movie(1, 3, []), movie(1, 3, null)],
  ['a field of a struct', movie(1, 3), { ...movie(1, 3), directors: [{ person_id: 1, name: 'x' }] }],
])('sees a change of %s', async (_, before, after) => {
  const lake = await testLake()
  await lake.append(movies, [before], note)
  const pending = await lake.merge(movies, rowsOf(movies, [after]))
  expect(await pending.commit(note)).toMatchObject({ inserted: 0, updated: 1 })
  expect(await rowsIn(lake, movies)).toEqual([after])
})

it('is no change when all rows are equal, and can still move the watermark', async () => {
  const lake = await testLake()
  await lake.append(movies, [movie(1, Number.NaN), movie(2)], { ...note, watermarks: { 'bronze.movies': 1 } })
  const pending = await lake.merge(movies, rowsOf(movies, [movie(2)]))
  expect(pending.isChange).toBe(false)
  expect(await idsOf(pending.written)).toEqual([])
  const done = await pending.commit({ ...note, watermarks: { 'bronze.movies': 2 } })
  expect(done).toMatchObject({ version: 1, inserted: 0, updated: 0, files: 0 })
  expect(await lake.state('silver.movies')).toMatchObject({ watermarks: { 'bronze.movies': 2 }, rows: 2, files: 1 })
})

it('commits nothing when there is nothing to say', async () => {
  const lake = await testLake()
  await lake.append(movies, [movie(1)], { ...note, watermarks: { 'bronze.movies': 1 } })
  const pending = await lake.merge(movies, rowsOf(movies, [movie(1)]))
  expect(await pending.commit({ ...note, watermarks: { 'bronze.movies': 1 } })).toMatchObject({ version: 0 })
})

it('touches only the files that hold a changed row', async () => {
  const lake = await testLake()
  for (const id of [1, 2, 3]) await lake.append(movies, [movie(id), movie(id + 10)], note)
  const before = await parquetFiles(lake.root, 'silver.movies')
  await (await lake.merge(movies, rowsOf(movies, [movie(1), movie(2, 9), movie(3)]))).commit(note)
  const [, , , log] = (await lake.history('silver.movies')).toReversed()
  expect(log?.metrics).toMatchObject({ numTargetFilesRemoved: 1, numTargetFilesAdded: 1 })
  expect(await parquetFiles(lake.root, 'silver.movies')).toEqual(expect.arrayContaining([...before]))
})

it('refuses a source that has a key twice, or none', async () => {
  const lake = await testLake()
  await lake.append(movies, [movie(1)], note)
  await expect(lake.merge(movies, rowsOf(movies, [movie(1), movie(1, 2)]))).rejects.toThrow(
    'silver.movies: the source of a merge has the key {"movie_id":"1"} more than once',
  )
  await expect(lake.merge(movies, rowsOf(movies, [{ title: 'x' }]))).rejects.toThrow('has a row without movie_id')
  expect(await parquetFiles(lake.root, 'silver.movies')).toHaveLength(1)
})

it('brings together a key that another writer has written twice', async () => {
  const lake = await testLake()
  await lake.append(movies, [movie(1, 5)], note)
  await lake.append(movies, [movie(1, 6)], note)
  await (await lake.merge(movies, rowsOf(movies, [movie(1, 6)]))).commit(note)
  expect(await rowsIn(lake, movies)).toEqual([movie(1, 6)])
})

it('deletes the rows in scope that the source lacks, and no others', async () => {
  const lake = await testLake()
  await lake.append(credits, [credit(1, 'a'), credit(1, 'b'), credit(2, 'a'), credit(3, 'a')], note)
  const source = rowsOf(credits, [credit(1, 'a', 'cast'), credit(1, 'c')])
  const scope = { column: 'movie_id', keys: rowsOf(movies, [movie(1), movie(3), movie(1)]).select('movie_id') }
  const pending = await lake.merge(credits, source, scope)
  expect(await pending.commit(note)).toMatchObject({ inserted: 1, updated: 1, deleted: 2 })
  expect(await rowsIn(lake, credits)).toEqual([credit(1, 'a', 'cast'), credit(1, 'c'), credit(2, 'a')])
})

it('deletes all rows in scope when the source is empty', async () => {
  const lake = await testLake()
  await lake.append(credits, [credit(1, 'a'), credit(2, 'a')], note)
  const keys = rowsOf(movies, [movie(2)]).select('movie_id')
  await (await lake.merge(credits, rowsOf(credits, []), { column: 'movie_id', keys })).commit(note)
  expect(await rowsIn(lake, credits)).toEqual([credit(1, 'a')])
})

it('loses against a commit that came first and added rows it is about, and leaves no files', async () => {
  const lake = await testLake()
  await lake.append(movies, [movie(1), movie(5)], note)
  const pending = await lake.merge(movies, rowsOf(movies, [movie(1, 9), movie(3)]))
  await lake.append(movies, [movie(2)], note)
  await expect(pending.commit(note)).rejects.toMatchObject({
    fault: 'conflict',
    readVersion: 0,
    foundVersion: 1,
    message: expect.stringMatching(/version 1 came in between.*prepared on version 0/),
  })
  expect(await parquetFiles(lake.root, 'silver.movies')).toHaveLength(2)
  expect(await rowsIn(lake, movies)).toEqual([movie(1), movie(2), movie(5)])
})

it('follows a commit that came first with rows it is not about', async () => {
  const lake = await testLake()
  await lake.append(movies, [movie(1)], note)
  const pending = await lake.merge(movies, rowsOf(movies, [movie(1, 9)]))
  await lake.append(movies, [movie(2)], note)
  expect(await pending.commit(note)).toMatchObject({ version: 2, updated: 1 })
  expect(await rowsIn(lake, movies)).toEqual([movie(1, 9), movie(2)])
})

it('merges by a key column called as the merge calls its own', async () => {
  const lake = await testLake()
  const kinds = stored({
    name: 'gold.kinds',
    grain: 'one row per kind',
    key: ['kind'],
    columns: { kind: string('kind'), movie_count: bigint('movies') },
  })
  await lake.append(kinds, [{ kind: 'same', movie_count: 1 }], note)
  const pending = await lake.merge(kinds, rowsOf(kinds, [{ kind: 'same', movie_count: 2 }]))
  expect(await pending.commit(note)).toMatchObject({ inserted: 0, updated: 1 })
  expect(await rowsIn(lake, kinds)).toEqual([{ kind: 'same', movie_count: 2 }])
})
