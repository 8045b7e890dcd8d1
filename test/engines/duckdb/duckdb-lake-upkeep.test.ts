import { utimes, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { expect, it } from 'vitest'
import { movies, testLake } from '../test-lake.ts'

const movie = (movie_id: number) => ({ movie_id, title: null, rating: null, genres: null, directors: null })
const note = { runId: 'run-1' }

it('counts files and bytes beside the log, whatever a vacuum takes of the log itself', async () => {
  const lake = await testLake()
  await lake.append(movies, [movie(1)], note)
  const name = '.00000000000000000009.json.0a0a0a0a-0000-4000-8000-000000000000.tmp'
  const left = path.join(lake.root, 'silver', 'movies', '_delta_log', name)
  await writeFile(left, 'x'.repeat(10_000))
  await utimes(left, 0, 0)
  for (const dryRun of [true, false]) {
    const { filesBefore, filesAfter, sizeBytesBefore, sizeBytesAfter } = await lake.vacuum(
      movies.name,
      { dryRun },
      note,
    )
    expect([filesBefore, filesAfter]).toEqual([1, 1])
    expect(sizeBytesAfter).toBe(sizeBytesBefore)
  }
})

it('says how many files and bytes an optimize and a vacuum have left', async () => {
  const lake = await testLake()
  for (const id of [1, 2, 3]) await lake.append(movies, [movie(id)], note)
  const { sizeBytesAfter, ...optimized } = await lake.optimize(movies.name, note)
  expect(optimized).toMatchObject({ versionBefore: 2, version: 3, filesBefore: 3, filesAfter: 1 })
  const vacuumed = await lake.vacuum(movies.name, { retentionHours: -1 }, note)
  expect(vacuumed).toMatchObject({ versionBefore: 3, version: 5, filesBefore: 4, filesAfter: 1, sizeBytesAfter })
})
