import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Kpis, RunRecord } from '../../src/index.ts'
import { StoppedError } from '../../src/errors.ts'
import { call, emptyFolder, type Called } from './call.ts'

let cwd = ''
let first: Called = { code: -1, stdout: '', stderr: '' }

beforeAll(async () => {
  cwd = mkdtempSync(join(tmpdir(), 'movielake-cli-lake-'))
  writeFileSync(join(cwd, 'movielake.yaml'), 'duckdb: { threads: 1 }\n')
  first = await call(['run'], { cwd })
})
afterAll(() => rmSync(cwd, { recursive: true, force: true }))

const inLake = (...argv: string[]): Promise<Called> => call(argv, { cwd })

it('run prints the KPIs, where the tables lie and what to do next', () => {
  expect(first.code).toBe(0)
  for (const title of [
    'Highest revenue',
    'Lowest rated',
    'Search uma_thurman_tarantino',
    'Franchise vs standalone',
    'Top directors',
  ])
    expect(first.stdout).toContain(title)
  expect(first.stdout).toContain(`Tables  Delta Lake, in ${join(cwd, 'lake')}`)
  expect(first.stdout).toContain('movielake kpis --json')
})

it('run says loudly that there is no key', () => {
  expect(first.stderr).toContain('No TMDB_TOKEN set: the answers come from the sample server')
  expect(first.stdout).toContain('TMDB_TOKEN')
})

it('kpis prints one document with --json, as the tables hold it', async () => {
  const { code, stdout, stderr } = await inLake('kpis', '--json', '--top', '3')
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  const kpis: Kpis = JSON.parse(stdout)
  expect(Object.keys(kpis.rankings)).toHaveLength(10)
  expect(kpis.rankings['highest_revenue']?.map(({ title }) => title)).toEqual([
    'Avatar',
    'Avengers: Endgame',
    'Titanic',
  ])
  expect(kpis.directors).toHaveLength(3)
})

it('kpis writes one CSV a table, with a header even when it is empty', async () => {
  await inLake('kpis', '--csv', 'out')
  expect(readFileSync(join(cwd, 'out/search_results.csv'), 'utf8')).toMatch(/^search,rank,movie_id,title/)
  expect(readFileSync(join(cwd, 'out/rankings.csv'), 'utf8').split('\r\n')).toContain(
    'highest_revenue,1,19995,Avatar,2923.706026,million USD',
  )
})

it('query prints a table, CSV and JSON', async () => {
  const sql = 'select movie_id, title from silver.movies where movie_id in (597, 19995) order by 1'
  expect((await inLake('query', sql)).stdout).toBe(
    'movie_id  title\n--------  -------\n     597  Titanic\n   19995  Avatar\n',
  )
  expect((await inLake('query', '--csv', sql)).stdout).toBe('movie_id,title\r\n597,Titanic\r\n19995,Avatar\r\n')
  expect(JSON.parse((await inLake('query', '--json', sql)).stdout)).toEqual([
    { movie_id: 597, title: 'Titanic' },
    { movie_id: 19995, title: 'Avatar' },
  ])
})

it('query reads SQL from standard input and tables at a version', async () => {
  const stdin = 'select count(*) as n from silver.movies'
  const { stdout } = await call(['query', '-', '--version', '0', '--json'], { cwd, stdin })
  expect(JSON.parse(stdout)).toEqual([{ n: 18 }])
})

it('query ends with 1 and the reason when the SQL is wrong', async () => {
  const { code, stdout, stderr } = await inLake('query', 'select nothing from silver.movies')
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
  expect(stderr).toMatch(/^error: .*nothing/)
  expect(stderr).not.toContain('bug')
})

it.each([
  ["EXPORT DATABASE 'out'", 'EXPORT is no query'],
  ["/* here */ -- and there\n import database 'out'", 'IMPORT is no query'],
  ["COPY (SELECT 1) TO 'out.csv'", 'COPY is no query'],
  ['show tables', 'movielake tables lists'],
  ['PIVOT gold.rankings ON rank USING first(title) GROUP BY ranking', 'ON rank IN'],
])('query refuses %s, and leaves nothing behind', async (sql, message) => {
  const before = readdirSync(cwd)
  expect(await inLake('query', sql)).toMatchObject({ code: 1, stderr: expect.stringContaining(message) })
  expect(readdirSync(cwd)).toEqual(before)
})

it('says which table may be meant', async () => {
  expect((await inLake('history', 'silver.movie')).stderr).toContain('is it silver.movies?')
  expect((await inLake('history', 'directors')).stderr).toContain('is it gold.directors?')
  expect((await inLake('history', 'bronze')).stderr).toContain('its tables are bronze.movies, bronze.rejected')
})

it('says that a file is no lake, and 70000 no port', async () => {
  const options = { cwd: emptyFolder() }
  writeFileSync(join(options.cwd, 'file'), '')
  for (const command of ['tables', 'kpis', 'runs'])
    expect((await call([command, '--lake', 'file'], options)).stderr).toContain(
      'there is a file where a folder is needed',
    )
  expect(await call(['serve', '--port', '70000'], options)).toMatchObject({ code: 2 })
})

it('show prints a movie, and why another is not there', async () => {
  expect((await inLake('show', '597')).stdout).toMatch(/^╭─ Titanic \(1997-12-18\) ─+╮\n[^]*│ revenue +█+ 2,264.2 M\$/)
  expect((await inLake('show', '0')).stdout).toMatch(/rejected +not_found/)
  expect(await inLake('show', '603')).toMatchObject({ code: 2, stdout: '' })
})

it('tables, history, schema and runs tell about the lake', async () => {
  expect((await inLake('tables')).stdout).toMatch(/^silver\.movies +18 +0 +0/m)
  expect((await inLake('history', 'silver.movies')).stdout).toMatch(/^ +0 +\d{4}-\d\d-\d\d/m)
  expect((await inLake('schema', 'gold.directors')).stdout).toMatch(/^person_id +bigint/m)
  const records: readonly RunRecord[] = JSON.parse((await inLake('runs', '--json')).stdout)
  const run = records.find(({ command }) => command === 'run')
  expect((await inLake('runs', run?.run_id ?? '')).stdout).toMatch(/^ingest +ok/m)
  expect(await inLake('runs', 'nope')).toMatchObject({ code: 2 })
})

it('export writes what import reads', async () => {
  expect((await inLake('export', '-o', 'all.ndjson.gz')).stdout).toContain('18 movies in')
  const text = gunzipSync(readFileSync(join(cwd, 'all.ndjson.gz'))).toString()
  expect((await inLake('export')).stdout).toBe(text)
  expect(await inLake('export', '-o', 'all.ndjson.gz')).toMatchObject({ code: 2 })
  const other = ['--lake', 'other', '-q']
  const imported = await inLake('import', 'all.ndjson.gz', '--fetched-at', '2025-12-09', '--json', ...other)
  expect(JSON.parse(imported.stdout)).toMatchObject({ status: 'ok', steps: [{ counts: { kept: 18 } }] })
  const again = await inLake('import', 'all.ndjson.gz', '--fetched-at', '2025-12-09', '--skip-code', '99', ...other)
  expect(again).toMatchObject({ code: 99, stderr: '' })
})

it('build says that nothing is new, and ends with the skip code', async () => {
  const { code, stdout } = await inLake('build', '--skip-code', '99')
  expect(code).toBe(99)
  expect(stdout).toContain('nothing new, nothing written')
})

it('dry runs print the plan and do nothing', async () => {
  const before = (await inLake('runs', '--json')).stdout
  expect((await inLake('run', '--dry-run')).stdout).toMatch(/^ingest +due/m)
  expect((await inLake('build', '--dry-run')).stdout).toMatch(/^silver +not due/m)
  expect((await inLake('runs', '--json')).stdout).toBe(before)
})

it.each([
  [['export'], 'there are no answers yet', 'movielake run, or: movielake import FILE'],
  [['history', 'bronze.movies'], 'there is no such table yet', 'movielake run'],
  [['history', 'gold.genres'], 'there is no such table yet', 'movielake build'],
])('%s of an empty lake say what to do', async (argv, what, remedy) => {
  const { code, stderr } = await call(argv, { cwd: emptyFolder() })
  expect(code).toBe(1)
  expect(stderr).toContain(`${argv[1] ?? 'bronze.movies'}: ${what}`)
  expect(stderr).toContain(`hint: run: ${remedy}`)
})

it('kpis of an empty lake say what to do', async () => {
  const { code, stderr } = await call(['kpis'], { cwd: emptyFolder() })
  expect(code).toBe(1)
  expect(stderr).toMatch(/^error: .*nothing has been published yet\nhint: .*movielake run/)
})

it('ends with 3 when too many movies are rejected', async () => {
  const { code, stderr } = await call(['run', '--ids', '0', '-q'], { cwd: emptyFolder() })
  expect(code).toBe(3)
  expect(stderr).toMatch(/^error: /m)
})

it('ends with 5 when the key is refused, and does not repeat it', async () => {
  const folder = emptyFolder()
  const { startSampleServer } = await import('../../src/sources/tmdb/index.ts')
  const server = await startSampleServer({ token: 'a'.repeat(32) })
  const env = { TMDB_API_KEY: 'b'.repeat(32), MOVIELAKE__TMDB__BASE_URL: server.url }
  const { code, stdout, stderr } = await call(['run', '--debug'], { cwd: folder, env })
  await server.close()
  expect(code).toBe(5)
  expect(stdout + stderr).not.toContain('b'.repeat(8))
})

it('tells a run that was cut off from one that is under way', async () => {
  const [record]: readonly RunRecord[] = JSON.parse((await inLake('runs', '--json')).stdout)
  const run_id = '20260101T000000Z-000000'
  const folder = join(cwd, 'lake/runs', run_id)
  mkdirSync(folder)
  const killed = { ...record, run_id, status: 'running', ended_at: null, duration_ms: null, steps: [] }
  writeFileSync(join(folder, 'run.json'), JSON.stringify(killed))
  expect((await inLake('runs')).stdout).toMatch(/000000Z-000000 +\w+ +cut off/)
  const now = new Date().toISOString()
  const holder = { run_id, command: 'run', pid: process.pid, host: (await import('node:os')).hostname() }
  const lock = join(cwd, 'lake/lock.json')
  writeFileSync(lock, JSON.stringify({ ...holder, started_at: now, heartbeat_at: now }))
  expect((await inLake('runs')).stdout).toMatch(/000000Z-000000 +\w+ +running/)
  rmSync(lock)
  rmSync(folder, { recursive: true })
})

it('ends with 4 while another run holds the lock, and unlock respects it', async () => {
  const holder = { run_id: 'r', command: 'run', pid: process.pid, host: (await import('node:os')).hostname() }
  const now = new Date().toISOString()
  const lock = join(cwd, 'lake/lock.json')
  writeFileSync(lock, JSON.stringify({ ...holder, started_at: now, heartbeat_at: now }))
  expect(await inLake('build')).toMatchObject({ code: 4 })
  expect(await inLake('unlock')).toMatchObject({ code: 4 })
  expect(await inLake('unlock', '--force')).toMatchObject({ code: 0 })
  expect(existsSync(lock)).toBe(false)
})

it('ends with 130 when it is stopped', async () => {
  const signal = AbortSignal.abort(new StoppedError('stopped by SIGINT', { signal: 'SIGINT' }))
  const { code, stderr } = await call(['run'], { cwd: emptyFolder(), signal })
  expect(code).toBe(130)
  expect(stderr).toContain('stopped by SIGINT')
})
