import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { StoppedError } from '../../../src/errors.ts'
import { openSpark, SparkError } from '../../../src/engines/spark/connect/index.ts'
import { failure, runningTasks, sparkUrl, until } from './server.ts'

const session = await openSpark(sparkUrl, { config: { 'spark.sql.session.timeZone': 'UTC' } })
const folder = await mkdtemp(path.join(tmpdir(), 'movielake-spark-client-'))
afterAll(async () => {
  await session.close()
  await rm(folder, { recursive: true, force: true })
})

/** A query that takes half an hour, whose tasks often look whether they were stopped. */
const endless = 'SELECT sum(id % 7) FROM range(1000000000000)'
const slowly = (seconds: number) =>
  `SELECT count(*) AS n FROM range(0, 2, 1, 2) WHERE java_method('java.lang.Thread', 'sleep', CAST(${seconds * 500} + id AS BIGINT)) IS NULL`

describe('values', () => {
  it.each<readonly [sql: string, value: unknown]>([
    ['CAST(1 AS TINYINT)', 1],
    ['-2147483648', -2147483648],
    ['9223372036854775807L', 9223372036854775807n],
    ['-9223372036854775808L', -9223372036854775808n],
    ['0.1D + 0.2D', 0.1 + 0.2],
    ['CAST(1.5 AS FLOAT)', 1.5],
    ["double('NaN')", NaN],
    ['CAST(-0.01 AS DECIMAL(38, 2))', '-0.01'],
    ['12345678901234567890123456789012345678', '12345678901234567890123456789012345678'],
    ["'\\uFEFFé😀'", '\uFEFFé😀'],
    ["''", ''],
    ["X'00ff'", Uint8Array.of(0, 255)],
    ["DATE '0001-01-01'", '0001-01-01'],
    ["DATE '9999-12-31'", '9999-12-31'],
    ["TIMESTAMP '2025-12-09T10:45:30.000001Z'", '2025-12-09T10:45:30.000001Z'],
    ["TIMESTAMP '1969-12-31T23:59:59.999999Z'", '1969-12-31T23:59:59.999999Z'],
    ["TIMESTAMP_NTZ '2025-12-09 10:45:30'", '2025-12-09T10:45:30.000000Z'],
    ["INTERVAL '1' DAY", 86_400_000_000n],
    ["INTERVAL '2-1' YEAR TO MONTH", 25],
    ['array(array(1), array(), null)', [[1], [], null]],
    ["named_struct('a', 1L, 'b', array(named_struct('c', null)))", { a: 1n, b: [{ c: null }] }],
    ["map('k', 1, 'l', null)", [['k', 1], ['l', null]]], // prettier-ignore
    ['CAST(NULL AS STRING)', null],
    ['NULL', null],
  ])('%s', async (sql, value) => {
    expect(await session.collect(`SELECT ${sql} AS x`)).toEqual([{ x: value }])
  })

  it('come back as they went up', async () => {
    const rows = [
      { n: 2n ** 63n - 1n, i: -1, d: 5e-324, s: '\uFEFF\0é😀', b: false, on: '1960-02-29', at: '1960-02-29T23:59:59.999999Z', l: [1n, null], r: { a: [{ c: 'x' }, null] } }, // prettier-ignore
      { n: null, i: null, d: null, s: null, b: null, on: null, at: null, l: null, r: null },
      { n: 0n, i: 0, d: -1.5, s: '', b: true, on: '9999-12-31', at: '0001-01-01T00:00:00.000000Z', l: [], r: { a: null } }, // prettier-ignore
    ]
    await session.upload(
      'went_up',
      {
        n: 'bigint',
        i: 'int',
        d: 'double',
        s: 'string',
        b: 'boolean',
        on: 'date',
        at: 'timestamp',
        l: { array: 'bigint' },
        r: { struct: { a: { array: { struct: { c: 'string' } } } } },
      },
      rows,
    )
    expect(await session.collect('SELECT * FROM went_up')).toEqual(rows)
  })

  it.each([
    { title: 'of a large upload arrive in parts', length: 900, ids: 404_550n },
    { title: 'of a large upload arrive when the last part is small', length: 810, ids: 327_645n },
  ])('$title', async ({ length, ids }) => {
    const rows = Array.from({ length }, (_, id) => ({ id, payload: String(id % 10).repeat(50_000) }))
    await session.upload('payloads', { id: 'bigint', payload: 'string' }, rows)
    const sql = 'SELECT count(*) AS n, sum(id) AS ids, sum(length(payload)) AS chars FROM payloads'
    expect(await session.collect(sql)).toEqual([{ n: BigInt(length), ids, chars: BigInt(length) * 50_000n }])
    await session.run('DROP VIEW payloads')
  })

  it('of no rows have columns', async () => {
    const columns: string[][] = []
    for await (const batch of session.batches('SELECT 1 AS a, 2 AS b WHERE false'))
      columns.push(batch.schema.fields.map(({ name }) => name))
    expect(columns).toEqual([['a', 'b']])
  })
})

describe('statements', () => {
  it('run once and answer what they report', async () => {
    const table = `delta.\`${folder}/once\``
    expect(await session.run(`CREATE TABLE ${table} (id BIGINT) USING delta`)).toEqual([])
    await session.run(`INSERT INTO ${table} VALUES (1), (2)`)
    const merge = `MERGE INTO ${table} t USING (SELECT 2L AS id UNION ALL SELECT 3L) s ON t.id = s.id WHEN MATCHED THEN DELETE WHEN NOT MATCHED THEN INSERT *`
    expect(await session.run(merge)).toEqual([
      { num_affected_rows: 2n, num_updated_rows: 0n, num_deleted_rows: 1n, num_inserted_rows: 1n },
    ])
    expect(await session.run(`SELECT id FROM ${table} ORDER BY id`)).toEqual([{ id: 1n }, { id: 3n }])
  })

  it('keep settings for their session alone', async () => {
    await using other = await openSpark(sparkUrl)
    await session.writeConfig({ 'spark.sql.shuffle.partitions': '3' })
    const [mine, others] = await Promise.all(
      [session, other].map((one) => one.readConfig('spark.sql.shuffle.partitions')),
    )
    expect(mine).toEqual({ 'spark.sql.shuffle.partitions': '3' })
    expect(others).not.toEqual(mine)
  })

  it('explain themselves', async () => {
    expect(await session.explain('SELECT 1 AS one')).toContain('== Physical Plan ==')
  })
})

describe('errors', () => {
  it('name condition, state, parameters and place', async () => {
    const error = await failure(session.collect('SELECT *\nFROM nowhere'))
    expect(error).toBeInstanceOf(SparkError)
    expect(error).toMatchObject({
      fault: 'query',
      condition: 'TABLE_OR_VIEW_NOT_FOUND',
      sqlState: '42P01',
      exitCode: 1,
    })
    expect(error.parameters).toMatchObject({ relationName: '`nowhere`' })
    expect(error.contexts[0]).toContain('line 2')
    expect(error.sql).toBe('SELECT *\nFROM nowhere')
  })

  it('of a job say what happened in it', async () => {
    const error = await failure(session.collect('SELECT 1 / id FROM range(3)'))
    expect(error).toMatchObject({ condition: 'DIVIDE_BY_ZERO', sqlState: '22012' })
  })

  it('of syntax have the place in the message', async () => {
    const error = await failure(session.collect('SELEC 1'))
    expect(error.condition).toBe('PARSE_SYNTAX_ERROR')
    expect(error.message).toContain('line 1, pos 0')
  })

  it('are told whole, however long', async () => {
    const name = 'x'.repeat(5000)
    expect((await failure(session.collect(`SELECT ${name}`))).message).toContain(name)
  })
})

describe('a long query', () => {
  it('outlives the end of its stream and tells its progress', async () => {
    const told: number[] = []
    const rows = await session.collect(slowly(13), { onProgress: (progress) => told.push(progress.runningTaskCount) })
    expect(rows).toEqual([{ n: 0n }])
    expect(Math.max(...told)).toBeGreaterThan(0)
  })

  it('ends on the server when it is aborted', async () => {
    const controller = new AbortController()
    const stopped = failure(session.collect(endless, { signal: controller.signal }))
    await until(async () => (await runningTasks()) > 0)
    const began = Date.now()
    controller.abort()
    expect(await stopped).toBeInstanceOf(StoppedError)
    await until(async () => (await runningTasks()) === 0)
    expect(Date.now() - began).toBeLessThan(60_000)
  })

  it('ends on the server when its reader has left', async () => {
    for await (const rows of session.rows('SELECT id FROM range(0, 3000000, 1, 300)')) {
      expect(rows.length).toBeGreaterThan(0)
      break
    }
    await until(async () => (await runningTasks()) === 0)
    expect(await session.interrupt()).toEqual([])
  })

  it('that was aborted before it began never begins', async () => {
    const error = await failure(session.collect(endless, { signal: AbortSignal.abort() }))
    expect(error).toBeInstanceOf(StoppedError)
  })

  it('is stopped by its tag from elsewhere', async () => {
    const stopped = failure(session.collect(endless, { tags: ['gold'] }))
    // a query that Spark is told to stop while it plans may begin all the same
    await until(async () => (await runningTasks()) > 0)
    expect(await session.interrupt('gold')).toHaveLength(1)
    expect(await stopped).toBeInstanceOf(StoppedError)
    await until(async () => (await runningTasks()) === 0)
  })
})
