import { expect, it, onTestFinished } from 'vitest'
import {
  createDelta,
  openDelta,
  type DeltaRow,
  type DeltaTable,
  type TableDefinition,
} from '../../src/delta-table/index.ts'
import { readCommit } from '../../src/delta/log.ts'
import { LocalStorage } from '../../src/delta/local-storage.ts'
import { tempFolder } from '../engines/temp-folder.ts'
import { features, field, handmade, metaData } from '../engines/duckdb/handmade-table.ts'
import { list, struct } from './delta-types.ts'

const widening = { 'delta.enableTypeWidening': 'true' }

async function made(
  definition: TableDefinition,
  rows: readonly DeltaRow[] = [],
): Promise<readonly [DeltaTable, string]> {
  const folder = `${await tempFolder()}/t`
  const table = await createDelta(folder, { properties: widening, ...definition }, { threads: 1 })
  onTestFinished(() => table.close())
  if (rows.length > 0) await table.append(rows)
  return [table, folder]
}
const sorted = async (table: DeltaTable): Promise<readonly DeltaRow[]> =>
  (await table.collect()).toSorted((a, b) => Number(a['key']) - Number(b['key']))

it.each([
  ['byte', 'short', -128, -128, 32767],
  ['short', 'integer', 32767, 32767, 2 ** 31 - 1],
  ['integer', 'long', 7, 7, 2n ** 60n],
  ['float', 'double', 0.1, Math.fround(0.1), 0.1],
  ['integer', 'double', 7, 7, 0.5],
  ['byte', 'decimal(12,2)', 7, '7.00', '1234567890.25'],
  ['long', 'decimal(20,0)', 2n ** 60n, String(2n ** 60n), '99999999999999999999'],
  ['decimal(5,2)', 'decimal(7,4)', '1.25', '1.2500', '999.9999'],
  ['date', 'timestamp_ntz', '2020-02-29', '2020-02-29T00:00:00.000000', '2020-02-29T10:45:30.000001'],
])('widens %s to %s: what was there stays, and more fits', async (from, to, old, oldAfter, wide) => {
  const [table] = await made({ columns: { key: 'long', v: from } }, [{ key: 1, v: old }])
  expect(await table.widenColumn('v', to)).toBe(2)
  await table.append([{ key: 2, v: wide }])
  expect(await sorted(table)).toEqual([
    { key: 1, v: oldAfter },
    { key: 2, v: wide },
  ])
  expect((await table.schema())[1]?.type).toBe(to)
  expect((await table.collect({ version: 1 }))[0]).toEqual({ key: 1, v: from === 'float' ? Math.fround(0.1) : old })
})

it('finds old and new rows by conditions, changes them, and writes them together', async () => {
  const [table] = await made({ columns: { key: 'long', v: 'integer' } }, [{ key: 1, v: 5 }])
  await table.widenColumn('v', 'long')
  await table.append([{ key: 2, v: 2n ** 60n }])
  expect(await table.files({ where: 'v = 5' })).toHaveLength(1)
  expect(await table.collect({ where: 'v >= 6' })).toEqual([{ key: 2, v: 2n ** 60n }])
  await table.merge([{ key: 1, v: 2n ** 61n }], { on: ['key'] })
  await table.optimize()
  expect(await sorted(table)).toEqual([
    { key: 1, v: 2n ** 61n },
    { key: 2, v: 2n ** 60n },
  ])
})

it('widens within structs and lists, in partitions too', async () => {
  const columns = { key: 'integer', day: 'short', who: struct({ age: 'integer' }), votes: list('integer') }
  const [table] = await made({ columns, partitionBy: ['day'] }, [{ key: 1, day: 7, who: { age: 5 }, votes: [1] }])
  await table.widenColumn(['who', 'age'], 'long')
  await table.widenColumn(['votes', 'element'], 'long')
  await table.widenColumn('day', 'long')
  const wide = { key: 2, day: 2n ** 60n, who: { age: 2n ** 60n }, votes: [2n ** 60n] }
  await table.append([wide])
  expect(await sorted(table)).toEqual([{ key: 1, day: 7, who: { age: 5 }, votes: [1] }, wide])
})

it('asks readers and writers to know of widened types as soon as the property is set, and only then', async () => {
  const [, folder] = await made({ columns: { key: 'long' } })
  const features = { readerFeatures: ['typeWidening'], writerFeatures: ['appendOnly', 'invariants', 'typeWidening'] }
  const protocol = { minReaderVersion: 3, minWriterVersion: 7, ...features }
  expect(await readCommit(new LocalStorage(folder), 0)).toContainEqual({ protocol })
  const [plain, other] = await made({ columns: { key: 'integer' }, properties: {} })
  await expect(plain.widenColumn('key', 'long')).rejects.toMatchObject({
    fault: 'unsupported',
    message: expect.stringContaining('delta.enableTypeWidening is not set'),
  })
  await plain.setProperties(widening)
  expect(await readCommit(new LocalStorage(other), 1)).toContainEqual({ protocol })
  await plain.widenColumn('key', 'long')
  expect((await plain.history())[0]).toMatchObject({ operation: 'CHANGE COLUMN' })
})

it('widens no column that a constraint is about, and no floats in partitions', async () => {
  const t = await handmade()
  const constraint = { ...widening, 'delta.constraints.few': 'who.n < 100' }
  const columns = [field('who', struct({ n: 'integer', m: 'integer' })), field('p', 'float')]
  await t.commit(0, features(['typeWidening'], ['checkConstraints']), metaData(columns, constraint, ['p']))
  const table = await openDelta(t.storage.root, { threads: 1 })
  onTestFinished(() => table.close())
  await expect(table.widenColumn(['who', 'n'], 'long')).rejects.toThrow('because of the CHECK constraint few')
  await expect(table.widenColumn('p', 'double')).rejects.toThrow('floats by which a table is partitioned')
  expect(await table.widenColumn(['who', 'm'], 'long')).toBe(1)
})

it('leaves out no file whose bounds are those of floats', async () => {
  const t = await handmade()
  const stats = { stats: '{"numRecords":1,"minValues":{"v":0.1},"maxValues":{"v":0.1},"nullCount":{"v":0}}' }
  const columns = [field('v', 'double', { 'delta.typeChanges': [{ fromType: 'float', toType: 'double' }] })]
  await t.commit(
    0,
    features(['typeWidening']),
    metaData(columns),
    await t.file('a.parquet', 'SELECT 0.1::FLOAT AS v', { add: stats }),
  )
  const table = await openDelta(t.storage.root, { threads: 1 })
  onTestFinished(() => table.close())
  expect(await table.collect({ where: 'v = 0.10000000149011612' })).toEqual([{ v: Math.fround(0.1) }])
})

it('gives floats bounds that hold when they are doubles', async () => {
  const [, folder] = await made({ columns: { v: 'float' } }, [{ v: 0.1 }])
  const commit = await readCommit(new LocalStorage(folder), 1)
  expect(commit.find(({ add }) => add)?.add?.stats).toContain('"maxValues":{"v":0.10000000149011612}')
})
