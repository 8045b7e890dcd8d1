import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { get, type IncomingMessage } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { gunzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { ConfigError } from '../../../../src/errors.ts'
import { parseMisbehaviour, startSampleServer } from '../../../../src/sources/tmdb/index.ts'
import { ask, startSample } from '../sample.ts'

interface List {
  page: number
  results: Record<string, unknown>[]
  total_pages: number
  total_results: number
}

const error = (code: number, message: string): object => ({
  success: false,
  status_code: code,
  status_message: message,
})
const notFound = error(34, 'The resource you requested could not be found.')
const badKey = error(7, 'Invalid API key: You must be granted a valid key.')
const badPage = error(22, 'Invalid page: Pages start at 1 and max at 500. They are expected to be an integer.')

// first, as a process reads the catalogue once
it('the sample server is ready after 300 ms of work', async () => {
  const before = process.cpuUsage()
  await startSample()
  const { user, system } = process.cpuUsage(before)
  expect((user + system) / 1000).toBeLessThan(300)
})

describe('a movie', () => {
  it('comes with the fields of TMDB in its order, and the parts asked for', async () => {
    const server = await startSample({ date: '2025-12-09' })
    const { status, headers, body } = await ask(server, '/3/movie/299534?append_to_response=credits,release_dates')
    expect([status, headers.get('content-type')]).toEqual([200, 'application/json;charset=utf-8'])
    expect(Object.keys(body).join(' ')).toBe(
      'adult backdrop_path belongs_to_collection budget genres homepage id imdb_id origin_country original_language ' +
        'original_title overview popularity poster_path production_companies production_countries release_date revenue ' +
        'runtime spoken_languages status tagline title video vote_average vote_count credits',
    )
    expect(body).toMatchObject({
      budget: 356000000,
      belongs_to_collection: { id: 86311, name: 'The Avengers Collection' },
      production_companies: [{ id: 420, logo_path: null, name: 'Marvel Studios', origin_country: 'US' }],
      spoken_languages: [
        { iso_639_1: 'en' },
        { english_name: 'Japanese', name: '日本語' },
        { iso_639_1: 'xh', name: '' },
      ],
      credits: { cast: { length: 105, 0: { name: 'Robert Downey Jr.', order: 0 } }, crew: { length: 607 } },
    })
  })

  it('comes without parts when none are asked for, and under its name', async () => {
    const server = await startSample()
    const { body } = await ask(server, '/3/movie/603-the-matrix?language=de-DE')
    expect(body).toMatchObject({ id: 603, title: 'The Matrix', softcore: false })
    expect(body).not.toHaveProperty('credits')
  })

  it('has its credits and keywords apart too', async () => {
    const server = await startSample()
    expect((await ask(server, '/3/movie/603/credits')).body).toMatchObject({
      id: 603,
      cast: { 0: { name: 'Keanu Reeves' } },
    })
    expect((await ask(server, '/3/movie/603/keywords')).body).toMatchObject({ id: 603, keywords: { length: 8 } })
  })

  it('is the same bytes on the same day and other ones on another', async () => {
    const hashes: string[] = []
    for (const date of ['2026-01-16', '2026-02-26', '2026-02-27']) {
      const { text } = await ask(await startSample({ date }), '/3/movie/597?append_to_response=credits')
      hashes.push(createHash('sha256').update(text).digest('hex'))
    }
    expect(hashes[1]).toBe(hashes[0])
    expect(hashes[2]).not.toBe(hashes[0])
  })

  it('is not sent again to who has it', async () => {
    const server = await startSample()
    const { headers } = await ask(server, '/3/movie/597')
    const again = await ask(server, '/3/movie/597', {
      authorization: 'Bearer x',
      'if-none-match': headers.get('etag') ?? '',
    })
    expect([again.status, again.text]).toEqual([304, ''])
    server.setDate('2025-12-09')
    const changed = await ask(server, '/3/movie/597', {
      authorization: 'Bearer x',
      'if-none-match': headers.get('etag') ?? '',
    })
    expect(changed.status).toBe(200)
  })

  it('is packed only for who unpacks', async () => {
    const server = await startSample()
    expect((await ask(server, '/3/movie/597')).headers.get('content-encoding')).toBe('gzip')
    const plain = await ask(server, '/3/movie/597', { authorization: 'Bearer x', 'accept-encoding': 'identity' })
    expect(plain.headers.get('content-encoding')).toBeNull()
  })
})

describe('an error has the status and the body of TMDB', () => {
  it.each([
    ['a movie it lacks', '/3/movie/0', 404, notFound],
    [
      'a movie whose id is no number',
      '/3/movie/abc',
      404,
      error(6, 'Invalid id: The pre-requisite id is invalid or not found.'),
    ],
    ['a path it lacks', '/3/tv/1', 404, notFound],
    ['a part it lacks', '/3/movie/603/images', 404, notFound],
    [
      'too many parts',
      `/3/movie/603?append_to_response=${Array(21).fill('a')}`,
      400,
      error(27, 'Too many append to response objects: The maximum number of remote calls is 20.'),
    ],
    ['page 0', '/3/movie/popular?page=0', 400, badPage],
    ['page 501', '/3/discover/movie?page=501', 400, badPage],
    ['a page that is no number', '/3/movie/top_rated?page=x', 400, badPage],
    [
      'changes of more than 14 days',
      '/3/movie/changes?start_date=2026-01-01&end_date=2026-01-16',
      422,
      error(20, 'Invalid date range: Should be a range no longer than 14 days.'),
    ],
    [
      'a date that is none',
      '/3/movie/changes?start_date=01/01/2026',
      400,
      error(23, 'Invalid date: Format needs to be YYYY-MM-DD.'),
    ],
  ])('for %s', async (_, path, status, body) => {
    expect(await ask(await startSample(), path)).toMatchObject({ status, body })
  })

  it('for a key that is missing or another one', async () => {
    const any = await startSample()
    expect(await ask(any, '/3/movie/597', {})).toMatchObject({ status: 401, body: badKey })
    expect(await ask(any, '/3/movie/597?api_key=x', {})).toMatchObject({ status: 200 })
    const one = await startSample({ token: 'right' })
    expect(await ask(one, '/3/authentication', { authorization: 'Bearer wrong' })).toMatchObject({
      status: 401,
      body: badKey,
    })
    expect(await ask(one, '/3/authentication', { authorization: 'Bearer right' })).toMatchObject({
      status: 200,
      body: { success: true, status_code: 1, status_message: 'Success.' },
    })
  })

  it('for more requests in a second than allowed', async () => {
    const server = await startSample({ ratePerSecond: 2 })
    const statuses = await Promise.all([1, 2, 3].map(async () => (await ask(server, '/3/movie/0')).status))
    expect(statuses.sort()).toEqual([404, 404, 429])
    expect(server.requests.maxPerSecond).toBe(3)
  })

  it('for another method than GET', async () => {
    const server = await startSample()
    const response = await fetch(`${server.url}/3/movie/597`, { method: 'POST' })
    expect([response.status, await response.json()]).toMatchObject([405, { status_code: 4 }])
  })
})

describe('a list', () => {
  it.each(['popular', 'top_rated'])('of %s movies has 20 a page, without money and credits, and ends', async (name) => {
    const server = await startSample()
    const { body } = await ask<List>(server, `/3/movie/${name}`)
    expect(body.results).toHaveLength(20)
    expect(Object.keys(body.results[0] ?? {}).join(' ')).toBe(
      'adult backdrop_path genre_ids id original_language original_title overview popularity poster_path release_date ' +
        'title video vote_average vote_count',
    )
    expect(body.total_pages).toBe(Math.ceil(body.total_results / 20))
    const beyond = await ask<List>(server, `/3/movie/${name}?page=${body.total_pages + 1}`)
    expect(beyond).toMatchObject({ status: 200, body: { results: [], page: body.total_pages + 1 } })
  })

  it('of popular movies is ordered by popularity, of top rated ones by rating', async () => {
    const server = await startSample()
    for (const [name, key] of [
      ['popular', 'popularity'],
      ['top_rated', 'vote_average'],
    ] as const) {
      const { body } = await ask<List>(server, `/3/movie/${name}`)
      const values = body.results.map((row) => Number(row[key]))
      expect(values).toEqual([...values].sort((a, b) => b - a))
    }
  })

  it('of movies in cinemas and coming ones follows the day', async () => {
    const server = await startSample({ date: '2025-12-09' })
    const coming = await ask<List>(server, '/3/movie/upcoming')
    expect(coming.body.results.map((row) => row.title)).toContain('Avatar: Fire and Ash')
    server.setDate('2026-01-16')
    const playing = await ask<List & { dates: unknown }>(server, '/3/movie/now_playing')
    expect(playing.body.results.map((row) => row.title)).toContain('Avatar: Fire and Ash')
    expect(playing.body.dates).toEqual({ maximum: '2026-01-16', minimum: '2025-12-02' })
  })

  it('of discovered movies is filtered and ordered as asked', async () => {
    const server = await startSample()
    const query = 'with_genres=878,28&primary_release_year=1999&sort_by=revenue.desc'
    const { body } = await ask<List>(server, `/3/discover/movie?${query}`)
    expect(body.results.map((row) => row.title)).toEqual(['Star Wars: Episode I - The Phantom Menace', 'The Matrix'])
    const oldest = await ask<List>(server, '/3/discover/movie?with_genres=37|36&sort_by=primary_release_date.asc')
    expect(oldest.body.results[0]).toMatchObject({ release_date: expect.stringMatching(/^19/) })
  })
})

describe('changes', () => {
  it('are the ids of movies whose facts changed between two days', async () => {
    const server = await startSample()
    const { body } = await ask<List>(server, '/3/movie/changes?start_date=2026-02-20&end_date=2026-02-27')
    const ids = body.results.map((row) => row.id)
    expect(ids).toEqual(expect.arrayContaining([18475, 50875, 256040, 299534]))
    expect(body).toMatchObject({ page: 1, total_pages: 1, total_results: ids.length })
    expect(body.results[0]).toEqual({ id: expect.any(Number), adult: false })
  })

  it('are those of the last day when no dates are given, and none of a day to come', async () => {
    const server = await startSample({ date: '2026-02-27' })
    expect((await ask<List>(server, '/3/movie/changes')).body.total_results).toBeGreaterThan(10)
    const later = await ask<List>(server, '/3/movie/changes?start_date=2026-07-25&end_date=2026-07-31')
    expect(later.body.total_results).toBe(0)
  })
})

describe('the daily export', () => {
  it('has a line for every movie of its day, without a key', async () => {
    const server = await startSample({ date: '2026-02-27' })
    const response = await fetch(`${server.url}/p/exports/movie_ids_01_16_2026.json.gz`)
    const lines = gunzipSync(Buffer.from(await response.arrayBuffer()))
      .toString()
      .trim()
      .split('\n')
    const rows = lines.map((line) => JSON.parse(line) as { id: number; original_title: string })
    expect(rows.length).toBeGreaterThan(400)
    expect(rows.find((row) => row.id === 597)).toEqual({
      adult: false,
      id: 597,
      original_title: 'Titanic',
      popularity: expect.any(Number),
      video: false,
    })
    expect(rows.some((row) => row.id === 25186)).toBe(false)
  })

  it.each(['02_28_2026', '12_01_2025', '13_40_2026'])('of %s is not there', async (day) => {
    const server = await startSample({ date: '2026-02-27' })
    expect((await fetch(`${server.url}/p/exports/movie_ids_${day}.json.gz`)).status).toBe(404)
  })
})

describe('the server', () => {
  it('refuses a port that is taken and a day it does not know', async () => {
    const { url } = await startSample()
    await expect(startSampleServer({ port: Number(new URL(url).port) })).rejects.toBeInstanceOf(ConfigError)
    await expect(startSampleServer({ date: '2001-01-01' })).rejects.toBeInstanceOf(ConfigError)
  })

  it('tells of every answer, without keys', async () => {
    const told: object[] = []
    const server = await startSample({ log: (entry) => told.push(entry) })
    await ask(server, '/3/movie/0?api_key=very-secret&append_to_response=credits', {})
    expect(told).toEqual([{ path: '/3/movie/0?append_to_response=credits', status: 404 }])
    expect(server.requests).toMatchObject({ total: 1, byStatus: { 404: 1 }, byPath: { '/3/movie/0': 1 } })
  })

  it('takes up other rules while it runs, and counts on', async () => {
    const server = await startSample({ misbehave: [{ trouble: { kind: 'status', status: 500 } }] })
    expect((await ask(server, '/3/movie/597')).status).toBe(500)
    server.setMisbehaviour([{ trouble: { kind: 'status', status: 503 }, from: 2, to: 2 }])
    expect((await ask(server, '/3/movie/597')).status).toBe(503)
    expect((await ask(server, '/3/movie/597')).status).toBe(200)
  })

  it('closes while answers are outstanding', async () => {
    const server = await startSampleServer({ misbehave: [{ trouble: { kind: 'hang' } }] })
    const asked = once(get(`${server.url}/3/movie/597`), 'response').catch((thrown: unknown) => thrown)
    while (server.requests.total === 0) await sleep(5)
    await server.close()
    expect(await asked).toBeInstanceOf(Error)
  })
})

describe('a misbehaving server', () => {
  it.each([
    ['429', 429, error(25, 'Your request count (#) is over the allowed limit of (40).')],
    ['500', 500, error(11, 'Internal error: Something went wrong, contact TMDB.')],
    ['503', 503, error(9, 'Service offline: This service is temporarily offline, try again later.')],
    ['401', 401, badKey],
    ['success_false', 200, error(11, 'Internal error: Something went wrong, contact TMDB.')],
  ])('answers %s with the body of TMDB', async (rule, status, body) => {
    const server = await startSample({ misbehave: parseMisbehaviour(rule) })
    expect(await ask(server, '/3/movie/597')).toMatchObject({ status, body })
  })

  it('says how long to wait in seconds, as a date, or not at all', async () => {
    const after = async (retryAfter?: number | 'date') => {
      const trouble = { kind: 'status', status: 429, ...(retryAfter === undefined ? {} : { retryAfter }) } as const
      return (await ask(await startSample({ misbehave: [{ trouble }] }), '/3/movie/597')).headers.get('retry-after')
    }
    expect(await after(7)).toBe('7')
    expect(Math.abs(Date.parse((await after('date')) ?? '') - Date.now())).toBeLessThan(2000)
    expect(await after()).toBeNull()
  })

  it('cuts bodies, breaks connections, answers with another movie or half a body', async () => {
    const broken = async (kind: 'cut' | 'drop') =>
      ask(await startSample({ misbehave: [{ trouble: { kind } }] }), '/3/movie/597')
    await expect(broken('cut')).rejects.toThrow('terminated')
    await expect(broken('drop')).rejects.toThrow('fetch failed')
    const other = await ask(await startSample({ misbehave: [{ trouble: { kind: 'wrong_movie' } }] }), '/3/movie/597')
    expect(other.body).toMatchObject({ id: 598, title: 'Titanic' })
    const half = await startSample({ misbehave: [{ trouble: { kind: 'not_json' } }] })
    await expect(ask(half, '/3/movie/597')).rejects.toThrow(SyntaxError)
  })
})

it.each(['//', 'http://[/', '/3/movie/%ZZ'])('answers a target that is no URL, %s, and goes on', async (path) => {
  const server = await startSample()
  const [response] = (await once(get(`${server.url}`, { path }), 'response')) as [IncomingMessage]
  response.resume()
  expect(response.statusCode).toBeGreaterThanOrEqual(400)
  expect((await ask(server, '/3/configuration')).status).toBe(200)
})
