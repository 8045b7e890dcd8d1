import { expect, it, onTestFinished } from 'vitest'
import { DeltaTable } from '../../src/delta-table/index.ts'
import { DuckdbSession } from '../../src/engines/duckdb/duckdb-session.ts'
import { DuckdbVectors } from '../../src/engines/duckdb/duckdb-vectors.ts'
import { DuckdbWriter } from '../../src/engines/duckdb/duckdb-write.ts'
import { field, handmade, metaData, plain } from '../engines/duckdb/handmade-table.ts'

/** A table of 100 rows of which single ones are hidden, and how many vectors are in memory. */
async function hidden(): Promise<{ table: DeltaTable; loaded: () => Promise<number> }> {
  const t = await handmade()
  await t.commit(0, plain, metaData([field('id', 'long')]))
  const { log, storage } = t
  const session = await DuckdbSession.open({ threads: 1 })
  await session.run('CREATE SCHEMA stage')
  const vectors = await DuckdbVectors.open(session)
  const writer = new DuckdbWriter(session, log, vectors, 0)
  const table = new DeltaTable({ place: { table: 't', storage }, session, log, vectors, writer })
  onTestFinished(() => table.close())
  await table.append({ sql: 'SELECT i AS id FROM range(100) r(i)' })
  const loaded = async (): Promise<number> => {
    const [row] = await session.rows('SELECT count(DISTINCT vector) AS n FROM lake.deleted')
    return Number(row?.['n'])
  }
  return { table, loaded }
}

it('keeps one deletion vector a file in memory, however often rows are deleted', async () => {
  const { table, loaded } = await hidden()
  for (const id of [1, 2, 3, 4]) {
    await table.delete(`id = ${id}`)
    expect(await table.collect()).toHaveLength(100 - id)
  }
  expect(await loaded()).toBe(1)
  expect(await table.collect({ version: 3 })).toHaveLength(98)
  expect(await table.collect()).toHaveLength(96)
})

it('lets go of none as long as rows are being read', async () => {
  const { table, loaded } = await hidden()
  await table.delete('id = 1')
  const reading = table.batches()
  const first = await reading.next()
  await table.delete('id = 2')
  expect(await table.collect()).toHaveLength(98)
  expect(await loaded()).toBe(2)
  let count = first.value?.length ?? 0
  for await (const batch of reading) count += batch.length
  expect(count).toBe(99)
  expect(await loaded()).toBe(1)
})
