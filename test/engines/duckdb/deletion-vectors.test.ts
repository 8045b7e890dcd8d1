import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { expect, it } from 'vitest'
import type { Engine } from '../../../src/engines/engine.ts'
import type { Frame } from '../../../src/frame/index.ts'
import { movies, parquetFiles, queryOf, rowsIn, testLake } from '../test-lake.ts'

const note = { runId: 'run-1' }
const films = (from: string): Frame<never> =>
  queryOf(
    movies,
    `select i as movie_id, md5(i::varchar) as title, rating, ['War'] as genres, null as directors from ${from}`,
  ) as Frame<never>
const merge = async (lake: Engine, from: string) => (await lake.merge(movies, films(from) as never)).commit(note)
const ratings = async (lake: Engine): Promise<readonly unknown[]> =>
  (await rowsIn(lake, movies)).map(({ rating }) => rating)
const commitOf = (root: string, version: number): Promise<string> =>
  readFile(path.join(root, 'silver/movies/_delta_log', `${String(version).padStart(20, '0')}.json`), 'utf8')

/** A table of a hundred rows, on an engine that marks rows from the first byte on. */
async function marked(): Promise<Engine & { readonly root: string }> {
  const lake = await testLake({ rewriteBytes: 0 })
  await merge(lake, '(select i, 0.0 as rating from range(100) r(i))')
  return lake
}

it('marks changed rows and writes only their new state', async () => {
  const lake = await marked()
  const done = await merge(lake, '(select i, 1.0 as rating from range(95, 105) r(i))')
  expect(done).toMatchObject({ inserted: 5, updated: 5, files: 1 })
  expect((await ratings(lake)).filter((rating) => rating === 1)).toHaveLength(10)
  expect(await lake.state('silver.movies')).toMatchObject({ rows: 105, files: 2 })
  expect(await commitOf(lake.root, 1)).toContain('"readerFeatures":["deletionVectors"]')
})

it('adds to the rows that are marked already', async () => {
  const lake = await marked()
  for (let n = 1; n <= 4; n += 1)
    await merge(lake, `(select i, ${n} as rating from range(${n * 3}, ${n * 3 + 5}) r(i))`)
  const found = await ratings(lake)
  expect(found).toHaveLength(100)
  expect([1, 2, 3, 4].map((n) => found.filter((rating) => rating === n).length)).toEqual([3, 3, 3, 5])
  expect(await commitOf(lake.root, 3)).not.toContain('"protocol"')
})

it('reads the versions before', async () => {
  const lake = await marked()
  await merge(lake, '(select i, 1.0 as rating from range(5) r(i))')
  await merge(lake, '(select i, 2.0 as rating from range(3) r(i))')
  const count = async (version: number, rating: number): Promise<number> =>
    (await lake.open(movies, { version })).filter((m) => m.rating.eq(rating)).count()
  expect([await count(0, 0), await count(1, 0), await count(1, 1), await count(2, 1)]).toEqual([100, 95, 5, 2])
})

it('writes a file anew of which too many rows are gone, and forgets one of which all are', async () => {
  const lake = await marked()
  await merge(lake, '(select i, 1.0 as rating from range(40) r(i))')
  expect(await lake.state('silver.movies')).toMatchObject({ files: 1, rows: 100 })
  expect(await commitOf(lake.root, 1)).not.toContain('deletionVector')
  await merge(lake, '(select i, 2.0 as rating from range(100) r(i))')
  expect(await lake.state('silver.movies')).toMatchObject({ files: 1, rows: 100 })
})

it('leaves neither data nor vectors behind when it is discarded', async () => {
  const lake = await marked()
  const before = await parquetFiles(lake.root, 'silver.movies')
  const pending = await lake.merge(movies, films('(select i, 1.0 as rating from range(5) r(i))') as never)
  expect(await pending.after.count()).toBe(100)
  await pending.discard()
  expect(await parquetFiles(lake.root, 'silver.movies')).toEqual(before)
  expect(await ratings(lake)).toEqual(Array.from({ length: 100 }, () => 0))
})

it('keeps marks in checkpoints', async () => {
  const lake = await marked()
  for (let n = 1; n <= 12; n += 1) await merge(lake, `(select i, ${n} as rating from range(2) r(i))`)
  const reader = await testLake({ root: lake.root })
  expect((await ratings(reader)).filter((rating) => rating === 12)).toHaveLength(2)
  expect(await ratings(reader)).toHaveLength(100)
})

it('writes files anew where the table wants no deletion vectors', async () => {
  const lake = await marked()
  const property = { 'delta.enableDeletionVectors': 'false' }
  await (
    await lake.merge(movies, films('(select i, 1.0 as rating from range(100, 101) r(i))') as never)
  ).commit({ ...note, properties: property })
  await merge(lake, '(select i, 1.0 as rating from range(95, 105) r(i))')
  expect(await commitOf(lake.root, 2)).not.toContain('deletionVector')
})
