import { once } from 'node:events'
import { createServer, type AddressInfo } from 'node:net'
import { Code } from '@connectrpc/connect'
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { StoppedError } from '../../../../src/errors.ts'
import { openSpark, type RetryPolicy, type SparkError } from '../../../../src/engines/spark/connect/index.ts'
import { FakeSpark } from './fake-spark.ts'

const spark = new FakeSpark()
const retry: RetryPolicy = { tries: 4, firstWaitMs: 2, longestWaitMs: 10, random: () => 0.5 }
let url: string
beforeAll(async () => {
  url = await spark.start()
})
afterAll(() => spark.stop())
beforeEach(() => {
  spark.calls.length = 0
  spark.behaviour = {}
  spark.token = undefined
  spark.busyFor = 0
  spark.isMute = false
})

const open = () => openSpark(url, { retry })
const failure = (call: Promise<unknown>): Promise<SparkError> =>
  call.then(
    () => expect.fail('it did not fail'),
    (error: unknown) => error as SparkError,
  )
const ids = async (sql: string): Promise<readonly number[]> => {
  await using session = await open()
  return (await session.collect(sql)).map(({ id }) => Number(id))
}

describe('rows', () => {
  it('of several batches come in order', async () => {
    spark.behaviour = { all: { batches: [3, 0, 2] } }
    expect(await ids('all')).toEqual([0, 1, 2, 3, 4])
  })
  it('cut into parts are whole again', async () => {
    spark.behaviour = { all: { batches: [40, 3], parts: 4 } }
    expect(await ids('all')).toHaveLength(43)
  })
  it('go on where the server ended the stream', async () => {
    spark.behaviour = { all: { batches: [1, 1, 1, 1], cutEvery: 1 } }
    expect(await ids('all')).toEqual([0, 1, 2, 3])
    expect(spark.calls.filter((call) => call === 'reattach')).toHaveLength(4)
  })
  it('go on where the connection broke, none lost and none twice', async () => {
    spark.behaviour = { all: { batches: [2, 2, 2], breakAfter: 1 } }
    expect(await ids('all')).toEqual([0, 1, 2, 3, 4, 5])
  })
  it('begin anew when the server never heard of the query', async () => {
    await using session = await open()
    spark.behaviour = { all: { batches: [2] } }
    spark.busyFor = 1
    expect(await session.collect('all')).toEqual([{ id: 0n }, { id: 1n }])
    expect(spark.calls.filter((call) => /execute|reattach/.test(call))).toEqual([
      'execute all',
      'reattach from the start',
      'execute all',
    ])
  })
  it('that the server left out are missed', async () => {
    spark.behaviour = { all: { batches: [1, 1, 1], lose: 1 } }
    await using session = await open()
    expect(await failure(session.collect('all'))).toMatchObject({ fault: 'protocol' })
  })
  it('are let go by the server once they were read', async () => {
    spark.behaviour = { all: { batches: [1, 1] } }
    await ids('all')
    expect(spark.calls).toContain('release all')
    expect(spark.calls.at(-1)).toBe('release session')
  })
})

describe('stopping', () => {
  it('is told to the server before whoever stops hears of it', async () => {
    spark.behaviour = { forever: { batches: [1], hang: true } }
    await using session = await open()
    const controller = new AbortController()
    const reading = (async () => {
      for await (const rows of session.rows('forever', { signal: controller.signal })) {
        expect(rows).toHaveLength(1)
        controller.abort()
      }
    })()
    expect(await failure(reading)).toBeInstanceOf(StoppedError)
    expect(spark.calls).toContain('interrupt')
  })
  it('waits until the plan has a job, which would begin after that and never end', async () => {
    spark.behaviour = { planned: { jobAfterMs: 100, hang: true } }
    await using session = await open()
    const controller = new AbortController()
    setTimeout(() => controller.abort(), 20)
    expect(await failure(session.collect('planned', { signal: controller.signal }))).toBeInstanceOf(StoppedError)
    expect(spark.calls.filter((call) => /job|interrupt/.test(call))).toEqual(['job', 'interrupt'])
  })
  it('comes before the end of the session, which would leave jobs to themselves', async () => {
    spark.behaviour = { planned: { jobAfterMs: 100, hang: true }, forever: { batches: [1], hang: true } }
    const session = await open()
    const paused = session.rows('forever')
    await paused.next()
    const running = failure(session.collect('planned'))
    await session.close()
    expect((await running).message).toContain('the session was closed')
    const calls = spark.calls.filter((call) => /job|interrupt|session/.test(call))
    expect([calls.indexOf('job'), calls.indexOf('release session')]).toEqual([1, calls.length - 1])
    expect(calls.slice(2, -1)).toContain('interrupt')
  })
  it('comes too late for a statement that is done by the time the server answers', async () => {
    spark.behaviour = { 'CREATE TABLE films': { batches: [1], answerAfterMs: 100 } }
    await using session = await open()
    setTimeout(() => session.stop(), 20)
    expect(await session.run('CREATE TABLE films', { signal: AbortSignal.timeout(30) })).toEqual([{ id: 0n }])
    expect(spark.calls).not.toContain('interrupt')
  })
  it.each([
    ['a statement that is a query', 'run', { batches: [1], isQuery: true, answerAfterMs: 100 }],
    ['a query', 'collect', { batches: [1], answerAfterMs: 100 }],
    ['a query without rows', 'collect', { answerAfterMs: 100 }],
  ] as const)('leaves no rows of %s that is answered after it', async (_, how, behaviour) => {
    spark.behaviour = { films: behaviour }
    await using session = await open()
    setTimeout(() => session.stop(), 20)
    expect(await failure(session[how]('films'))).toBeInstanceOf(StoppedError)
  })
  it('needs no server when it comes before the query', async () => {
    await using session = await open()
    expect(await failure(session.collect('all', { signal: AbortSignal.abort() }))).toBeInstanceOf(StoppedError)
    expect(spark.calls).toEqual(['analyze'])
  })
  it('the session ends what it waits for, be it no query, and leaves it to go on', async () => {
    spark.behaviour = { forever: { batches: [1], hang: true }, all: { batches: [1] } }
    spark.isMute = true
    await using session = await open()
    const waiting = [session.collect('forever'), session.readConfig('a')].map(failure)
    setTimeout(() => session.stop(), 50)
    for (const error of await Promise.all(waiting)) expect(error).toBeInstanceOf(StoppedError)
    expect(await session.collect('all')).toHaveLength(1)
  })
  it('by leaving the loop lets the server go too', async () => {
    spark.behaviour = { forever: { batches: [1, 1], hang: true } }
    const session = await open()
    for await (const rows of session.rows('forever')) {
      expect(rows).toHaveLength(1)
      break
    }
    await session.close()
    expect(spark.calls).toContain('release all')
  })
  it('ends with the session', async () => {
    const session = await open()
    await session.close()
    await session.close()
    expect((await failure(session.collect('all'))).message).toBe(`spark ${url}: the session was closed`)
  })
})

describe('errors', () => {
  it('are told whole, with the place in the SQL and the cause', async () => {
    const fail = { code: Code.Internal, message: 'cut…', condition: 'TABLE_OR_VIEW_NOT_FOUND', details: 'no `films`' }
    spark.behaviour = { 'SELECT * FROM films': { fail } }
    await using session = await open()
    const error = await failure(session.collect('SELECT * FROM films'))
    expect(error).toMatchObject({ fault: 'query', condition: 'TABLE_OR_VIEW_NOT_FOUND', sqlState: '42P01' })
    expect(error).toMatchObject({ message: `spark ${url}: no \`films\``, sql: 'SELECT * FROM films', classes: ['A'] })
    expect(error).toMatchObject({
      contexts: ['== SQL (line 1, position 15) =='],
      parameters: { relationName: '`films`' },
    })
    expect(error.cause).toMatchObject({ message: `spark ${url}: the cause` })
  })
  it.each<readonly [Code, string, string, number]>([
    [Code.Unavailable, 'io exception', 'unreachable', 75],
    [Code.Unauthenticated, 'no', 'refused', 5],
    [Code.PermissionDenied, 'no', 'refused', 5],
    [Code.Unimplemented, 'no such method', 'protocol', 1],
    [Code.Unknown, 'boom', 'query', 1],
    [Code.Internal, '[INVALID_HANDLE.SESSION_CHANGED] gone', 'lost', 75],
    [Code.Internal, 'Cannot call methods on a stopped SparkContext.\nmore', 'unreachable', 75],
  ])('of code %s, %s, are %s', async (code, message, fault, exitCode) => {
    spark.behaviour = { all: { fail: { code, message } } }
    await using session = await open()
    expect(await failure(session.collect('all'))).toMatchObject({ fault, exitCode, name: 'SparkError' })
  })
})

describe('a session', () => {
  it('is opened after a server that is busy at first', async () => {
    spark.busyFor = 3
    await using session = await open()
    expect(session.version).toBe('4.2.0')
  })
  it('is not opened when the server is busy for long', async () => {
    spark.busyFor = 4
    expect(await failure(open())).toMatchObject({ fault: 'unreachable' })
  })
  it('admits within seconds that nobody is there', async () => {
    const began = Date.now()
    const error = await failure(openSpark('sc://127.0.0.1:9', { retry }))
    expect(error).toMatchObject({ fault: 'unreachable', exitCode: 75 })
    expect(error.message).toContain('ECONNREFUSED')
    expect(Date.now() - began).toBeLessThan(2000)
  })
  it('admits in time that nobody answers', async () => {
    const mute = createServer(() => undefined).listen(0, '127.0.0.1')
    await once(mute, 'listening')
    const { port } = mute.address() as AddressInfo
    const error = await failure(openSpark(`sc://127.0.0.1:${port}`, { retry, connectTimeoutMs: 100 }))
    expect(error).toMatchObject({ fault: 'unreachable' })
    mute.close()
  })
  it('waits for a server that is gone once, and again when it has answered', async () => {
    let waits = 0
    await using session = await openSpark(url, { retry: { ...retry, random: () => ((waits += 1), 0) } })
    const waited = async (busyFor: number): Promise<number> => {
      const before = waits
      spark.busyFor = busyFor
      await session.readConfig('a').catch(() => undefined)
      spark.busyFor = 0
      return waits - before
    }
    expect([await waited(9), await waited(9), await waited(0), await waited(9)]).toEqual([3, 0, 0, 3])
  })
  it('is lost with the server, and another can be opened', async () => {
    await using session = await openSpark(url, { retry, config: { a: 'b' } })
    const { id } = session
    spark.serverSessionId = 'another'
    spark.config.clear()
    expect(session.isLost).toBe(false)
    const message = `spark ${url}: the server has lost this session`
    expect(await failure(session.readConfig('a'))).toMatchObject({ fault: 'lost', exitCode: 75, message })
    expect(session.isLost).toBe(true)
    await session.reopen()
    expect(session.isLost).toBe(false)
    expect(session.id).not.toBe(id)
    expect(await session.readConfig('a', 'nothing')).toEqual({ a: 'b', nothing: undefined })
  })
  it('is not lost by what is said of the one before it', async () => {
    const fail = { code: Code.Internal, message: '[INVALID_HANDLE.SESSION_NOT_FOUND] gone', afterMs: 100 }
    spark.behaviour = { late: { fail } }
    await using session = await open()
    const late = failure(session.collect('late'))
    await vi.waitFor(() => expect(spark.calls).toContain('execute late'))
    await session.reopen()
    expect(await late).toMatchObject({ fault: 'lost' })
    expect(session.isLost).toBe(false)
  })
  it('is not taken for the one before it, whose answers go on', async () => {
    spark.behaviour = { all: { batches: [1, 1] } }
    await using session = await open()
    const rows = session.rows('all')
    await rows.next()
    spark.serverSessionId = 'the one after it'
    await session.reopen()
    expect((await rows.next()).value).toEqual([{ id: 1n }])
    expect(await session.readConfig()).toEqual({})
  })
  it('says that it is lost to whoever asks it after it was closed for that', async () => {
    const session = await openSpark(url, { retry })
    const condition = 'INVALID_HANDLE.SESSION_NOT_FOUND'
    const fail = { code: Code.Internal, message: `[${condition}] gone\nat x`, condition, details: 'gone' }
    spark.behaviour = { all: { fail } }
    const message = `spark ${url}: the server has lost this session ([${condition}] gone)`
    expect(await failure(session.collect('all'))).toMatchObject({ fault: 'lost', condition, message })
    await session.close()
    expect(await failure(session.collect('all'))).toMatchObject({ fault: 'lost', exitCode: 75 })
  })
  it('sends the token with every call and shows it nowhere', async () => {
    spark.token = 's3cret;=%'
    spark.behaviour = { all: { batches: [1] } }
    await using session = await openSpark(url, { retry, token: spark.token })
    expect(await session.collect('all')).toHaveLength(1)
    const { inspect } = await import('node:util')
    expect(inspect(session, { depth: 9, showHidden: true })).not.toContain('s3cret')
    spark.token = 'other'
    const error = await failure(session.collect('all'))
    expect(error).toMatchObject({ fault: 'refused' })
    expect(inspect(error, { depth: 9, showHidden: true })).not.toContain('s3cret')
  })
})
