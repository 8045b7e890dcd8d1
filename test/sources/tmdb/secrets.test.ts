import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { ConfigError } from '../../../src/errors.ts'
import { credentialOf, openTmdb, redact, type TmdbOptions } from '../../../src/sources/tmdb/index.ts'
import { serve } from './http-server.ts'
import { quickClock } from './quick-clock.ts'

const v3 = '0123456789abcdef0123456789ABCDEF'
const v4 = 'eyJhbGciOiJIUzI1NiJ9.eyJhdWQiOiJzYW1wbGUifQ.c2lnbmF0dXJl-_x'

describe('a key', () => {
  it('of 32 hexadecimal digits is a v3 key, a JSON Web Token a v4 token', () => {
    expect(credentialOf(` ${v3}\n`)).toEqual({ apiKey: v3 })
    expect(credentialOf(v4)).toEqual({ bearer: v4 })
    expect(credentialOf(`Bearer ${v4}`)).toEqual({ bearer: v4 })
  })

  it.each(['', 'opensesame', `${v3}0`, 'eyJopensesame', 'eyJ a.opensesame.c'])(
    'is refused when it is neither, and not repeated',
    (token) => {
      expect(() => credentialOf(token)).toThrow(ConfigError)
      const error: unknown = ((): unknown => {
        try {
          return credentialOf(token)
        } catch (thrown) {
          return thrown
        }
      })()
      expect(inspect(error)).not.toContain('opensesame')
    },
  )

  it('of version 4 is sent as a header, one of version 3 in the query', async () => {
    const seen: unknown[] = []
    const baseUrl = await serve((request, response) => {
      seen.push([request.url, request.headers.authorization])
      response.writeHead(404).end()
    })
    await openTmdb({ baseUrl, credential: { bearer: v4 } }).fetchMovie(1)
    await openTmdb({ baseUrl, credential: { apiKey: v3 }, appendToResponse: [] }).fetchMovie(1)
    expect(seen).toEqual([
      ['/3/movie/1?append_to_response=credits', `Bearer ${v4}`],
      [`/3/movie/1?api_key=${v3}`, undefined],
    ])
  })
})

describe.each([
  ['v3', { apiKey: v3 }, v3],
  ['v4', { bearer: v4 }, v4],
] as const)('the %s key is not in', (_, credential, secret) => {
  /** A client of a server that repeats URL and header in its answer, as some proxies do on their error pages. */
  async function openEcho(status: number, options: TmdbOptions = {}) {
    const baseUrl = await serve((request, response) => {
      const said = `no ${request.url} with ${request.headers.authorization}`
      response.writeHead(status).end(JSON.stringify({ status_code: 7, status_message: said }))
    })
    return openTmdb({ baseUrl, credential, clock: quickClock(), maxAttempts: 1, ...options })
  }

  it('the client when it is shown', async () => {
    const tmdb = await openEcho(404)
    await tmdb.fetchMovie(1)
    for (const text of [inspect(tmdb, { depth: 9, showHidden: true }), JSON.stringify(tmdb), String(tmdb)]) {
      expect(text).not.toContain(secret)
    }
  })

  it.each([200, 404, 500])('an answer with status %i', async (status) => {
    const answer = await (await openEcho(status)).fetchMovie(1)
    expect(answer.body).toContain('[redacted]')
    expect(inspect(answer, { depth: 9 })).not.toContain(secret)
  })

  it('an error about the key, a page or a spent budget', async () => {
    const thrown = await Promise.all([
      (await openEcho(401)).fetchMovie(1).catch((error: unknown) => error),
      (await openEcho(500)).fetchPage('popular', 1).catch((error: unknown) => error),
      (await openEcho(500, { maxFailuresInRow: 1 })).fetchMovie(1).catch((error: unknown) => error),
      openTmdb({ baseUrl: 'http://127.0.0.1:9', credential, maxAttempts: 1 })
        .fetchPage('popular', 1)
        .catch((error: unknown) => error),
    ])
    for (const error of thrown) {
      expect(error).toBeInstanceOf(Error)
      expect(inspect(error, { depth: 9, showHidden: true })).not.toContain(secret)
    }
  })

  it('text that was redacted', async () => {
    const tmdb = await openEcho(200)
    expect(tmdb.redact(`a ${secret} b`)).toBe('a [redacted] b')
  })
})

describe('redact', () => {
  it.each([
    [`GET /3/movie/1?api_key=${v3}&page=2`, 'GET /3/movie/1?api_key=[redacted]&page=2'],
    [`authorization: Bearer ${v4}`, 'authorization: Bearer [redacted]'],
    [`{"api_key":"${v3}"}`, '{"api_key":"[redacted]"}'],
    [`token ${v4}!`, 'token [redacted]!'],
    ['the bearer of bad news', 'the bearer [redacted] bad news'],
    ['/3/movie/603?append_to_response=credits', '/3/movie/603?append_to_response=credits'],
  ])('makes of %s', (text, expected) => {
    expect(redact(text)).toBe(expected)
  })
})
