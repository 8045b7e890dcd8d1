import { rm } from 'node:fs/promises'
import path from 'node:path'
import { expect, it } from 'vitest'
import { date, stored, string } from '../../../src/table.ts'
import { movies, parquetFiles, queryOf, rowsIn, rowsOf, testLake } from '../test-lake.ts'

const note = { runId: 'run-1' }
const movie = (movie_id: number, rating: number | null = null) => ({
  movie_id,
  title: `M${movie_id}`,
  rating,
  genres: ['War'],
  directors: null,
})

it('makes the table hold exactly the rows', async () => {
  const lake = await testLake()
  await lake.append(movies, [movie(1), movie(2)], note)
  const pending = await lake.overwrite(movies, rowsOf(movies, [movie(2), movie(3)]))
  expect(pending.isChange).toBe(true)
  expect(await pending.written.count()).toBe(2)
  expect(await pending.commit(note)).toMatchObject({ version: 1, inserted: 2, deleted: 2 })
  expect(await rowsIn(lake, movies)).toEqual([movie(2), movie(3)])
})

it('is no change when the rows are the same in another order', async () => {
  const lake = await testLake()
  await lake.append(movies, [movie(1), movie(2)], note)
  await lake.append(movies, [movie(3)], note)
  const pending = await lake.overwrite(movies, rowsOf(movies, [movie(3), movie(1), movie(2)]))
  expect(pending.isChange).toBe(false)
  expect(await pending.after.count()).toBe(3)
  expect(await pending.commit(note)).toMatchObject({ version: 1, files: 0 })
  expect(await parquetFiles(lake.root, 'silver.movies')).toHaveLength(2)
})

it('sees a row that is there once more or has another value', async () => {
  const lake = await testLake()
  await lake.append(movies, [movie(1), movie(1), movie(2)], note)
  for (const rows of [
    [movie(1), movie(2), movie(2)],
    [movie(1), movie(1), movie(2, 1)],
  ]) {
    const pending = await lake.overwrite(movies, rowsOf(movies, rows))
    expect(pending.isChange).toBe(true)
    await pending.discard()
  }
})

it('makes an empty table of no rows', async () => {
  const lake = await testLake()
  const pending = await lake.overwrite(movies, rowsOf(movies, []))
  expect(pending.isChange).toBe(true)
  expect(await pending.commit(note)).toMatchObject({ version: 0, files: 0 })
  expect(await rowsIn(lake, movies)).toEqual([])
})

it('takes columns by their names, in whatever order they come, and casts them', async () => {
  const lake = await testLake()
  await lake.append(movies, [movie(1)], note)
  const text = "select null as directors, ['War'] as genres, 2 as rating, 'M7' as title, 7::int as movie_id"
  await (await lake.overwrite(movies, queryOf(movies, text))).commit(note)
  expect(await rowsIn(lake, movies)).toEqual([movie(7, 2)])
})

it('leaves nothing behind when it is discarded', async () => {
  const lake = await testLake()
  const pending = await lake.overwrite(movies, rowsOf(movies, [movie(1)]))
  await pending.discard()
  expect(await parquetFiles(lake.root, 'silver.movies')).toEqual([])
  expect(await lake.state('silver.movies')).toBeUndefined()
})

it('keeps what is committed when it is discarded or committed again', async () => {
  const lake = await testLake()
  const pending = await lake.overwrite(movies, rowsOf(movies, [movie(1)]))
  await pending.commit(note)
  await pending.discard()
  await expect(pending.commit(note)).rejects.toThrow(
    'silver.movies: this write has been committed or discarded already',
  )
  expect(await rowsIn(lake, movies)).toEqual([movie(1)])
})

it('repairs a table whose files are gone', async () => {
  const lake = await testLake()
  await lake.append(movies, [movie(1)], note)
  for (const file of await parquetFiles(lake.root, 'silver.movies'))
    await rm(path.join(lake.root, 'silver/movies', file))
  const pending = await lake.overwrite(movies, rowsOf(movies, [movie(1)]))
  expect(pending.isChange).toBe(true)
  await pending.commit(note)
  expect(await rowsIn(lake, movies)).toEqual([movie(1)])
})

it('keeps the partitions of the table, whatever values they have', async () => {
  const lake = await testLake()
  const table = stored({
    name: 'silver.days',
    grain: 'one row',
    key: ['id'],
    columns: { id: string('id'), day: date('day', { nullable: true }), place: string('where', { nullable: true }) },
  })
  const rows = [
    { id: 'a', day: '2025-12-09', place: 'a/b=c %+ü' },
    { id: 'b', day: null, place: '__HIVE_DEFAULT_PARTITION__' },
    { id: 'c', day: null, place: null },
    { id: 'd', day: '2025-12-09', place: "it's" },
    { id: 'e', day: '0001-01-01', place: '+' },
  ]
  await lake.append(table, rows.slice(0, 1), { ...note, partitionBy: ['day', 'place'] })
  await (await lake.overwrite(table, rowsOf(table, rows))).commit(note)
  expect(await rowsIn(lake, table)).toEqual(rows)
  expect(await lake.state('silver.days')).toMatchObject({ files: 5, rows: 5 })
})
