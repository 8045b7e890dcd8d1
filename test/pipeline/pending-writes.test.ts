import { expect, it } from 'vitest'
import { defaultConfig } from '../../src/config/config.ts'
import { QualityError } from '../../src/errors.ts'
import { PendingWrites } from '../../src/pipeline/pending-writes.ts'
import type { Session } from '../../src/pipeline/session.ts'
import { movies, parquetFiles, rowsIn, rowsOf, testLake } from '../engines/test-lake.ts'

const session = { config: defaultConfig, signal: new AbortController().signal } as Session
const movie = (movie_id: number | null, title: string) => ({ movie_id, title })

it.each([
  ['a key that stands twice', [movie(1, 'A'), movie(1, 'B')], 'movie_id is unique (1 times broken)'],
  ['null where it may not be', [movie(null, 'A'), movie(2, 'B')], 'movie_id is never null (1 times broken)'],
])('refuses %s, and nothing of any table is written', async (_, rows, message) => {
  const engine = await testLake()
  await (await engine.overwrite(movies, rowsOf(movies, [movie(9, 'Nine')]))).commit({ runId: 'r0' })
  const files = await parquetFiles(engine.root, movies.name)
  const writes = new PendingWrites([movies])
  await writes.add(session, movies, await engine.overwrite(movies, rowsOf(movies, [movie(3, 'C')])), { runId: 'r1' })
  const bad = writes.add(session, movies, await engine.overwrite(movies, rowsOf(movies, rows)), { runId: 'r1' })
  await expect(bad).rejects.toThrow(QualityError)
  await expect(bad).rejects.toThrow(`silver.movies: ${message}`)
  expect(await rowsIn(engine, movies)).toMatchObject([movie(9, 'Nine')])
  expect(await parquetFiles(engine.root, movies.name)).toEqual(files)
})
