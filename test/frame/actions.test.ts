import { afterAll, expect, it } from 'vitest'
import type { QueryEngine, Row } from '../../src/frame/engine.ts'
import { count, lit, sql, sqlColumn, type Frame } from '../../src/frame/index.ts'
import { StoppedError } from '../../src/errors.ts'
import { sparkDialect } from '../../src/engines/spark/spark-dialect.ts'
import { relation } from '../../src/table.ts'
import { openEngine } from './engines.ts'
import { one } from './cases/values.ts'

const engine = await openEngine()
afterAll(() => engine.close())

const numbers = (n: number): Frame<{ id: 'bigint' }> =>
  relation(`(SELECT range AS id FROM range(${n}))`, { id: 'bigint' }, engine)
// a product of rows that no optimizer can cut short
const endless = numbers(100_000)
  .joinOn(numbers(100_000).rename({ id: 'other' }), (l, r) => l.id.plus(r.other).mod(7).eq(3))
  .agg(() => ({ n: count() }))

it('collect answers all rows, each an object', async () => {
  expect(await numbers(3).collect()).toEqual([{ id: 0 }, { id: 1 }, { id: 2 }])
})

it('count counts rows, also of no rows and of a limit', async () => {
  expect(await numbers(2500).count()).toBe(2500)
  expect(await numbers(0).count()).toBe(0)
  expect(await numbers(10).limit(3).count()).toBe(3)
})

it('first answers a row, or undefined when there is none', async () => {
  expect(
    await numbers(5)
      .orderBy((c) => [c.id.desc()])
      .first(),
  ).toEqual({ id: 4 })
  expect(await numbers(0).first()).toBeUndefined()
})

it('batches answers all rows in several parts', async () => {
  const sizes: number[] = []
  for await (const batch of numbers(10_000).batches()) sizes.push(batch.length)
  expect(sizes.length).toBeGreaterThan(1)
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(10_000)
})

it('leaving the loop early leaves the engine free for the next query', async () => {
  let seen = 0
  for await (const row of numbers(3_000_000).rows()) {
    seen += row.id >= 0 ? 1 : 0
    if (seen === 10) break
  }
  expect(seen).toBe(10)
  expect(await numbers(5).count()).toBe(5)
})

it('leaving the loop closes the engine’s own loop', async () => {
  let isClosed = false
  const source: QueryEngine = {
    dialect: engine.dialect,
    explain: () => Promise.resolve(''),
    async *query(): AsyncGenerator<readonly Row[], void, undefined> {
      try {
        while (true) yield await Promise.resolve([{ id: 1 }])
      } finally {
        isClosed = true
      }
    },
  }
  for await (const row of relation<{ id: 'int' }>('t', { id: 'int' }, source).rows()) if (row.id === 1) break
  expect(isClosed).toBe(true)
})

it('a signal stops the query under way', async () => {
  const startMs = performance.now()
  await expect(endless.collect(AbortSignal.timeout(200))).rejects.toThrow(StoppedError)
  expect(performance.now() - startMs).toBeLessThan(60_000)
})

it('a signal that has come before stops the query before it starts', async () => {
  await expect(endless.first(AbortSignal.abort())).rejects.toThrow(StoppedError)
})

it('a number beyond 2^53 is an error that names the column, never rounded', async () => {
  const beyond = one(engine).select(() => ({ views: sqlColumn('bigint')`9007199254740993` }))
  await expect(beyond.collect()).rejects.toThrow(/views.*9007199254740993/)
})

it('integers that overflow are an error', async () => {
  const most = lit(2_147_483_647, 'int')
  await expect(
    one(engine)
      .select((c) => ({ x: most.plus(c.one) }))
      .collect(),
  ).rejects.toThrow(/overflow/i)
})

it('explain tells the engine’s plan', async () => {
  expect(await numbers(3).explain()).toMatch(/RANGE/i)
})

it('a frame that belongs to no engine tells so', async () => {
  const loose = relation<{ id: 'int' }>('t', { id: 'int' })
  await expect(loose.collect()).rejects.toThrow('this frame belongs to no engine: open it from a lake')
  expect(() => loose.toSql()).toThrow(TypeError)
  expect(loose.toSql(sparkDialect)).toBe('SELECT `id`\nFROM t')
})

it('SQL of one’s own runs on the engine of whichever frame in it has one', () => {
  const unopened = relation<{ id: 'bigint' }>('t', { id: 'bigint' })
  expect(sql({ n: 'bigint' })`select 1 as n from ${unopened}, ${numbers(1)}`.engine).toBe(engine)
})

it('frames of two engines do not mix', () => {
  const other: QueryEngine = { ...engine, dialect: engine.dialect, explain: () => Promise.resolve('') } as QueryEngine
  const elsewhere = relation<{ id: 'bigint' }>('t', { id: 'bigint' }, other)
  expect(() => numbers(1).unionByName(elsewhere)).toThrow('two frames of different engines')
  expect(() => numbers(1).join(elsewhere, ['id'], 'semi')).toThrow('two frames of different engines')
  expect(() => sql({ n: 'bigint' })`select 1 as n from ${numbers(1)}, ${elsewhere}`).toThrow('of different engines')
})
