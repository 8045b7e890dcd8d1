import { expect, it, onTestFinished } from 'vitest'
import { openDuckdb } from '../../../src/engines/duckdb/duckdb-engine.ts'
import type { Engine } from '../../../src/engines/engine.ts'
import { bigint, double, stored, string } from '../../../src/table.ts'
import { parquetFiles, rowsIn, rowsOf } from '../test-lake.ts'
import { checkRows } from '../../../src/engines/duckdb/duckdb-constraints.ts'
import type { DeltaField, DeltaType } from '../../../src/delta/schema.ts'
import { features, field, handmade, metaData } from './handmade-table.ts'

const note = { runId: 'run-1' }
const films = stored({
  name: 't',
  grain: 'one row per film',
  key: ['id'],
  columns: {
    id: bigint('id'),
    title: string('title', { nullable: true }),
    rating: double('rating', { nullable: true }),
  },
})
const film = (id: number | null, title: string | null = 'A', rating: number | null = 5) => ({ id, title, rating })

/** A table of one film with these rules, as Spark would have made it. */
async function ruled(
  configuration: Record<string, string>,
  id: Partial<DeltaField> = {},
): Promise<Engine & { readonly root: string }> {
  const t = await handmade()
  const columns = [{ ...field('id', 'long'), ...id }, field('title', 'string'), field('rating', 'double')]
  const protocol = features([], ['checkConstraints', 'invariants', 'appendOnly', 'changeDataFeed'])
  const first = await t.file('a.parquet', "SELECT 1::BIGINT AS id, 'A' AS title, 5.0::DOUBLE AS rating")
  await t.commit(0, protocol, metaData(columns, configuration), first)
  const engine = await openDuckdb({ root: t.root, threads: 2, memoryLimit: '1GB' })
  onTestFinished(() => engine.close())
  return Object.assign(engine, { root: t.root })
}

it('refuses rows that break a CHECK constraint, by append, overwrite and merge, and leaves no file', async () => {
  const lake = await ruled({ 'delta.constraints.good': 'rating >= 0 and length(title) < 5' })
  const broken = /t: 2 rows break the CHECK constraint good \(rating >= 0 and length\(title\) < 5\): \{"id":[23]/
  const rows = [film(2, 'too long'), film(3, 'B', -1)]
  await expect(lake.append(films, rows, note)).rejects.toThrow(broken)
  await expect(lake.overwrite(films, rowsOf(films, rows))).rejects.toThrow(broken)
  await expect(lake.merge(films, rowsOf(films, rows))).rejects.toMatchObject({ fault: 'mismatch' })
  expect(await parquetFiles(lake.root, 't')).toEqual(['a.parquet'])
})

it('writes rows that keep to it', async () => {
  const lake = await ruled({ 'delta.constraints.good': 'rating >= 0' })
  await lake.append(films, [film(2)], note)
  await (await lake.merge(films, rowsOf(films, [film(1, 'B'), film(3)]))).commit(note)
  expect((await rowsIn(lake, films)).map(({ title }) => title)).toEqual(['B', 'A', 'A'])
})

it('takes a condition that is null for broken', async () => {
  const lake = await ruled({ 'delta.constraints.good': 'rating >= 0' })
  await expect(lake.append(films, [film(2, 'A', null)], note)).rejects.toThrow('a row breaks the CHECK constraint good')
})

it('refuses null where a column may not hold it', async () => {
  const lake = await ruled({}, { nullable: false })
  await expect(lake.append(films, [film(null)], note)).rejects.toThrow('t: a row breaks NOT NULL on id')
  await lake.append(films, [film(2, null)], note)
  expect(await rowsIn(lake, films)).toHaveLength(2)
})

it('refuses rows that break the invariant of a column', async () => {
  const invariants = { 'delta.invariants': '{"expression":{"expression":"id > 0"}}' }
  const lake = await ruled({}, { metadata: invariants })
  await expect(lake.append(films, [film(-1)], note)).rejects.toThrow('a row breaks the invariant of id (id > 0)')
})

it('only inserts into a table that is never changed, or whose changes somebody follows', async () => {
  for (const property of ['delta.appendOnly', 'delta.enableChangeDataFeed']) {
    const lake = await ruled({ [property]: 'true' })
    await lake.append(films, [film(2)], note)
    await (await lake.merge(films, rowsOf(films, [film(1), film(3)]))).commit(note)
    await expect(lake.merge(films, rowsOf(films, [film(1, 'B')]))).rejects.toMatchObject({ fault: 'unsupported' })
    expect(await rowsIn(lake, films)).toHaveLength(3)
  }
})

const required = (name: string, type: DeltaType): DeltaField => ({ ...field(name, type), nullable: false })
const inner: DeltaType = { type: 'struct', fields: [required('a', 'integer')] }

it.each<readonly [type: DeltaType, good: string, bad: string, name: string]>([
  [inner, '{a: 1}', '{a: NULL::INT}', 'c.a'],
  [inner, 'NULL::STRUCT(a INT)', '{a: NULL::INT}', 'c.a'],
  [{ type: 'array', elementType: 'integer', containsNull: false }, '[1]', '[1, NULL]', 'c.element'],
  [{ type: 'array', elementType: inner, containsNull: true }, '[NULL, {a: 1}]', '[{a: NULL::INT}]', 'c.element.a'],
  [
    { type: 'map', keyType: 'string', valueType: inner, valueContainsNull: false },
    "map {'k': {a: 1}}",
    "map {'k': NULL::STRUCT(a INT)}",
    'c.value',
  ],
])('looks for null at any depth: %j', async (type, good, bad, name) => {
  const t = await handmade()
  await t.commit(0, features([]), metaData([field('c', type)]))
  const snapshot = await t.read()
  const check = (value: string): Promise<void> => checkRows(t.session, snapshot, async () => `SELECT ${value} AS c`)
  await check(good)
  await expect(check(bad)).rejects.toThrow(`t: a row breaks NOT NULL on ${name}`)
})

it.each([
  ['f > 0.1', true],
  ['f <= 0.1', false],
  ["s >= 'Z' and s like '_a%'", true],
  ["d between '2020-01-01' and date '2020-12-31'", true],
  ['w.n <=> 5 and w.n in (4, 5)', true],
  ["not (s = 'x' or b)", false],
  ['n + 1 = 3 and n * 2 - 1 = 3', true],
  ['p > 1.25 and p < 2', true],
])('means by %s what Spark does', async (sql, expected) => {
  const t = await handmade()
  const columns = [
    field('f', 'float'),
    field('s', 'string'),
    field('d', 'date'),
    field('w', { type: 'struct', fields: [field('n', 'integer')] }),
    field('b', 'boolean'),
    field('n', 'integer'),
    field('p', 'decimal(5,2)'),
  ]
  await t.commit(0, features([], ['checkConstraints']), metaData(columns, { 'delta.constraints.c': sql }))
  const row = `SELECT 0.1::FLOAT AS f, 'ball' AS s, DATE '2020-02-29' AS d, {n: 5} AS w, true AS b, 2 AS n, 1.5::DECIMAL(5,2) AS p`
  const checked = checkRows(t.session, await t.read(), async () => row).then(
    () => true,
    () => false,
  )
  expect(await checked).toBe(expected)
})
