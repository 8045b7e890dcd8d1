import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { ConfigError, KeyError, SourceError, StoppedError } from '../../../src/errors.ts'
import { openTmdb, type Misbehaviour, type TmdbOptions } from '../../../src/sources/tmdb/index.ts'
import { serve } from './http-server.ts'
import { quickClock } from './quick-clock.ts'
import { startSample } from './sample.ts'

const credential = { bearer: 'sample' }

async function openSample(misbehave: Misbehaviour, options: TmdbOptions = {}) {
  const server = await startSample({ misbehave })
  const clock = quickClock()
  return { server, clock, tmdb: openTmdb({ baseUrl: server.url, credential, clock, ...options }) }
}

const fails = (status: number, times: number, retryAfter?: number | 'date'): Misbehaviour => [
  { trouble: { kind: 'status', status, ...(retryAfter === undefined ? {} : { retryAfter }) }, times },
]

describe('what came of asking for a movie', () => {
  it('is the body byte for byte, with request, time and etag', async () => {
    const body = '\uFEFF{ "id":1,\t"title":"Amélie \\u0000 \uFFFD" }\n'
    const url = await serve((_, response) => response.writeHead(200, { etag: 'W/"1"' }).end(body))
    const tmdb = openTmdb({ baseUrl: url, clock: quickClock(Date.UTC(2026, 10, 22, 10, 45, 30, 5)), maxAttempts: 1 })
    expect(await tmdb.fetchMovie(1)).toEqual({
      movieId: 1,
      request: '/3/movie/1?append_to_response=credits',
      fetchedAt: '2026-11-22T10:45:30.005000Z',
      attempts: 1,
      status: 200,
      etag: 'W/"1"',
      body,
      outcome: 'ok',
    })
  })

  it('is not_found with the words of TMDB for a movie it lacks', async () => {
    const { server, tmdb } = await openSample([])
    expect(await tmdb.fetchMovie(0)).toMatchObject({
      outcome: 'not_found',
      status: 404,
      tmdbStatusCode: 34,
      message: 'The resource you requested could not be found.',
      attempts: 1,
    })
    expect(server.requests.total).toBe(1)
  })

  it.each([400, 405, 422])('is failed as bad_request after one request that is answered %i', async (status) => {
    const { server, tmdb } = await openSample(fails(status, 9))
    expect(await tmdb.fetchMovie(597)).toMatchObject({ outcome: 'failed', reason: 'bad_request', status, attempts: 1 })
    expect(server.requests.total).toBe(1)
  })

  it('names the parts and the language it asked for', async () => {
    const { tmdb } = await openSample([], { appendToResponse: ['credits', 'keywords'], language: 'de-DE' })
    const answer = await tmdb.fetchMovie(597)
    expect(answer.request).toBe('/3/movie/597?append_to_response=credits,keywords&language=de-DE')
    expect(JSON.parse(answer.body)).toMatchObject({
      id: 597,
      keywords: { keywords: expect.arrayContaining([{ id: 2580, name: 'shipwreck' }]) },
    })
  })

  it('follows no redirect', async () => {
    const url = await serve((_, response) => response.writeHead(302, { location: 'http://127.0.0.1:9/' }).end())
    const answer = await openTmdb({ baseUrl: url, credential }).fetchMovie(597)
    expect(answer).toMatchObject({ outcome: 'failed', reason: 'unexpected_status', status: 302, attempts: 1 })
  })
})

describe('asking again', () => {
  it.each([500, 502, 503, 504])('happens after status %i, each wait within twice the one before', async (status) => {
    const { clock, tmdb } = await openSample(fails(status, 3), { random: () => 0.999 })
    expect(await tmdb.fetchMovie(597)).toMatchObject({ outcome: 'ok', attempts: 4 })
    expect(clock.waits.map(Math.round)).toEqual([500, 999, 1998])
  })

  it('ends after the attempts that are allowed, with the reason and the words of TMDB', async () => {
    const { server, tmdb } = await openSample(fails(503, 99), { maxAttempts: 3 })
    expect(await tmdb.fetchMovie(597)).toMatchObject({
      outcome: 'failed',
      reason: 'server_error',
      status: 503,
      tmdbStatusCode: 9,
      message: 'Service offline: This service is temporarily offline, try again later.',
      attempts: 3,
    })
    expect(server.requests.total).toBe(3)
  })

  it('happens after a broken connection, and ends as network', async () => {
    const once = await openSample([{ trouble: { kind: 'drop' }, times: 1 }])
    expect(await once.tmdb.fetchMovie(597)).toMatchObject({ outcome: 'ok', attempts: 2 })
    const always = await openSample([{ trouble: { kind: 'drop' } }], { maxAttempts: 2 })
    expect(await always.tmdb.fetchMovie(597)).toMatchObject({
      outcome: 'failed',
      reason: 'network',
      status: undefined,
      body: '',
    })
  })

  it('happens after a time-out, and ends as timeout', async () => {
    const once = await openSample([{ trouble: { kind: 'hang' }, times: 1 }], { timeoutMs: 300 })
    expect(await once.tmdb.fetchMovie(597)).toMatchObject({ outcome: 'ok', attempts: 2 })
    const always = await openSample([{ trouble: { kind: 'hang' } }], { timeoutMs: 50, maxAttempts: 2 })
    expect(await always.tmdb.fetchMovie(597)).toMatchObject({
      reason: 'timeout',
      message: 'no answer within 50 ms',
      attempts: 2,
    })
  })

  it('counts the time for the whole body', async () => {
    const url = await serve((_, response) => void response.writeHead(200, { 'content-length': 9 }).write('{'))
    const tmdb = openTmdb({ baseUrl: url, timeoutMs: 50, maxAttempts: 1 })
    expect(await tmdb.fetchMovie(597)).toMatchObject({ outcome: 'failed', reason: 'timeout' })
  })

  it('waits for whom a server is slow', async () => {
    const { tmdb } = await openSample([{ trouble: { kind: 'slow', waitMs: 80 } }])
    expect(await tmdb.fetchMovie(597)).toMatchObject({ outcome: 'ok', attempts: 1 })
  })

  it.each(['cut', 'not_json'] as const)(
    'happens twice after a body that is %s, which is then handed over',
    async (kind) => {
      const once = await openSample([{ trouble: { kind }, times: 1 }])
      expect(await once.tmdb.fetchMovie(597)).toMatchObject({ outcome: 'ok', attempts: 2 })
      const always = await openSample([{ trouble: { kind } }])
      const answer = await always.tmdb.fetchMovie(597)
      expect(answer).toMatchObject({ outcome: 'ok', status: 200, attempts: 3 })
      expect(answer.body).toMatch(/^\{"adult":false/)
      expect(() => JSON.parse(answer.body)).toThrow(SyntaxError)
    },
  )

  it('does not happen for an error body or another movie under status 200: those are handed over', async () => {
    const refused = await openSample([{ trouble: { kind: 'success_false' } }])
    expect(await refused.tmdb.fetchMovie(597)).toMatchObject({ outcome: 'ok', attempts: 1 })
    const other = await openSample([{ trouble: { kind: 'wrong_movie' } }])
    expect(JSON.parse((await other.tmdb.fetchMovie(597)).body).id).toBe(598)
  })

  it('is told of before each wait', async () => {
    const told: unknown[] = []
    const { tmdb } = await openSample(fails(429, 1, 7), { onRetry: (retry) => told.push(retry) })
    await tmdb.fetchMovie(597)
    const request = '/3/movie/597?append_to_response=credits'
    expect(told).toEqual([{ request, attempt: 1, reason: 'rate_limited', waitMs: 7000, isForAll: true }])
    expect(tmdb.counts).toEqual({ requests: 2, retries: 1, rateLimited: 1 })
  })
})

describe('a 429', () => {
  it.each([
    ['seconds', 7, 7000],
    ['more seconds than a minute', 3600, 60_000],
  ])('is waited for as long as Retry-After says in %s', async (_, retryAfter, waitMs) => {
    const { clock, tmdb } = await openSample(fails(429, 1, retryAfter))
    expect(await tmdb.fetchMovie(597)).toMatchObject({ outcome: 'ok', attempts: 2 })
    expect(clock.waits).toEqual([waitMs])
  })

  it('is waited for until the date of Retry-After', async () => {
    const { clock, tmdb } = await openSample(fails(429, 1, 'date'), { clock: undefined })
    const startMs = performance.now()
    expect(await tmdb.fetchMovie(597)).toMatchObject({ outcome: 'ok', attempts: 2 })
    expect(performance.now() - startMs).toBeLessThan(3000)
    expect(clock.waits).toEqual([])
  })

  it('is waited for at least half a second when there is no Retry-After or it is over', async () => {
    for (const rules of [fails(429, 1), fails(429, 1, 0)]) {
      const { clock, tmdb } = await openSample(rules, { random: () => 0 })
      await tmdb.fetchMovie(597)
      expect(clock.waits).toEqual([500])
    }
  })

  it('holds every worker', async () => {
    const server = await startSample({
      misbehave: [{ trouble: { kind: 'status', status: 429, retryAfter: 1 }, to: 1 }],
    })
    const tmdb = openTmdb({ baseUrl: server.url, credential })
    const first = tmdb.fetchMovie(597)
    while (tmdb.counts.rateLimited === 0) await sleep(2)
    const others = [19995, 24428, 12445].map((id) => tmdb.fetchMovie(id))
    await sleep(500)
    expect(server.requests.total).toBe(1)
    expect(await first).toMatchObject({ outcome: 'ok', attempts: 2 })
    expect(await Promise.all(others)).toMatchObject([{ attempts: 1 }, { attempts: 1 }, { attempts: 1 }])
  })

  it('ends as rate_limited when it does not stop', async () => {
    const { tmdb } = await openSample(fails(429, 99), { maxAttempts: 2 })
    expect(await tmdb.fetchMovie(597)).toMatchObject({ outcome: 'failed', reason: 'rate_limited', tmdbStatusCode: 25 })
  })
})

describe('bodies', () => {
  it('of more bytes than allowed are not read to the end', async () => {
    let sentBytes = 0
    const url = await serve((_, response) => {
      const chunk = Buffer.alloc(64 * 1024, 32)
      const write = (): void => {
        while (!response.destroyed && sentBytes < 500e6 && response.write(chunk)) sentBytes += chunk.length
        response.once('drain', write)
      }
      write()
    })
    const answer = await openTmdb({ baseUrl: url, maxBodyBytes: 1024 * 1024 }).fetchMovie(597)
    expect(answer).toMatchObject({ outcome: 'failed', reason: 'body_too_large', attempts: 1, body: '' })
    expect(sentBytes).toBeLessThan(50e6)
  })

  it('are counted unpacked', async () => {
    const { tmdb } = await openSample([], { maxBodyBytes: 20_000 })
    expect(await tmdb.fetchMovie(299534)).toMatchObject({ outcome: 'failed', reason: 'body_too_large' })
  })
})

describe('a refused key', () => {
  it.each([401, 403])('throws KeyError on status %i at once', async (status) => {
    const { server, tmdb } = await openSample(fails(status, 99))
    const error = await tmdb.fetchMovie(597).catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(KeyError)
    expect(error).toMatchObject({ exitCode: 5, hint: expect.stringContaining('TMDB_TOKEN') })
    expect(server.requests.total).toBe(1)
  })

  it('stops every worker and every later call', async () => {
    const hang: Misbehaviour = [{ trouble: { kind: 'hang' }, movieIds: [597] }, ...fails(401, 9)]
    const { server, tmdb } = await openSample(hang, { clock: undefined })
    const hanging = tmdb.fetchMovie(597).catch((thrown: unknown) => thrown)
    while (server.requests.total === 0) await sleep(2)
    await expect(tmdb.fetchMovie(19995)).rejects.toBeInstanceOf(KeyError)
    expect(await hanging).toBeInstanceOf(KeyError)
    await expect(tmdb.fetchMovie(24428)).rejects.toBeInstanceOf(KeyError)
    expect(server.requests.total).toBe(2)
  })

  it('is what asking without a key gives', async () => {
    const { tmdb } = await openSample([], { credential: undefined })
    await expect(tmdb.fetchMovie(597)).rejects.toThrow('status 401, Invalid API key: You must be granted a valid key.')
  })
})

describe('giving up', () => {
  it('happens when the retries of the run are used up, retryable and for everybody', async () => {
    const { server, tmdb } = await openSample(fails(500, 3), {
      retryBudget: 0.1,
      maxFailuresInRow: 1000,
      maxAttempts: 3,
    })
    const thrown: unknown[] = []
    for (let id = 1; id <= 200 && thrown.length < 2; id++)
      await tmdb.fetchMovie(id).catch((error: unknown) => thrown.push(error))
    expect(thrown).toHaveLength(2)
    expect(thrown[0]).toBeInstanceOf(SourceError)
    expect(thrown[0]).toMatchObject({
      retryable: true,
      exitCode: 75,
      message: expect.stringContaining('retries are used up'),
    })
    expect(thrown[1]).toBe(thrown[0])
    expect(server.requests.total).toBe(151)
  })

  it('happens when so many movies in a row could not be had', async () => {
    const { tmdb } = await openSample(fails(500, 99), { maxFailuresInRow: 3, maxAttempts: 1 })
    await tmdb.fetchMovie(1)
    await tmdb.fetchMovie(2)
    await expect(tmdb.fetchMovie(3)).rejects.toMatchObject({
      name: 'SourceError',
      retryable: true,
      message: 'tmdb: 3 movies in a row could not be had, the last for server_error',
    })
  })

  it('does not happen as long as some movies are answered', async () => {
    const { tmdb } = await openSample([{ trouble: { kind: 'status', status: 500 }, every: 2 }], {
      maxFailuresInRow: 2,
      maxAttempts: 1,
    })
    const outcomes: string[] = []
    for (let id = 0; id < 10; id++) outcomes.push((await tmdb.fetchMovie(0)).outcome)
    expect(new Set(outcomes)).toEqual(new Set(['not_found', 'failed']))
  })
})

describe('stopping', () => {
  it.each([
    ['an answer', [{ trouble: { kind: 'hang' } }] as Misbehaviour],
    ['Retry-After', fails(429, 9, 30)],
    ['a retry', fails(500, 9)],
  ])('ends a wait for %s at once with StoppedError', async (_, rules) => {
    const stop = new AbortController()
    const { server, tmdb } = await openSample(rules, { clock: undefined, random: () => 0.999, signal: stop.signal })
    const stopped = tmdb.fetchMovie(597).catch((thrown: unknown) => thrown)
    while (server.requests.total === 0) await sleep(2)
    await sleep(50)
    const startMs = performance.now()
    stop.abort()
    expect(await stopped).toBeInstanceOf(StoppedError)
    expect(performance.now() - startMs).toBeLessThan(300)
  })

  it('ends one call by the signal of that call, and leaves the others', async () => {
    const { tmdb } = await openSample([{ trouble: { kind: 'hang' }, movieIds: [597] }], { clock: undefined })
    const stop = new AbortController()
    const hanging = tmdb.fetchMovie(597, stop.signal)
    stop.abort()
    await expect(hanging).rejects.toBeInstanceOf(StoppedError)
    expect(await tmdb.fetchMovie(19995)).toMatchObject({ outcome: 'ok' })
  })

  it('throws the error it was stopped with', async () => {
    const reason = new StoppedError('stopped by SIGTERM', { signal: 'SIGTERM' })
    const { server, tmdb } = await openSample([], { signal: AbortSignal.abort(reason) })
    await expect(tmdb.fetchMovie(597)).rejects.toBe(reason)
    expect(server.requests.total).toBe(0)
  })
})

describe('options', () => {
  it.each<[string, TmdbOptions]>([
    ['more than 40 requests a second', { ratePerSecond: 41 }],
    ['a rate that is no number', { ratePerSecond: Number.NaN }],
    ['more than 20 appended parts', { appendToResponse: Array.from({ length: 21 }, (_, n) => `part_${n}`) }],
    ['an appended part that would change the query', { appendToResponse: ['credits&api_key=1'] }],
    ['an address that is none', { baseUrl: 'themoviedb' }],
    ['an address with a password', { baseUrl: 'https://user:secret@api.themoviedb.org' }],
    ['no attempts', { maxAttempts: 0 }],
    ['a language that is none', { language: 'german' }],
    ['a key with a line break', { credential: { bearer: 'secret\r\nx: y' } }],
  ])('refuse %s', (_, options) => {
    expect(() => openTmdb(options)).toThrow(ConfigError)
    expect(() => openTmdb(options)).not.toThrow(/secret/)
  })

  it('take the address with and without /3', async () => {
    const { server } = await openSample([])
    for (const end of ['', '/', '/3', '/3/']) {
      const tmdb = openTmdb({ baseUrl: `${server.url}${end}`, credential })
      expect(await tmdb.fetchMovie(0)).toMatchObject({
        outcome: 'not_found',
        request: expect.stringMatching(/^\/3\/movie\/0/),
      })
    }
  })
})
