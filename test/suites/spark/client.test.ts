import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, describe, expect, it } from 'vitest'
import { StoppedError } from '../../../src/errors.ts'
import { openSpark, SparkError } from '../../../src/engines/spark/connect/index.ts'
import { describeClient, endless } from './client-cases.ts'
import { failure, runningTasks, sparkUrl, until } from './server.ts'

const session = await openSpark(sparkUrl, {
  config: { 'spark.sql.session.timeZone': 'UTC', 'spark.connect.progress.reportInterval': '250ms' },
})
const folder = await mkdtemp(path.join(tmpdir(), 'movielake-spark-client-'))
afterAll(async () => {
  await session.close()
  await rm(folder, { recursive: true, force: true })
})

const slowly = (seconds: number) =>
  `SELECT count(*) AS n FROM range(0, 2, 1, 2) WHERE java_method('java.lang.Thread', 'sleep', CAST(${seconds * 500} + id AS BIGINT)) IS NULL`

describeClient(session)

it.each([
  { title: 'the rows of a large upload arrive in parts', length: 900, ids: 404_550n },
  { title: 'the rows of a large upload arrive when the last part is small', length: 810, ids: 327_645n },
])('$title', async ({ length, ids }) => {
  const rows = Array.from({ length }, (_, id) => ({ id, payload: String(id % 10).repeat(50_000) }))
  await session.upload('payloads', { id: 'bigint', payload: 'string' }, rows)
  const sql = 'SELECT count(*) AS n, sum(id) AS ids, sum(length(payload)) AS chars FROM payloads'
  expect(await session.collect(sql)).toEqual([{ n: BigInt(length), ids, chars: BigInt(length) * 50_000n }])
  await session.run('DROP VIEW payloads')
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

  it.each([0, 20, 60, 120, 300, 3000])('that is aborted after %i ms ends on the server', async (ms) => {
    const controller = new AbortController()
    const stopped = failure(session.collect(endless, { signal: controller.signal }))
    await sleep(ms)
    const began = Date.now()
    controller.abort()
    expect(await stopped).toBeInstanceOf(StoppedError)
    expect(Date.now() - began).toBeLessThan(3000)
    await until(async () => (await runningTasks()) === 0)
    // nor does it begin after that
    await sleep(1000)
    expect(await runningTasks()).toBe(0)
  })

  it('ends within seconds when all of the session is stopped again and again, and what comes next runs', async () => {
    const stopped = [endless, endless.replace('7', '11')].map((sql) => failure(session.collect(sql)))
    await until(async () => (await runningTasks()) > 1)
    const began = Date.now()
    const stopping = setInterval(() => session.stop(), 200)
    session.stop()
    for (const error of await Promise.all(stopped)) expect(error).toBeInstanceOf(StoppedError)
    expect(Date.now() - began).toBeLessThan(2000)
    await until(async () => (await runningTasks()) === 0)
    clearInterval(stopping)
    expect(Date.now() - began).toBeLessThan(10_000)
    expect(await session.interrupt()).toEqual([])
    expect(await session.collect('SELECT 1 AS one')).toEqual([{ one: 1 }])
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
