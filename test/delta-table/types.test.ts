import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { DeltaType } from '../../src/delta/schema.ts'
import {
  createDelta,
  openDelta,
  type DeltaOptions,
  type DeltaRow,
  type DeltaTable,
} from '../../src/delta-table/index.ts'
import { tempFolder } from '../engines/temp-folder.ts'
import { list, map, struct } from './delta-types.ts'

const columns = {
  key: 'integer',
  tiny: 'byte',
  small: 'short',
  big: 'long',
  single: 'float',
  double: 'double',
  exact: 'decimal(38,10)',
  price: 'decimal(5,2)',
  flag: 'boolean',
  text: 'string',
  bytes: 'binary',
  day: 'date',
  at: 'timestamp',
  local: 'timestamp_ntz',
  who: struct({ name: 'string', born: struct({ on: 'date', weight: 'decimal(4,1)' }) }),
  lists: list(list('long')),
  casts: list(struct({ role: 'string', paid: 'binary' })),
  votes: map('string', list(struct({ at: 'timestamp', n: 'long' }))),
  byNumber: map('integer', 'double'),
} satisfies Readonly<Record<string, DeltaType>>

const least: DeltaRow = {
  key: 1,
  tiny: -128,
  small: -32768,
  big: -(2n ** 63n),
  single: Math.fround(0.1),
  double: -1e300,
  exact: '-1234567890123456789012345678.0123456789',
  price: '-1.25',
  flag: false,
  text: '',
  bytes: Buffer.from([0, 255]),
  day: '0001-01-01',
  at: '0001-01-01T00:00:00.000001Z',
  local: '1969-12-31T23:59:59.999999',
  who: { name: 'Ü😀\n"', born: { on: '1582-10-10', weight: '3.5' } },
  lists: [[1, null, 2n ** 60n], null, []],
  casts: [{ role: null, paid: Buffer.from([7]) }, null],
  votes: new Map([
    ['tmdb', [{ at: '1969-12-31T23:59:59.500000Z', n: 5 }, null]],
    ['', null],
  ]),
  byNumber: new Map([[7, 0.5]]),
}
const most: DeltaRow = {
  key: 2,
  tiny: 127,
  small: 32767,
  big: 2n ** 63n - 1n,
  single: 1.5,
  double: 1e300,
  exact: '0.0000000001',
  price: '999.99',
  flag: true,
  text: '\u{10FFFF}',
  bytes: Buffer.from([]),
  day: '9999-12-31',
  at: '9999-12-31T23:59:59.000000Z',
  local: '9999-12-31T00:00:00.000000',
  who: { name: null, born: null },
  lists: [],
  casts: [],
  votes: new Map(),
  byNumber: new Map(),
}
const nothing: DeltaRow = Object.fromEntries(Object.keys(columns).map((name) => [name, name === 'key' ? 3 : null]))
const odd: DeltaRow = { ...nothing, key: 4, single: Number.NaN, double: Number.NEGATIVE_INFINITY }
const all = [least, most, nothing, odd]

async function typed(rows: readonly DeltaRow[], options: DeltaOptions = {}): Promise<readonly [DeltaTable, string]> {
  const folder = path.join(await tempFolder(), 't')
  const table = await createDelta(folder, { columns }, { threads: 1, ...options })
  onTestFinished(() => table.close())
  if (rows.length > 0) await table.append(rows)
  return [table, folder]
}
const sorted = async (table: DeltaTable): Promise<readonly DeltaRow[]> =>
  (await table.collect()).toSorted((a, b) => Number(a['key']) - Number(b['key']))
async function statsOf(folder: string): Promise<string> {
  const commit = await readFile(path.join(folder, '_delta_log/00000000000000000001.json'), 'utf8')
  const line = commit.split('\n').find((one) => one.startsWith('{"add"')) ?? '{}'
  return (JSON.parse(line) as { add: { stats: string } }).add.stats
}

it('reads back each value of each type as it was written', async () => {
  const [table, folder] = await typed(all)
  expect(await sorted(table)).toEqual(all)
  const again = await openDelta(folder, { threads: 1 })
  onTestFinished(() => again.close())
  expect(await sorted(again)).toEqual(all)
})

it('keeps them through overwrites and merges, whether files are rewritten or rows marked', async () => {
  for (const rewriteBytes of [0, 2 ** 30]) {
    const [table] = await typed([least, nothing], { rewriteBytes })
    await table.overwrite(all)
    const swapped = [
      { ...most, key: 1 },
      { ...least, key: 5 },
    ]
    expect(await table.merge(swapped, { on: ['key'] })).toMatchObject({ inserted: 1, updated: 1 })
    expect(await sorted(table)).toEqual([swapped[0], most, nothing, odd, swapped[1]])
    expect(await table.merge([most, nothing], { on: ['key'] })).toMatchObject({ inserted: 0, updated: 0 })
    expect(await table.delete('big = 9223372036854775807 AND key = 1')).toMatchObject({ deleted: 1 })
  }
})

it('keeps them through a checkpoint and an optimize', async () => {
  const [table] = await typed([least, most])
  await table.append([nothing, odd])
  await table.checkpoint()
  await table.optimize()
  expect(await sorted(table)).toEqual(all)
})

it('says of each column what it holds from least to most, exactly, and nothing where that would mislead', async () => {
  const [, folder] = await typed([least, most])
  const stats = await statsOf(folder)
  expect(stats).toContain('"big":-9223372036854775808')
  expect(stats).toContain('"exact":-1234567890123456789012345678.0123456789')
  const { minValues, maxValues, nullCount } = JSON.parse(stats) as Record<string, Record<string, unknown>>
  const bounded = [
    'key',
    'tiny',
    'small',
    'big',
    'single',
    'double',
    'exact',
    'price',
    'text',
    'day',
    'at',
    'local',
    'who',
  ]
  expect(Object.keys(minValues ?? {}).toSorted()).toEqual(bounded.toSorted())
  expect(minValues).toMatchObject({
    tiny: -128,
    price: -1.25,
    text: '',
    day: '0001-01-01',
    at: '0001-01-01T00:00:00.000Z',
    local: '1969-12-31T23:59:59.999',
    who: { born: { on: '1582-10-10', weight: 3.5 } },
  })
  expect(maxValues).toMatchObject({ at: '9999-12-31T23:59:59.000Z', local: '9999-12-31T00:00:00.000', small: 32767 })
  expect(nullCount).toMatchObject({ flag: 0, bytes: 0, who: { name: 1, born: { on: 1 } } })
  expect(nullCount).not.toHaveProperty('lists')
  expect(nullCount).not.toHaveProperty('votes')
})

it('gives no bounds to floats with NaN or an infinity', async () => {
  const [, folder] = await typed([odd, { ...most, key: 5 }])
  const { minValues } = JSON.parse(await statsOf(folder)) as Record<string, object>
  expect(minValues).not.toHaveProperty('single')
  expect(minValues).not.toHaveProperty('double')
})

it('asks newer readers for instants without a zone, and no others', async () => {
  const [, folder] = await typed([])
  const commit = await readFile(path.join(folder, '_delta_log/00000000000000000000.json'), 'utf8')
  expect(commit).toContain('"minReaderVersion":3,"minWriterVersion":7,"readerFeatures":["timestampNtz"]')
  const plain = await createDelta(`${folder}-plain`, { columns: { at: 'timestamp' } }, { threads: 1 })
  onTestFinished(() => plain.close())
  const other = await readFile(path.join(`${folder}-plain`, '_delta_log/00000000000000000000.json'), 'utf8')
  expect(other).toContain('"minReaderVersion":1,"minWriterVersion":2')
  await plain.addColumns({ local: 'timestamp_ntz' })
  expect(await readFile(path.join(`${folder}-plain`, '_delta_log/00000000000000000001.json'), 'utf8')).toContain(
    '"readerFeatures":["timestampNtz"]',
  )
})

describe('partitions', () => {
  it.each<readonly [DeltaType, readonly unknown[], readonly (string | null)[]]>([
    ['long', [2n ** 63n - 1n, null, -5], ['9223372036854775807', null, '-5']],
    ['decimal(10,2)', ['1.50', null], ['1.50', null]],
    ['double', [0.1, Number.NaN, Number.NEGATIVE_INFINITY, null], ['0.1', 'NaN', '-Infinity', null]],
    ['boolean', [true, false, null], ['true', 'false', null]],
    ['date', ['0001-01-01', null], ['0001-01-01', null]],
    ['timestamp', ['1969-12-31T23:59:59.999999Z', null], ['1969-12-31 23:59:59.999999', null]],
    ['timestamp_ntz', ['0999-01-01T00:00:00.500000', null], ['0999-01-01 00:00:00.500000', null]],
    ['string', ['a/b=c %+ü', '__HIVE_DEFAULT_PARTITION__', null], ['a/b=c %+ü', '__HIVE_DEFAULT_PARTITION__', null]],
    ['binary', [Buffer.from('AB'), null], ['AB', null]],
  ])('read back values of %s as they were written', async (type, values, logged) => {
    const folder = path.join(await tempFolder(), 't')
    const definition = { columns: { p: type, n: 'integer' }, partitionBy: ['p'] }
    const table = await createDelta(folder, definition, { threads: 1 })
    onTestFinished(() => table.close())
    const rows = values.map((p, n) => ({ p, n }))
    await table.append(rows)
    expect((await table.collect()).toSorted((a, b) => Number(a['n']) - Number(b['n']))).toEqual(rows)
    expect(new Set((await table.files()).map(({ partition }) => partition['p']))).toEqual(new Set(logged))
  })
})

describe('values of another type', () => {
  it.each([
    ['tiny', 128, '128, not a TINYINT'],
    ['big', 2n ** 63n, 'not a BIGINT'],
    ['big', 2 ** 60, 'not a BIGINT'],
    ['price', '1.255', '"1.255", not a DECIMAL(5,2)'],
    ['price', '1000', 'not a DECIMAL(5,2)'],
    ['price', 'free', 'not a DECIMAL(5,2)'],
    ['bytes', 'AB', 'not a BLOB'],
    ['flag', 1, 'not a BOOLEAN'],
    ['lists', [[1], [2, 'x']], 'at [1][1]'],
    ['casts', [{ roel: 'x' }], 'at [0].roel'],
    ['who', { born: { weight: '1234.5' } }, 'at .born.weight'],
    ['votes', { tmdb: [{ n: 1.5 }] }, 'at [tmdb][0].n'],
  ])('are refused: %s', async (name, value, message) => {
    const [table] = await typed([])
    const written = table.append([{ key: 1, [name]: value }])
    await expect(written).rejects.toMatchObject({ fault: 'mismatch', message: expect.stringContaining(message) })
  })

  it('are taken where they mean the same', async () => {
    const [table] = await typed([])
    await table.append([
      { key: 1, big: 5n, price: 1.5, exact: 10n, at: new Date(0), local: new Date(0), votes: { a: null }, casts: [{}] },
    ])
    expect(await sorted(table)).toMatchObject([
      {
        big: 5,
        price: '1.50',
        exact: '10.0000000000',
        at: '1970-01-01T00:00:00.000000Z',
        local: '1970-01-01T00:00:00.000000',
        votes: new Map([['a', null]]),
        casts: [{ role: null, paid: null }],
      },
    ])
  })
})
