import { describe, expect, it } from 'vitest'
import { writeVectors } from '../../../src/delta/deletion-vector.ts'
import { between, filesThatMayHold } from '../../../src/delta/skipping.ts'
import { features, field, handmade, mapped, metaData, plain } from './handmade-table.ts'

const protocol = { protocol: { minReaderVersion: 2, minWriterVersion: 5 } }
const byName = { 'delta.columnMapping.mode': 'name' }
const byId = { 'delta.columnMapping.mode': 'id' }
const array = (elementType: object | string) => ({ type: 'array', elementType, containsNull: true }) as never
const struct = (...fields: readonly object[]) => ({ type: 'struct', fields }) as never

// a table all of whose columns, at any depth, have been renamed
const renamed = [
  mapped('movie id', 'long', 1, 'c1'),
  mapped('who', struct(mapped('name', 'string', 3, 'c3'), mapped('age', 'integer', 4, 'c4')), 2, 'c2'),
  mapped('cast', array(struct(mapped('role', 'string', 6, 'c6'))), 5, 'c5'),
  mapped(
    'votes',
    {
      type: 'map',
      keyType: 'string',
      valueType: struct(mapped('n', 'long', 8, 'c8')),
      valueContainsNull: true,
    } as never,
    7,
    'c7',
  ),
]
const row = {
  'movie id': 1,
  who: { name: 'A', age: 7 },
  cast: [{ role: 'x' }, null],
  votes: { tmdb: { n: 5 }, imdb: null },
}
const stored = `SELECT 1::BIGINT AS c1, {c3: 'A', c4: 7} AS c2, [{c6: 'x'}, NULL] AS c5, map {'tmdb': {c8: 5::BIGINT}, 'imdb': NULL} AS c7`
const ids = `{c1: 1, c2: {__duckdb_field_id: 2, c3: 3, c4: 4}, c5: {__duckdb_field_id: 5, element: {c6: 6}}, c7: {__duckdb_field_id: 7, value: {c8: 8}}}`

it('finds columns by their physical names, at any depth', async () => {
  const t = await handmade()
  await t.commit(0, protocol, metaData(renamed, byName), await t.file('a.parquet', stored))
  expect(await t.rows()).toEqual([row])
})

it('gives null for a struct, a list and a map that are null', async () => {
  const t = await handmade()
  const nothing = `SELECT c1, NULLIF(c2, c2) AS c2, NULLIF(c5, c5) AS c5, NULLIF(c7, c7) AS c7 FROM (${stored})`
  await t.commit(0, protocol, metaData(renamed, byName), await t.file('a.parquet', nothing))
  expect(await t.rows()).toEqual([{ 'movie id': 1, who: null, cast: null, votes: null }])
})

it('finds partition values and bounds by physical names', async () => {
  const t = await handmade()
  const columns = [mapped('id', 'long', 1, 'c1'), mapped('day', 'date', 2, 'c2')]
  const add = { partitionValues: { c2: '2025-12-09' }, stats: '{"minValues":{"c1":5},"maxValues":{"c1":5}}' }
  const file = await t.file('a.parquet', 'SELECT 5::BIGINT AS c1', { add })
  await t.commit(0, protocol, metaData(columns, byName, ['day']), file)
  expect(await t.rows()).toEqual([{ id: 5, day: '2025-12-09' }])
  const snapshot = await t.read()
  const within = (column: string, min: string, max: string) =>
    filesThatMayHold(snapshot, between(snapshot.schema, column, min, max))
  expect(within('id', '6', '7')).toEqual([])
  expect(within('day', '2025-12-09', '2025-12-09')).toHaveLength(1)
})

it('does not show what a dropped column held in a new column of the same name', async () => {
  const t = await handmade()
  const old = await t.file('a.parquet', "SELECT 1::BIGINT AS id, {a: 1, b: 'old'} AS s, 'old' AS title")
  const columns = [
    mapped('id', 'long', 1, 'id'),
    mapped('s', struct(mapped('a', 'integer', 3, 'a'), mapped('b', 'string', 6, 'col-6')), 2, 's'),
    mapped('title', 'string', 5, 'col-5'),
  ]
  await t.commit(0, protocol, metaData(columns, byName), old)
  expect(await t.rows()).toEqual([{ id: 1, s: { a: 1, b: null }, title: null }])
})

it('reads a struct of which a file has no field that is left', async () => {
  const t = await handmade()
  const file = await t.file('a.parquet', 'SELECT {gone: 1} AS s UNION ALL SELECT NULL')
  const columns = [mapped('s', struct(mapped('a', 'integer', 3, 'col-3')), 1, 's')]
  await t.commit(0, protocol, metaData(columns, byName), file)
  expect(await t.rows()).toEqual([{ s: null }, { s: { a: null } }])
})

it('leaves out rows behind deletion vectors', async () => {
  const t = await handmade()
  const { vectors } = await writeVectors(t.storage, [[1]])
  const file = await t.file('a.parquet', 'SELECT i::BIGINT AS c1 FROM range(3) r(i)', {
    add: { deletionVector: vectors[0] },
  })
  const both = features(['columnMapping', 'deletionVectors'])
  await t.commit(0, both, metaData([mapped('id', 'long', 1, 'c1')], byName), file)
  expect(await t.rows()).toEqual([{ id: 0 }, { id: 2 }])
})

it('does not heed the property where the protocol knows no column mapping', async () => {
  const t = await handmade()
  const columns = [mapped('id', 'long', 1, 'col-1')]
  for (const [version, known] of [plain, features(['deletionVectors'])].entries())
    await t.commit(version, known, metaData(columns, byName), await t.file(`${version}.parquet`, 'SELECT 7 AS id'))
  expect(await t.rows()).toEqual([{ id: 7 }, { id: 7 }])
})

it('refuses a column without a physical name', async () => {
  const t = await handmade()
  await t.commit(0, protocol, metaData([field('id', 'long')], byName), await t.file('a.parquet', 'SELECT 1 AS id'))
  await expect(t.rows()).rejects.toMatchObject({ fault: 'corrupt', message: expect.stringContaining('column id') })
})

describe('by id', () => {
  it('finds columns by the numbers in each file, whatever they are called there', async () => {
    const t = await handmade()
    const other = stored.replace(/c(\d)/g, 'other$1')
    await t.commit(
      0,
      protocol,
      metaData(renamed, byId),
      await t.file('a.parquet', stored, { fieldIds: ids }),
      await t.file('b.parquet', other, { fieldIds: ids.replace(/c(\d)/g, 'other$1') }),
    )
    expect(await t.rows()).toEqual([row, row])
  })

  it('gives null for a number that a file lacks, though it has the name', async () => {
    const t = await handmade()
    const columns = [mapped('id', 'long', 1, 'c1'), mapped('title', 'string', 9, 'c2')]
    const file = await t.file('a.parquet', "SELECT 1::BIGINT AS c1, 'x' AS c2", { fieldIds: '{c1: 1, c2: 2}' })
    await t.commit(0, protocol, metaData(columns, byId), file)
    expect(await t.rows()).toEqual([{ id: 1, title: null }])
  })

  it('refuses a file without numbers', async () => {
    const t = await handmade()
    const file = await t.file('a.parquet', 'SELECT 1::BIGINT AS c1')
    await t.commit(0, protocol, metaData([mapped('id', 'long', 1, 'c1')], byId), file)
    await expect(t.rows()).rejects.toMatchObject({
      fault: 'unsupported',
      message: expect.stringContaining('a.parquet: has no field ids'),
    })
  })
})
