import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cp, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openLake, type Lake } from '../../../src/index.ts'
import { startSampleServer, type SampleServer } from '../../../src/sources/tmdb/index.ts'
import { tempFolder } from '../../engines/temp-folder.ts'
import { compiled } from '../../compiled.ts'
import type { Task } from './runner.ts'
import { testKey, testLake } from '../../pipeline/test-lake.ts'

const ids = [597, 299534, 19995, 12445, 140607, 420818, 168259, 181808]
const batch = 3
const set = {
  'ingest.movie_ids': ids,
  'ingest.batch_size': batch,
  'tmdb.concurrency': 2,
  'tmdb.rate_per_second': 40,
  'duckdb.threads': 1,
  'report.enabled': false,
}
let runner = ''
let server: SampleServer
let january = ''
let seenBefore = ''
let expected: unknown

beforeAll(async () => {
  runner = fileURLToPath(await compiled('test/suites/crash/runner.ts'))
  server = await startSampleServer({ date: '2026-01-16' })
  january = await mkdtemp(path.join(tmpdir(), 'movielake-test-'))
  await using lake = await openLake(optionsOf(january))
  await lake.run()
  seenBefore = await whatReadersSee(lake)
  server.setDate('2026-02-27')
  const copy = path.join(january, 'copy')
  for (const name of ['bronze', 'silver', 'gold', 'runs', 'published.json'])
    await cp(path.join(january, name), path.join(copy, name), { recursive: true })
  await using other = await openLake(optionsOf(copy))
  await other.run()
  expected = await results(other)
  await rm(copy, { recursive: true })
})
afterAll(async () => {
  await server.close()
  await rm(january, { recursive: true })
})

const optionsOf = (lake: string) => ({
  lake,
  cwd: '/',
  env: { TMDB_API_KEY: testKey },
  set: { ...set, 'tmdb.base_url': server.url },
})

/** Runs a task in a process of its own until it has killed itself. */
async function killed(lake: string, task: Omit<Task, 'options'>): Promise<void> {
  const child = spawn(process.execPath, [runner, JSON.stringify({ options: optionsOf(lake), ...task })], {
    stdio: 'inherit',
  })
  const [, signal]: unknown[] = await once(child, 'exit')
  expect(signal).toBe('SIGKILL')
}

/** The published run, how many films it ranks, and how popular each film is in it. */
async function whatReadersSee(lake: Lake): Promise<string> {
  const { published, rankings } = await lake.kpis()
  const films = await lake
    .table('silver.movies')
    .join(lake.table('silver.credits'), ['movie_id'], 'semi')
    .select('movie_id', 'popularity')
    .orderBy((m) => [m.movie_id])
    .collect()
  return JSON.stringify([published.run_id, rankings['highest_revenue']?.length, films])
}

/** Reads what is published again and again until it is told to stop, and then once more; answers what it has seen. */
function readAllTheTime(lake: Lake): () => Promise<ReadonlySet<string>> {
  const seen = new Set<string>()
  const stopping = new AbortController()
  const read = async (): Promise<void> => void seen.add(await whatReadersSee(lake))
  const readOn = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      await read()
      await setTimeout(400)
    }
    await read()
  }
  const reading = readOn()
  return async () => {
    stopping.abort()
    await reading
    return seen
  }
}

const results = (lake: Lake) =>
  Promise.all([
    lake
      .table('silver.movies')
      .orderBy((m) => [m.movie_id])
      .collect(),
    lake
      .table('silver.movie_measures')
      .orderBy((m) => [m.movie_id, m.measured_on])
      .collect(),
    lake
      .table('gold.rankings')
      .orderBy((m) => [m.ranking, m.rank])
      .collect(),
    lake
      .table('gold.directors')
      .orderBy((m) => [m.person_id])
      .collect(),
  ])

it.each<[string, Task['killAt']]>([
  ['in the middle of ingest', { type: 'step.progress', step: 'ingest', done: 6 }],
  ['while silver is computed', { type: 'step.progress', step: 'silver', done: 6 }],
  ['between two commits of silver', { file: 'silver/movie_companies/_delta_log/00000000000000000001.json' }],
  ['between two commits of gold', { file: 'gold/franchises/_delta_log/00000000000000000001.json' }],
  ['before it is published', { type: 'step.started', step: 'publish' }],
])('a run that is killed %s loses nothing, doubles nothing and goes on', async (_, killAt) => {
  const copy = await tempFolder()
  await cp(january, copy, { recursive: true })
  const other = await testLake(server, { lake: copy, set })
  const asked = { ...server.requests.byPath }
  const stopReading = readAllTheTime(other)
  const at = 'file' in killAt ? { file: path.join(copy, killAt.file) } : killAt
  await killed(copy, { command: 'run', killAt: at })
  expect(await stopReading()).toEqual(new Set([seenBefore]))

  const cutOff = (await other.runs())[0]
  expect(cutOff).toMatchObject({ status: 'running' })
  const again = await other.run()
  expect(again).toMatchObject({ status: 'ok', run_id: cutOff?.run_id })
  expect(await results(other)).toEqual(expected)
  const times = ids.map((id) => (server.requests.byPath[`/3/movie/${id}`] ?? 0) - (asked[`/3/movie/${id}`] ?? 0))
  expect(times.reduce((total, n) => total + n, 0)).toBeLessThanOrEqual(ids.length + batch)
  if (cutOff?.steps.length !== 0) expect(new Set(times)).toEqual(new Set([1]))
  const kept = await other
    .table('bronze.movies')
    .filter((m) => m.run_id.eq(again.run_id))
    .collect()
  expect(kept.map(({ movie_id }) => movie_id).toSorted()).toEqual(ids.toSorted())
  // ours alone: what the dead process had put aside is gone
  expect(await readdir(path.join(copy, 'tmp'))).toHaveLength(1)
})

it('an import that is killed goes on where it stopped', async () => {
  const lake = await testLake(server, { set })
  const file = path.join(await tempFolder(), 'many.ndjson')
  const count = 40_000
  const lines = Array.from({ length: count }, (_, i) => `{"id":${i + 1},"title":"M","credits":{"cast":[],"crew":[]}}\n`)
  await writeFile(file, lines.join(''))
  const killAt = { file: path.join(lake.root, 'bronze/movies/_delta_log/00000000000000000000.json') }
  await killed(lake.root, { command: 'import', files: [file], killAt })
  const [cutOff] = await lake.runs()
  const again = await lake.import([file])
  expect(again.run_id).toBe(cutOff?.run_id)
  const { kept = 0, duplicates = 0 } = again.steps[0]?.counts ?? {}
  expect(duplicates).toBeGreaterThanOrEqual(20_000)
  expect(kept + duplicates).toBe(count)
  const { rows } = await lake.sql(
    'select count(*) n, count(distinct movie_id) ids, count(distinct fetched_at) instants from bronze.movies',
  )
  expect(rows).toEqual([{ n: count, ids: count, instants: 1 }])
})

it('another command, other parameters or another day start anew', async () => {
  let now = new Date()
  const lake = await testLake(server, { set, clock: () => now })
  await killed(lake.root, { command: 'ingest', killAt: { type: 'step.progress', step: 'ingest', done: 1 } })
  const cutOff = (await lake.runs())[0]?.run_id
  await lake.close()
  const fewer = await testLake(server, { lake: lake.root, set: { ...set, 'ingest.movie_ids': [597] } })
  expect((await fewer.ingest()).run_id).not.toBe(cutOff)
  expect((await fewer.run()).run_id).not.toBe(cutOff)
  await fewer.close()
  now = new Date(now.getTime() + 25 * 60 * 60 * 1000)
  const later = await testLake(server, { lake: lake.root, set, clock: () => now })
  expect((await later.ingest()).run_id).not.toBe(cutOff)
  expect((await later.runs()).find(({ run_id }) => run_id === cutOff)).toMatchObject({ status: 'stopped' })
})
