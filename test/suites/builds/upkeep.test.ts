import { readdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { expect, it } from 'vitest'
import type { Lake, TableName } from '../../../src/index.ts'
import { acquireLock } from '../../../src/pipeline/lock.ts'
import { tempFolder } from '../../engines/temp-folder.ts'
import { testLake } from '../../pipeline/test-lake.ts'

/** Imports one film each, one second after the other. */
async function importFilms(lake: Lake, ...ids: readonly number[]): Promise<void> {
  const folder = await tempFolder()
  for (const id of ids) {
    const file = path.join(folder, `${id}.ndjson`)
    await writeFile(file, `{"id":${id},"title":"Film ${id}","status":"Released","credits":{"cast":[],"crew":[]}}\n`)
    await lake.import([file], { fetchedAt: `2025-12-09T10:00:0${id}Z` })
  }
}
async function filmsIn(lake: Lake, table: TableName = 'silver.movies'): Promise<number> {
  return lake.table(table).count()
}
async function lakeOf(...ids: readonly number[]): Promise<Lake> {
  const lake = await testLake(undefined, { set: { 'silver.min_filled_columns': 2 } })
  await importFilms(lake, ...ids)
  await lake.build()
  return lake
}
const dataFiles = async (lake: Lake): Promise<readonly string[]> =>
  (await readdir(path.join(lake.root, 'bronze/movies'), { recursive: true })).filter((name) =>
    name.endsWith('.parquet'),
  )

it('brings small files together, once, and leaves a record', async () => {
  const lake = await lakeOf(1, 2, 3)
  const { run, tables } = await lake.optimize()
  expect(tables.find(({ table }) => table === 'bronze.movies')).toMatchObject({ filesBefore: 3, filesAfter: 1 })
  expect(run).toMatchObject({ status: 'ok', steps: [{ step: 'optimize', wrote: [{ table: 'bronze.movies' }] }] })
  expect((await lake.history('bronze.movies'))[0]).toMatchObject({ operation: 'OPTIMIZE', runId: run?.run_id })
  expect((await lake.runs())[0]).toMatchObject({ command: 'optimize', status: 'ok' })
  expect((await lake.optimize()).run).toMatchObject({ status: 'unchanged' })
})

it('leaves what silver has taken in, and what it has not', async () => {
  const lake = await lakeOf(1, 2)
  await importFilms(lake, 3)
  await lake.optimize()
  expect((await lake.plan('build')).steps[0]?.reason).toContain('bronze.movies went from version')
  await lake.build()
  expect(await filmsIn(lake)).toBe(3)
})

it('takes nothing that is published, and the rest of it once something newer is', async () => {
  const lake = await lakeOf(1, 2, 3)
  await lake.optimize({ tables: ['bronze.movies'] })
  await lake.vacuum({ retentionHours: 0 })
  expect(await dataFiles(lake)).toHaveLength(4)
  expect(await filmsIn(lake, 'bronze.movies')).toBe(3)
  await lake.build()
  const { tables } = await lake.vacuum({ tables: ['bronze.movies'], retentionHours: 0 })
  expect(tables).toMatchObject([{ table: 'bronze.movies', filesBefore: 4, filesAfter: 1 }])
  expect(await dataFiles(lake)).toHaveLength(1)
  expect(await filmsIn(lake, 'bronze.movies')).toBe(3)
})

it('takes no answers that silver has yet to take in, though an optimize has put them elsewhere', async () => {
  const lake = await lakeOf(1)
  await importFilms(lake, 2, 3)
  await lake.optimize()
  await lake.vacuum({ retentionHours: 0 })
  expect((await lake.plan('build')).steps[0]?.reason).toContain('bronze.movies went from version')
  await lake.build()
  expect(await filmsIn(lake)).toBe(3)
})

it('keeps what left a table within the retention', async () => {
  const lake = await lakeOf(1, 2)
  await lake.optimize()
  await lake.build()
  expect((await lake.vacuum()).run).toMatchObject({ status: 'unchanged' })
  expect((await lake.vacuum({ retentionHours: 1 })).run).toMatchObject({ status: 'unchanged' })
  expect(await lake.table('bronze.movies', { version: 1 }).count()).toBe(2)
})

it('says what it would take, takes nothing and records no run', async () => {
  const lake = await lakeOf(1, 2)
  await lake.optimize()
  await lake.build()
  const before = await lake.runs()
  const { run, tables } = await lake.vacuum({ tables: ['bronze.movies'], retentionHours: 0, dryRun: true })
  expect(run).toBeNull()
  expect(tables).toMatchObject([{ filesBefore: 3, filesAfter: 1 }])
  expect(await dataFiles(lake)).toHaveLength(3)
  expect(await lake.runs()).toEqual(before)
})

it('refuses tables that there are not, lakes without tables, and a longer retention than tables keep note of', async () => {
  const lake = await lakeOf(1)
  await expect(lake.optimize({ tables: ['silver.movie'] })).rejects.toMatchObject({ exitCode: 2 })
  await expect(lake.vacuum({ retentionHours: 200 })).rejects.toMatchObject({ fault: 'mismatch' })
  const empty = await testLake(undefined, { lake: path.join(await tempFolder(), 'none') })
  await expect(empty.optimize()).rejects.toMatchObject({ fault: 'missing' })
})

it('waits for nobody: with a run at work it gives up', async () => {
  const lake = await lakeOf(1)
  const lock = await acquireLock(path.join(lake.root, 'lock.json'), { run_id: 'x', command: 'run' }, () => new Date())
  await expect(lake.optimize()).rejects.toMatchObject({ exitCode: 4 })
  await expect(lake.vacuum()).rejects.toMatchObject({ exitCode: 4 })
  await lock.release()
})
