import { once } from 'node:events'
import { request } from 'node:http'
import { connect } from 'node:net'
import { rm } from 'node:fs/promises'
import path from 'node:path'
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest'
import { DuckdbFile } from '../../src/engines/duckdb/duckdb-file.ts'
import { ConfigError, StoppedError, type Lake } from '../../src/index.ts'
import type { ErrorAnswer, FilmsAnswer, PublishedAnswer } from '../../src/dashboard/api-types.ts'
import { publishedLake, testDashboard, type TestDashboard } from './test-dashboard.ts'

let lake: Lake
let dashboard: TestDashboard
let slowEndsMs: Promise<number>
beforeAll(async () => {
  lake = await publishedLake()
  dashboard = await testDashboard(lake)
  slowEndsMs = sendSlowly()
}, 200_000)
afterAll(async () => {
  await dashboard.close()
  await lake.close()
  await rm(lake.root, { recursive: true, force: true })
})

const attacks = [
  "' OR 1=1 --",
  "'; DROP TABLE films; --",
  '") UNION SELECT * FROM meta --',
  '1) OR (1=1',
  "read_csv('/etc/passwd')",
  '$1',
  '%00',
  '../../etc/passwd',
]
const parameters = [
  'genre',
  'years',
  'month',
  'language',
  'country',
  'franchise',
  'collection',
  'director',
  'rating',
  'votes',
]

it('lets SQL in no parameter through', async () => {
  const before = await dashboard.read<FilmsAnswer>('/api/films')
  for (const name of [...parameters, 'q', 'sort', 'order', 'page', 'size'])
    for (const attack of attacks) {
      const answer = await dashboard.ask(`/api/films?${name}=${encodeURIComponent(attack)}`)
      expect([200, 400], `${name}=${attack}`).toContain(answer.status)
      // a text that is no name of a genre or title is only that
      if (answer.status === 200) expect(((await answer.json()) as FilmsAnswer).total).toBe(0)
    }
  for (const attack of attacks)
    for (const place of ['charts', 'films', 'runs', 'tables', 'search?q=x&'])
      expect([200, 400, 404]).toContain((await dashboard.ask(`/api/${place}/${encodeURIComponent(attack)}`)).status)
  expect((await dashboard.read<FilmsAnswer>('/api/films')).total).toBe(before.total)
  expect(dashboard.errors).toEqual([])
})

it('says which parameter is wrong', async () => {
  const answer = await dashboard.ask('/api/headline?years=1999-1990')
  expect(answer.status).toBe(400)
  const { message, hint } = ((await answer.json()) as ErrorAnswer).error
  expect(message).toBe('years: the smaller end first')
  expect(hint).toBe(`filters are ${parameters.join(', ')} and q`)
})

it('reads neither files nor settings through its database', async () => {
  const file = await DuckdbFile.open(path.join(lake.root, 'serving.duckdb'))
  onTestFinished(() => file.close())
  const refused = [
    "SELECT * FROM read_text('/etc/passwd')",
    "COPY films TO '/tmp/films.csv'",
    'DELETE FROM films',
    'SET enable_external_access = true',
    "ATTACH ':memory:' AS other",
    'INSTALL httpfs',
  ]
  for (const sql of refused) await expect(file.rows(sql, {}), sql).rejects.toThrow('duckdb:')
})

it('gives no file but its pages', async () => {
  for (const address of [
    '/../secret.txt',
    '/%2e%2e/secret.txt',
    '/..%2fsecret.txt',
    '/assets/..%5c..%5csecret.txt',
    '//etc/passwd',
  ])
    expect(await rawAnswer({ path: address })).not.toContain('not for anybody')
  expect(await (await dashboard.ask('/films/597')).text()).toContain('<title>films</title>')
  expect((await dashboard.ask('/nothing.js')).status).toBe(404)
})

it('answers its own host alone', async () => {
  expect(await statusOf({ path: '/api/lake', headers: { host: 'evil.example' } })).toBe(403)
  expect(await statusOf({ path: '/', headers: { host: '127.0.0.1.evil.example:80' } })).toBe(403)
  expect(await statusOf({ path: '/api/published', headers: { host: `localhost:${dashboard.port}` } })).toBe(200)
})

it('only reads, and only short addresses', async () => {
  for (const method of ['POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS'])
    expect((await dashboard.ask('/api/films', { method })).status).toBe(405)
  expect((await dashboard.ask(`/api/films?q=${'x'.repeat(9000)}`)).status).toBe(414)
  expect((await dashboard.ask(`/api/films?q=${'x'.repeat(200)}`)).status).toBe(400)
  expect((await dashboard.ask(`/api/films?${'genre=a&'.repeat(60)}`)).status).toBe(400)
  expect([414, 431]).toContain(await statusOf({ path: `/api/films?q=${'x'.repeat(100_000)}` }))
})

it('sends headers that keep a page to itself', async () => {
  const { headers } = await dashboard.ask('/')
  expect(headers.get('content-security-policy')).toMatch(/^default-src 'none'; script-src 'self'; style-src 'self';/)
  expect(headers.get('content-security-policy')).not.toContain('unsafe')
  expect(headers.get('x-content-type-options')).toBe('nosniff')
  expect(headers.get('access-control-allow-origin')).toBeNull()
})

it('answers 200 requests at once, or says to come back', async () => {
  const answers = await Promise.all(
    Array.from({ length: 200 }, (_, i) => dashboard.ask(`/api/films?years=${1900 + i}-&q=a`)),
  )
  const statuses = new Set(answers.map(({ status }) => status))
  expect([...statuses].filter((status) => status !== 200 && status !== 503)).toEqual([])
  expect(answers.filter(({ status }) => status === 200).length).toBeGreaterThan(100)
  expect((await dashboard.ask('/api/films')).status).toBe(200)
}, 200_000)

it('tells events to who comes after many that have gone, or that asked only for the head', async () => {
  for (let i = 0; i < 70; i += 1) {
    expect((await dashboard.ask('/api/events', { method: 'HEAD' })).status).toBe(200)
    const leaving = new AbortController()
    expect((await dashboard.ask('/api/events', { signal: leaving.signal })).status).toBe(200)
    leaving.abort()
  }
})

it('lets go of a client that sends slowly', async () => {
  expect(await slowEndsMs).toBeLessThan(60_000)
}, 200_000)

it('stops a query when its client goes', async () => {
  const file = await DuckdbFile.open(path.join(lake.root, 'serving.duckdb'))
  onTestFinished(() => file.close())
  const leaving = new AbortController()
  const long = file.rows(
    'SELECT sum(a.range * b.range) AS n FROM range(1000000) a, range(100000) b',
    { n: 'double' },
    [],
    leaving.signal,
  )
  setTimeout(() => leaving.abort(), 100)
  const startedMs = Date.now()
  await expect(long).rejects.toThrow(StoppedError)
  expect(Date.now() - startedMs).toBeLessThan(60_000)
})

it('asks for the token, and takes it as bearer or once in the address', async () => {
  const token = 'a-token-of-the-test'
  const guarded = await testDashboard(lake, { token })
  onTestFinished(() => guarded.close())
  expect((await guarded.ask('/api/lake')).status).toBe(401)
  expect((await guarded.ask('/api/lake', { headers: { authorization: 'Bearer wrong' } })).status).toBe(401)
  expect((await guarded.ask('/api/lake', { headers: { authorization: `Bearer ${token}` } })).status).toBe(200)
  const first = await guarded.ask(`/films?token=${token}&years=1990-`, { redirect: 'manual' })
  expect([first.status, first.headers.get('location')]).toEqual([303, '/films?years=1990-'])
  const cookie = first.headers.get('set-cookie') ?? ''
  expect(cookie).toMatch(/HttpOnly; SameSite=Strict/)
  expect(cookie).not.toContain(token)
  expect((await guarded.ask('/api/lake', { headers: { cookie: cookie.split(';')[0] ?? '' } })).status).toBe(200)
})

it('lets a browser know two of them by two tokens', async () => {
  const guarded = await Promise.all(
    ['a-token-of-the-test', 'another-of-the-test'].map((token) => testDashboard(lake, { token })),
  )
  onTestFinished(async () => {
    for (const each of guarded) await each.close()
  })
  const jar = new Map<string, string>()
  for (const { url } of guarded) {
    const { headers } = await fetch(url, { redirect: 'manual' })
    const [name = '', value = ''] = headers.get('set-cookie')?.split(/[=;]/) ?? []
    jar.set(name, value)
  }
  const cookie = Array.from(jar, ([name, value]) => `${name}=${value}`).join('; ')
  for (const each of guarded) expect((await each.ask('/api/lake', { headers: { cookie } })).status).toBe(200)
})

it('says without a token that it answers, and no more', async () => {
  const guarded = await testDashboard(lake, { token: 'a-token-of-the-test' })
  onTestFinished(() => guarded.close())
  const answer = await guarded.ask('/healthz')
  expect([answer.status, await answer.text()]).toEqual([200, 'ok'])
})

it('makes a token where other machines reach it, and refuses a short one', async () => {
  const open = await testDashboard(lake, { host: '0.0.0.0' })
  onTestFinished(() => open.close())
  expect(open.url).toMatch(/\?token=[\w-]{32}$/)
  expect((await open.ask('/api/lake')).status).toBe(401)
  await expect(testDashboard(lake, { token: 'short' })).rejects.toThrow(ConfigError)
})

it('says so when the port is taken', async () => {
  await expect(testDashboard(lake, { port: dashboard.port })).rejects.toThrow(`port ${dashboard.port} is taken`)
})

it('goes over to a new publication while pages are open, and tells them', async () => {
  const events = await dashboard.ask('/api/events')
  const reader = events.body?.pipeThrough(new TextDecoderStream()).getReader()
  onTestFinished(() => reader?.cancel())
  const first = await dashboard.read<PublishedAnswer>('/api/published')
  expect((await reader?.read())?.value).toContain(first.run_id)
  await lake.import([await payloadFile()])
  const { run_id } = await lake.build()
  let told = ''
  while (!told.includes(run_id) || !told.includes('event: runs')) told += (await reader?.read())?.value ?? ''
  expect((await dashboard.read<PublishedAnswer>('/api/published')).run_id).toBe(run_id)
  expect((await dashboard.ask('/api/films/603')).status).toBe(200)
}, 200_000)

/** Milliseconds until the server lets go of a client that never ends its headers; other tests go on meanwhile. */
async function sendSlowly(): Promise<number> {
  const socket = connect(dashboard.port, '127.0.0.1')
  socket.write('GET /api/lake HTTP/1.1\r\nHost: localhost\r\nX-Slow: ')
  const startedMs = Date.now()
  socket.resume()
  await once(socket, 'close')
  return Date.now() - startedMs
}

async function payloadFile(): Promise<string> {
  const { writeFile } = await import('node:fs/promises')
  const file = path.join(lake.root, 'payload.ndjson')
  const payload = {
    id: 603,
    title: 'The Matrix',
    status: 'Released',
    release_date: '1999-03-31',
    budget: 63_000_000,
    revenue: 463_517_383,
    vote_average: 8.2,
    vote_count: 26_000,
    popularity: 80,
    runtime: 136,
    original_language: 'en',
    overview: 'A hacker learns the truth.',
    tagline: 'Free your mind.',
    genres: [{ id: 28, name: 'Action' }],
    production_countries: [{ iso_3166_1: 'US', name: 'United States of America' }],
    credits: { cast: [{ id: 6384, name: 'Keanu Reeves', character: 'Neo', order: 0, credit_id: 'a' }], crew: [] },
  }
  await writeFile(file, JSON.stringify(payload))
  return file
}

interface Raw {
  readonly path: string
  readonly headers?: Readonly<Record<string, string>>
}

/** As `fetch`, which would tidy the address and the host. */
const raw = ({ path: address, headers = {} }: Raw) =>
  new Promise<{ readonly status: number; readonly text: string }>((resolve, reject) => {
    const asked = request({ port: dashboard.port, host: '127.0.0.1', path: address, headers }, (answer) => {
      let text = ''
      answer.setEncoding('utf8')
      answer.on('data', (part: string) => (text += part))
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, text }))
    })
    asked.on('error', reject)
    asked.end()
  })
const statusOf = async (asked: Raw): Promise<number> => (await raw(asked)).status
const rawAnswer = async (asked: Raw): Promise<string> => (await raw(asked)).text
