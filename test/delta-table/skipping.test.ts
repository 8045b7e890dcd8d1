import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createDelta, type DeltaRow, type DeltaTable } from '../../src/delta-table/index.ts'
import type { DeltaType } from '../../src/delta/schema.ts'
import { tempFolder } from '../engines/temp-folder.ts'

const field = (name: string, type: DeltaType) => ({ name, type, nullable: true, metadata: {} })
const columns: Readonly<Record<string, DeltaType>> = {
  id: 'long',
  n: 'integer',
  d: 'double',
  s: 'string',
  day: 'date',
  seen: 'timestamp',
  price: 'decimal(38,10)',
  who: { type: 'struct', fields: [field('age', 'long')] },
}
// values of each column, from the least to the greatest, as literals of DuckDB
const literals: Readonly<Record<string, readonly string[]>> = {
  id: ['-9223372036854775807', '-5', '0', '9007199254740992', '9007199254740993', '9223372036854775807'],
  n: ['-1', '0', '1', '2', '7', '2147483647'],
  d: ["CAST('-Infinity' AS DOUBLE)", '-1.5', '0.0', '0.15134645747862545', '1e300', "CAST('NaN' AS DOUBLE)"],
  s: ["''", `'${'a'.repeat(32)}\u{10FFFF}b'`, `'${'x'.repeat(40)}a'`, `'${'x'.repeat(40)}b'`, "'～'", "'😀'"],
  day: [
    "DATE '0001-01-01'",
    "'1969-12-31'",
    "DATE '1970-01-01'",
    "'2025-12-09'",
    "DATE '2025-12-10'",
    "DATE '9999-12-31'",
  ],
  seen: [
    "TIMESTAMPTZ '0001-01-01 00:00:00.000001+00'",
    "'2025-12-09 10:45:30.000999'",
    "TIMESTAMPTZ '2025-12-09 10:45:30.001+00'",
    "CAST('2025-12-09T10:45:30.001999Z' AS TIMESTAMPTZ)",
    "TIMESTAMP '2025-12-09 12:00:00'",
    "TIMESTAMPTZ '9999-12-31 23:59:59.999999+00'",
  ],
  price: [
    '-0.0000000001',
    '0',
    '0.0000000001',
    '99',
    '12345.5',
    "CAST('12345678901234567890.0000000001' AS DECIMAL(38,10))",
  ],
  'who.age': ['-1', '0', '5', '6', '9007199254740993', '9007199254740994'],
}
// numbers of other kinds, beside which DuckDB makes a column another type, or which it makes the column's
const strangers = ['1e19', '-1e300', '2', '9007199254740993', '9007199254740992.5', '0.15134645747862545', '12345.50000000000000001'] // prettier-ignore
const numbers = new Set(['id', 'n', 'd', 'price', 'who.age'])
const typeOf = { d: 'DOUBLE', day: 'DATE', seen: 'TIMESTAMPTZ', price: 'DECIMAL(38,10)' } as Readonly<
  Record<string, string>
>

let table: DeltaTable
beforeAll(async () => {
  table = await createDelta(await tempFolder(afterAll), { columns }, { threads: 1 })
  // two neighbouring values of each column to a file, and one file with nothing in it
  for (let at = 0; at < 5; at += 1) {
    const row = (i: number): string =>
      `SELECT ${Object.keys(columns)
        .map((name) => {
          const value = literals[name === 'who' ? 'who.age' : name]?.[i] ?? 'NULL'
          return name === 'who'
            ? `{age: CAST(${value} AS BIGINT)} AS who`
            : `CAST(${value} AS ${typeOf[name] ?? (name === 's' ? 'VARCHAR' : 'BIGINT')}) AS ${name}`
        })
        .join(', ')}`
    await table.append({ sql: `${row(at)} UNION ALL ${row(at + 1)}` })
  }
  await table.append([{ id: 1 }])
})
afterAll(() => table.close())

const comparison = fc
  .constantFrom(...Object.keys(literals))
  .chain((column) => {
    const literal = fc.constantFrom(...(literals[column] ?? []), ...(numbers.has(column) ? strangers : []))
    return fc.tuple(
      fc.constant(column),
      fc.oneof(
        { weight: 2, arbitrary: fc.constantFrom('IN', 'BETWEEN') },
        { weight: 3, arbitrary: fc.constantFrom('=', '<', '<=', '>', '>=', '<>', 'IS NULL', 'IS NOT NULL') },
      ),
      literal,
      literal,
      fc.boolean(),
    )
  })
  .map(([column, operator, a, b, isTurned]) => {
    if (operator.startsWith('IS')) return `${column} ${operator}`
    if (operator === 'IN') return `${column} IN (${a}, ${b})`
    if (operator === 'BETWEEN') return `${column} BETWEEN ${a} AND ${b}`
    return isTurned ? `${a} ${operator} ${column}` : `${column} ${operator} ${a}`
  })
const condition = fc.letrec<{ all: string }>((tie) => ({
  all: fc.oneof(
    { maxDepth: 2, withCrossShrink: true },
    comparison,
    comparison,
    fc
      .tuple(tie('all'), fc.constantFrom('AND', 'OR'), tie('all'))
      .map(([a, operator, b]) => `(${a}) ${operator} (${b})`),
    tie('all').map((one) => `NOT (${one})`),
  ),
})).all

it('answers every condition as if no file were left out', async () => {
  const asText = (rows: readonly DeltaRow[]): readonly string[] =>
    rows
      .map((row) => JSON.stringify(row, (_, value: unknown) => (typeof value === 'bigint' ? `${value}` : value)))
      .toSorted()
  await fc.assert(
    fc.asyncProperty(condition, async (where) => {
      // no file is left out for what a function says
      const whole = await table.collect({ where: `coalesce(${where}, false)` })
      expect(asText(await table.collect({ where }))).toEqual(asText(whole))
    }),
    { numRuns: 200 },
  )
}, 30_000)

it.each([
  ['id = 9007199254740993', 2],
  ["day >= DATE '9999-01-01'", 1],
  ["seen = TIMESTAMPTZ '2025-12-09 12:00:00+00'", 2],
  ['price IN (12345.5) AND id > 0', 2],
  ['who.age = 9007199254740994', 1],
  ["s < ''", 0],
  ['lower(s) = s AND n IS NULL', 1],
])('reads few files for %s', async (where, count) => {
  expect(await table.files()).toHaveLength(6)
  expect(await table.files({ where })).toHaveLength(count)
})

it.each([
  ['long', '9007199254740992', 'c BETWEEN 9007199254740993 AND 1e19'],
  ['long', '9007199254740992', '9007199254740993 IN (c, d)'],
  ['decimal(18,2)', '1234567890123456.71', 'c BETWEEN 1234567890123456.72 AND 1e17'],
])('finds in a %s of %s what is compared as a double by %s', async (type, value, where) => {
  const ours = await createDelta(await tempFolder(), { columns: { c: type, d: 'double' } })
  await ours.append({ sql: `SELECT ${value} AS c, 1.5 AS d` })
  expect(await ours.collect({ where })).toHaveLength(1)
  expect(await ours.delete(where)).toMatchObject({ deleted: 1 })
  await ours.close()
})

it.each(['0.15134645747862545', "CAST('0.1' AS DECIMAL(38,25))", `0.${'0'.repeat(23)}7`, `0.${'0'.repeat(20)}7`])(
  'finds the double that DuckDB makes of the decimal %s',
  async (decimal) => {
    const ours = await createDelta(await tempFolder(), { columns: { x: 'double' } })
    await ours.append({ sql: `SELECT CAST(${decimal} AS DOUBLE) AS x` })
    expect(await ours.collect({ where: `x = ${decimal}` })).toHaveLength(1)
    await ours.close()
  },
)

it('reads every file for a number beyond all doubles', async () => {
  expect(await table.files({ where: 'd < 1e400' })).toHaveLength(6)
})

it('finds the row of a key that goes on behind U+10FFFF', async () => {
  const ours = await createDelta(await tempFolder(), { columns: { key: 'string', n: 'long' } })
  const key = `${'a'.repeat(32)}\u{10FFFF}b`
  await ours.append([{ key, n: 1 }])
  expect(await ours.merge([{ key, n: 2 }], { on: ['key'] })).toMatchObject({ updated: 1, inserted: 0 })
  await ours.close()
})

it('deletes and updates what lies in the files that a condition may hold for, and in no other', async () => {
  const ours = await createDelta(await tempFolder(), { columns: { id: 'long', name: 'string' } })
  for (let id = 0; id < 4; id += 1)
    await ours.append([
      { id, name: `n${id}` },
      { id: id + 10, name: 'x' },
    ])
  const before = (await ours.files()).map(({ path }) => path)
  expect(await ours.delete('id = 13')).toMatchObject({ deleted: 1 })
  expect(await ours.update('id = 12', { name: "'y'" })).toMatchObject({ updated: 1 })
  const after = new Set((await ours.files()).map(({ path }) => path))
  expect(before.map((path) => after.has(path))).toEqual([true, true, false, false])
  expect((await ours.collect({ where: "name = 'y'" })).map(({ id }) => id)).toEqual([12])
  await ours.close()
})
