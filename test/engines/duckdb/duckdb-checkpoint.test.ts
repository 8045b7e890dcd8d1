import { readFile, rm, truncate, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { expect, it } from 'vitest'
import type { Engine } from '../../../src/engines/engine.ts'
import { movies, rowsIn, testLake } from '../test-lake.ts'

const note = { runId: 'run-1' }
const movie = (movie_id: number) => ({ movie_id, title: `M${movie_id}`, rating: null, genres: null, directors: null })
const ids = async (lake: Engine): Promise<readonly unknown[]> =>
  (await rowsIn(lake, movies)).map(({ movie_id }) => movie_id)
const inLog = (root: string, name: string): string => path.join(root, 'silver/movies/_delta_log', name)
const commit = (version: number): string => `${String(version).padStart(20, '0')}.json`
const checkpoint = (version: number): string => `${String(version).padStart(20, '0')}.checkpoint.parquet`

/** A table of twelve commits with a checkpoint at the tenth. */
async function grown(): Promise<Engine & { readonly root: string }> {
  const lake = await testLake()
  for (let n = 0; n < 12; n += 1)
    await lake.append(movies, [movie(10 + n)], { ...note, watermarks: { 'bronze.movies': n }, properties: { p: 'x' } })
  return lake
}

it('writes a checkpoint every tenth commit and points at it', async () => {
  const { root } = await grown()
  expect(JSON.parse(await readFile(inLog(root, '_last_checkpoint'), 'utf8'))).toMatchObject({ version: 10 })
})

it('reads rows, watermarks and properties from a checkpoint when the commits before it are gone', async () => {
  const lake = await grown()
  const [rows, state] = [await rowsIn(lake, movies), await lake.state('silver.movies')]
  for (let n = 0; n <= 10; n += 1) await rm(inLog(lake.root, commit(n)))
  expect(await rowsIn(lake, movies)).toEqual(rows)
  expect(await lake.state('silver.movies')).toEqual(state)
  await expect(lake.open(movies, { version: 3 })).rejects.toMatchObject({
    fault: 'missing',
    hint: 'the earliest version is 10',
  })
})

it('does without a checkpoint that is damaged while the commits are there', async () => {
  const lake = await grown()
  const rows = await rowsIn(lake, movies)
  await truncate(inLog(lake.root, checkpoint(10)), 100)
  await writeFile(inLog(lake.root, '_last_checkpoint'), '{"vers')
  expect(await rowsIn(lake, movies)).toEqual(rows)
})

it('names the damaged checkpoint when nothing else tells the state', async () => {
  const lake = await grown()
  await truncate(inLog(lake.root, checkpoint(10)), 100)
  await rm(inLog(lake.root, commit(0)))
  await expect(lake.open(movies)).rejects.toMatchObject({
    fault: 'corrupt',
    message: expect.stringContaining(checkpoint(10)),
  })
})

it('refuses a log with a hole', async () => {
  const lake = await grown()
  await rm(inLog(lake.root, commit(11)))
  await lake.append(movies, [movie(99)], note)
  expect(await ids(lake)).not.toContain(21)
  await rm(inLog(lake.root, checkpoint(10)))
  await rm(inLog(lake.root, commit(5)))
  await expect(lake.open(movies)).rejects.toMatchObject({
    fault: 'corrupt',
    message: expect.stringContaining(commit(5)),
  })
})

it('refuses a log whose beginning was cleaned without a checkpoint', async () => {
  const lake = await testLake()
  for (const n of [1, 2]) await lake.append(movies, [movie(n)], note)
  await rm(inLog(lake.root, commit(0)))
  await expect(lake.open(movies)).rejects.toMatchObject({
    fault: 'corrupt',
    message: expect.stringContaining('the log was cleaned'),
  })
})
