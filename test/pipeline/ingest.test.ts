import { expect, it } from 'vitest'
import { KeyError, QualityError, SourceError } from '../../src/errors.ts'
import { parseMisbehaviour } from '../../src/sources/tmdb/index.ts'
import { fewIds, newest, sampleServer, testLake } from './test-lake.ts'

const quick = { 'tmdb.timeout_ms': 1000, 'tmdb.max_attempts': 2, 'quality.max_rejection_rate': 1 }

it('keeps the answers, and refuses id 0 with reason, status and code', async () => {
  const lake = await testLake(await sampleServer(), { set: { 'ingest.movie_ids': [0, ...fewIds] } })
  const result = await lake.ingest()
  expect(result).toMatchObject({ status: 'ok', steps: [{ step: 'ingest', counts: { kept: 4, rejected: 1 } }] })
  expect(await newest(lake, 'bronze.rejected')).toMatchObject([
    { movie_id: 0, reason: 'not_found', http_status: 404, tmdb_status_code: 34, attempts: 1, run_id: result.run_id },
  ])
  expect((await newest(lake, 'bronze.movies')).map(({ movie_id }) => movie_id).sort()).toEqual([...fewIds].sort())
})

it('ends with QualityError when all are refused, after it has written them down', async () => {
  const lake = await testLake(await sampleServer(), { set: { 'ingest.movie_ids': [0] } })
  const run = lake.run()
  await expect(run).rejects.toThrow(QualityError)
  await expect(run).rejects.toMatchObject({ exitCode: 3, message: expect.stringContaining('1 of 1 answers') })
  expect(await newest(lake, 'bronze.rejected')).toHaveLength(1)
  expect((await lake.runs())[0]).toMatchObject({
    status: 'failed',
    error: { name: 'QualityError', exit_code: 3 },
    steps: [{ step: 'ingest', status: 'failed', wrote: [{ table: 'bronze.rejected', inserted: 1 }] }],
  })
})

it.each([
  [0.5, 'ok'],
  [0.49, 'QualityError'],
])('with max_rejection_rate %d one of two refused ends as %s', async (rate, end) => {
  const set = { 'ingest.movie_ids': [0, 597], 'quality.max_rejection_rate': rate }
  const lake = await testLake(await sampleServer(), { set })
  expect(
    await lake.ingest().then(
      ({ status }) => status,
      (error: Error) => error.name,
    ),
  ).toBe(end)
})

it('builds empty tables when nobody is left, and their KPIs are empty lists', async () => {
  const set = { 'ingest.movie_ids': [0], 'quality.max_rejection_rate': 1 }
  const lake = await testLake(await sampleServer(), { set })
  expect(await lake.run()).toMatchObject({ status: 'ok' })
  const { rankings, searches, franchises, directors, genres, years } = await lake.kpis()
  expect([...Object.values(rankings), ...Object.values(searches)].flat()).toEqual([])
  expect([franchises, directors, genres, years]).toEqual([[], [], [], []])
  expect(await lake.run()).toMatchObject({ status: 'unchanged' })
})

it('takes a movie out when TMDB has it no more, keeps its answers, and takes it back', async () => {
  const server = await sampleServer()
  const lake = await testLake(server, { set: { 'quality.max_rejection_rate': 1 } })
  const kept = async () => (await lake.table('silver.movies').collect()).map(({ movie_id }) => movie_id).sort()
  await lake.run()
  server.setMisbehaviour(parseMisbehaviour('404:movies=597'))
  expect(await lake.run()).toMatchObject({ status: 'ok' })
  expect(await kept()).toEqual([12445, 19995, 299534])
  expect(
    await lake
      .table('gold.movie_performance')
      .filter((m) => m.movie_id.eq(597))
      .count(),
  ).toBe(0)
  const gone = await lake.show(597)
  expect(gone).toMatchObject({ movie: null, answers: [{ http_status: 404 }, { http_status: 200 }] })
  expect(gone?.rejections).toMatchObject([{ reason: 'not_found' }])
  server.setMisbehaviour([])
  await lake.run()
  expect(await kept()).toEqual([12445, 19995, 299534, 597])
  expect((await lake.show(597))?.performance).toMatchObject({ title: 'Titanic' })
})

// most of each is waiting
it.concurrent.for([
  ['429:times=1,retry_after=1', 'ok'],
  ['429:times=1,retry_after=date', 'ok'],
  ['500:times=1', 'ok'],
  ['hang:times=1', 'ok'],
  ['cut:times=1', 'ok'],
  ['not_json:times=1', 'ok'],
  ['drop:times=1', 'ok'],
  ['500:movies=597', 'server_error'],
  ['hang:movies=597', 'timeout'],
  ['drop:movies=597', 'network'],
  ['cut:movies=597', 'not_json'],
  ['not_json:movies=597', 'not_json'],
  ['success_false:movies=597', 'success_false'],
  ['wrong_movie:movies=597', 'id_mismatch'],
] as const)('against %s Titanic ends as %s, and the others are kept', async ([misbehave, end], { onTestFinished }) => {
  const server = await sampleServer({ misbehave: parseMisbehaviour(misbehave) }, onTestFinished)
  const set = { ...quick, 'tmdb.timeout_ms': misbehave.startsWith('hang') ? 4000 : 30_000 }
  const lake = await testLake(server, { set }, onTestFinished)
  const { steps } = await lake.ingest()
  const refused = await lake.sql('select movie_id, reason from bronze.rejected').catch(() => ({ rows: [] }))
  expect(refused.rows).toEqual(end === 'ok' ? [] : [{ movie_id: 597, reason: end }])
  expect(steps[0]?.counts).toMatchObject({ kept: end === 'ok' ? 4 : 3 })
})

it.concurrent('warns once when TMDB asks many to slow down, and writes it down', async ({ onTestFinished }) => {
  const server = await sampleServer({ misbehave: parseMisbehaviour('429:times=1,retry_after=1') }, onTestFinished)
  const lake = await testLake(server, {}, onTestFinished)
  const warnings: string[] = []
  lake.on((event) => void (event.type === 'warning' && warnings.push(event.message)))
  await lake.ingest()
  expect(warnings).toEqual(['TMDB asks to slow down: waiting 1 s'])
})

it.concurrent('never asks more often than 40 times in a second, retries included', async ({ onTestFinished }) => {
  const server = await sampleServer({ misbehave: parseMisbehaviour('500:every=7') }, onTestFinished)
  const ids = Array.from({ length: 80 }, (_, i) => 600 + i)
  const set = { 'ingest.movie_ids': ids, 'tmdb.rate_per_second': 40, 'quality.max_rejection_rate': 1 }
  const lake = await testLake(server, { set }, onTestFinished)
  await lake.ingest()
  expect(server.requests.total).toBeGreaterThan(80)
  expect(server.requests.maxPerSecond).toBeLessThanOrEqual(40)
})

it.concurrent('gives up when nothing can be had, to be tried again later', async ({ onTestFinished }) => {
  const server = await sampleServer({ misbehave: parseMisbehaviour('drop') }, onTestFinished)
  const ids = Array.from({ length: 30 }, (_, i) => 600 + i)
  const lake = await testLake(
    server,
    { set: { ...quick, 'tmdb.max_attempts': 1, 'ingest.movie_ids': ids } },
    onTestFinished,
  )
  const run = lake.ingest()
  await expect(run).rejects.toThrow(SourceError)
  await expect(run).rejects.toMatchObject({ exitCode: 75, retryable: true })
})

it('stops at once when the key is refused in the middle, and keeps what it has', async () => {
  const server = await sampleServer({ misbehave: parseMisbehaviour('401:from=3') })
  const lake = await testLake(server, { set: { 'tmdb.concurrency': 1 } })
  const run = lake.run()
  await expect(run).rejects.toThrow(KeyError)
  await expect(run).rejects.toMatchObject({ exitCode: 5 })
  expect(server.requests.total).toBe(3)
  expect(await newest(lake, 'bronze.movies')).toHaveLength(2)
  expect((await lake.runs())[0]).toMatchObject({ status: 'failed', steps: [{ counts: { kept: 2 } }] })
})

it('asks for the pages of a list', async () => {
  const server = await sampleServer()
  const set = { 'ingest.sources': ['popular'], 'ingest.pages': 2 }
  const lake = await testLake(server, { set })
  expect((await lake.ingest()).steps[0]?.counts).toMatchObject({ kept: 40 })
  expect(server.requests.byPath['/3/movie/popular']).toBe(2)
})

it('gives up when no movie of a short list can be had, and has them when it is asked again', async () => {
  const server = await sampleServer({ misbehave: parseMisbehaviour('drop') })
  const lake = await testLake(server, { set: { 'tmdb.max_attempts': 1 } })
  await expect(lake.ingest()).rejects.toMatchObject({ name: 'SourceError', exitCode: 75, retryable: true })
  server.setMisbehaviour([])
  const again = await lake.ingest()
  expect(again.run_id).toBe((await lake.runs()).at(-1)?.run_id)
  expect(again.steps[0]?.counts).toMatchObject({ kept: 4, skipped: 0 })
})
