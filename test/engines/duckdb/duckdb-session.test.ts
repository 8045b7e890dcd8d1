import { existsSync, readdirSync } from 'node:fs'
import { expect, it } from 'vitest'
import { sql } from '../../../src/frame/index.ts'
import { tempFolder } from '../temp-folder.ts'
import { movies, queryOf, rowsOf, testLake } from '../test-lake.ts'

const slow = 'select sum(a.i * b.i % 7)::bigint as n from range(1000000) a(i), range(1000000) b(i)'

it('decodes each type as frames describe it', async () => {
  const lake = await testLake()
  const { columns, rows } = await lake.sql(
    `select 1 as i, 2::bigint as b, 1.5 as d, 'x' as s, true as y, date '2009-12-18' as day,
      timestamptz '2025-12-09 12:45:30.5+02' as at, [1, null] as l, {'a': 1::hugeint} as r, map {'k': 1} as m, null as n`,
  )
  expect(columns).toMatchObject({
    i: 'int',
    b: 'bigint',
    d: 'double',
    s: 'string',
    y: 'boolean',
    day: 'date',
    at: 'timestamp',
    l: { array: 'int' },
  })
  const found = []
  for await (const batch of rows) found.push(...batch)
  expect(found).toEqual([
    {
      i: 1,
      b: 2,
      d: 1.5,
      s: 'x',
      y: true,
      day: '2009-12-18',
      at: '2025-12-09T10:45:30.500000Z',
      l: [1, null],
      r: { a: 1 },
      m: "{'k': 1}",
      n: null,
    },
  ])
})

it('refuses an integer that a number would round, and names the column', async () => {
  const lake = await testLake()
  const { rows } = await lake.sql('select 9007199254740993 as big')
  const all = async () => {
    for await (const batch of rows) void batch
  }
  await expect(all()).rejects.toThrow('big: 9007199254740993 is beyond 2^53; cast it to string')
})

it('decodes instants before 1970 and keeps their microseconds', async () => {
  const lake = await testLake()
  const frame = sql({ at: 'timestamp' })`select timestamptz '1925-01-01 00:00:00.000001+00' as at`
  const staged = await lake.stage('old', frame)
  expect(await staged.frame.collect()).toEqual([{ at: '1925-01-01T00:00:00.000001Z' }])
})

it('binds a frame to the name that SQL uses, until the next bind', async () => {
  const lake = await testLake()
  const count = async (): Promise<unknown> => {
    for await (const batch of (await lake.sql('select count(*) as n from silver.movies')).rows)
      if (batch.length > 0) return batch[0]
    return undefined
  }
  await lake.bind('silver.movies', rowsOf(movies, [{ movie_id: 1 }]))
  expect(await count()).toEqual({ n: 1 })
  await lake.bind('silver.movies', rowsOf(movies, [{ movie_id: 1 }, { movie_id: 2 }]))
  expect(await count()).toEqual({ n: 2 })
})

it('answers what DuckDB refuses with the statement and its message', async () => {
  const lake = await testLake()
  await expect(lake.sql('select nope from range(3)')).rejects.toMatchObject({
    name: 'EngineError',
    sql: 'select nope from range(3)',
    message: expect.stringContaining('nope'),
  })
})

it('says which setting to raise when memory runs out', async () => {
  const lake = await testLake({ memoryLimit: '30MB' })
  await expect(lake.sql("select list(repeat('x', 1000) || i) as l from range(1000000) r(i)")).rejects.toMatchObject({
    hint: expect.stringContaining('raise duckdb.memory_limit'),
  })
})

it('stops a query when its signal aborts', async () => {
  const lake = await testLake()
  const started = Date.now()
  await expect(lake.sql(slow, AbortSignal.timeout(150))).rejects.toMatchObject({ name: 'StoppedError' })
  expect(Date.now() - started).toBeLessThan(5000)
})

it('asks nothing when the signal has aborted before, even where no row would come', async () => {
  const lake = await testLake()
  await expect(lake.sql('select 1 as n where false', AbortSignal.abort())).rejects.toMatchObject({
    name: 'StoppedError',
  })
})

it('says that a statement is empty', async () => {
  await expect((await testLake()).sql(' \n')).rejects.toThrow('duckdb: the statement is empty')
})

it('stops a write when the signal of the session aborts, and leaves no files', async () => {
  const stop = new AbortController()
  const lake = await testLake({ signal: stop.signal })
  setTimeout(() => stop.abort(), 150)
  const source = queryOf(
    movies,
    `select n as movie_id, '' as title, 1.5 as rating, [''] as genres, null as directors from (${slow})`,
  )
  await expect(lake.overwrite(movies, source)).rejects.toMatchObject({ name: 'StoppedError' })
  expect(existsSync(`${lake.root}/silver/movies`)).toBe(false)
})

it('stops the query when a loop over its rows is left', async () => {
  const lake = await testLake()
  const { rows } = await lake.sql('select i from range(10000000000) r(i)')
  for await (const batch of rows) if (batch.length > 0) break
  const started = Date.now()
  await lake.close()
  expect(Date.now() - started).toBeLessThan(5000)
})

it('runs queries side by side', async () => {
  const lake = await testLake()
  const frames = [1, 2, 3, 4].map((n) => rowsOf(movies, [{ movie_id: n }]))
  for (const [i, frame] of frames.entries()) await lake.bind(`f${i}`, frame)
  const staged = await Promise.all(frames.map((frame, i) => lake.stage(`s${i}`, frame)))
  expect(await Promise.all(staged.map(({ frame }) => frame.count()))).toEqual([1, 1, 1, 1])
})

it('tells how far a long query is', async () => {
  const shares: number[] = []
  const lake = await testLake({ onProgress: (share) => shares.push(share) })
  const big = sql({ n: 'bigint' })`select sum(hash(i) % 7)::bigint as n from range(8000000) r(i)`
  await (await lake.stage('big', big)).drop()
  expect(shares.every((share) => share >= 0 && share <= 1)).toBe(true)
})

it('keeps intermediate results in the folder it is given, and removes them at the end', async () => {
  const tempDirectory = await tempFolder()
  const lake = await testLake({ tempDirectory })
  await lake.stage('x', rowsOf(movies, [{ movie_id: 1 }]))
  expect(readdirSync(tempDirectory)).toHaveLength(1)
  await lake.close()
  expect(readdirSync(tempDirectory)).toEqual([])
})

it('says that its folder cannot be made', async () => {
  const opened = testLake({ tempDirectory: '/dev/null/tmp' })
  await expect(opened).rejects.toThrow('/dev/null/tmp: no folder can be made for intermediate results (ENOTDIR)')
})

it('answers nothing after its end, and ends once only', async () => {
  const lake = await testLake()
  await lake.close()
  await lake.close()
  await expect(lake.sql('select 1')).rejects.toThrow('the session was closed')
})
