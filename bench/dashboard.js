// how fast the dashboard is over a million films: node bench/dashboard.js [--rows 1000000] [--save]
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { cpus, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'

const { values } = parseArgs({
  options: { rows: { type: 'string', default: '1000000' }, save: { type: 'boolean', default: false } },
})
const dist = new URL('../dist/', import.meta.url)
const load = (path) => import(new URL(path, dist))
const [{ openDuckdb }, { movies }, { moviePerformance }, { writePublished }, { prepareServing }, { startDashboard }] =
  await Promise.all([
    load('engines/duckdb/duckdb-engine.js'),
    load('silver/movies.js'),
    load('gold/movie-performance.js'),
    load('pipeline/publish.js'),
    load('dashboard/serving-file.js'),
    load('dashboard/server.js'),
  ])
const [{ lakePaths }, { defaultRules }, { sql }] = await Promise.all([
  load('config/paths.js'),
  load('rules.js'),
  load('frame/index.js'),
])

const rows = Number(values.rows)
const root = mkdtempSync(join(tmpdir(), 'movielake-bench-dashboard-'))
const paths = lakePaths(root)
const duckdb = { memory_limit: '1GB', threads: 2, temp_directory: null }
const engine = await openDuckdb({ root, threads: 2, memoryLimit: '1GB' })
try {
  const published = await generate()
  const [startedMs, startedCpu] = [performance.now(), process.cpuUsage()]
  await (await prepareServing(engine, paths.serving, published)).show()
  const { user, system } = process.cpuUsage(startedCpu)
  const built = { seconds: (performance.now() - startedMs) / 1000, cpuSeconds: (user + system) / 1e6 }
  const measured = {
    ...(await withDashboard(measureAlone)),
    first: (await withDashboard((ask, panels) => measureTogether(ask, panels, ['']))).ms[0],
    seen: await withDashboard((ask, panels) => measureTogether(ask, panels.slice(0, 5))),
    all: await withDashboard(measureTogether),
  }
  const text = report(built, measured)
  process.stdout.write(`${text}\n`)
  if (values.save) save(text)
} finally {
  await engine.close()
  rmSync(root, { recursive: true, force: true })
}

function tell(error) {
  process.stderr.write(`${error.stack}\n`)
}

/** Movies that never were, as tables of a lake: an eighth has revenue, which is six times the share at TMDB. */
async function generate() {
  const list = (texts) =>
    `[${texts
      .split(' ')
      .map((text) => `'${text.replaceAll('_', ' ')}'`)
      .join(', ')}]`
  const genres = list(
    'Action Adventure Animation Comedy Crime Documentary Drama Family Fantasy History Horror Music Mystery Romance Science_Fiction TV_Movie Thriller War Western',
  )
  const countries = list(
    'United_States_of_America France United_Kingdom Germany Japan India Italy Spain Canada South_Korea China Brazil Mexico Sweden Denmark Poland',
  )
  const languages = list('en fr de ja hi it es ko zh pt sv da pl')
  const random = Array.from({ length: 6 }, (_, i) => `hash(i * 7 + ${i}) / 18446744073709551616.0 AS r${i}`).join(', ')
  const pick = (values, share) => `${values}[1 + CAST(floor(${share} * len(${values})) AS INTEGER)]`
  const person = (share, from) =>
    `{'person_id': ${from} + CAST(floor(${share} * 300000) AS BIGINT), 'name': 'Person ' || (${from} + CAST(floor(${share} * 300000) AS BIGINT))}`
  const known = {
    movie_id: 'i',
    title: `concat_ws(' ', ${pick(list('Dark Silver Lost Golden Silent Last First Broken'), 'r1')}, ${pick(list('River Night Dream City Étoile Garden Storm Mirror'), 'r2')}, i)`,
    release_date: `CASE WHEN r3 < 0.97 THEN DATE '1920-01-01' + CAST(floor(38000 * sqrt(r4)) AS INTEGER) END`,
    original_language: pick(languages, 'r4 * r4 * r2'),
    collection_id: 'CASE WHEN r5 < 0.05 THEN CAST(floor(r0 * 12000) AS BIGINT) END',
    collection_name: `CASE WHEN r5 < 0.05 THEN 'Franchise ' || CAST(floor(r0 * 12000) AS BIGINT) END`,
    genres: `[${pick(genres, 'r1 * r1')}, ${pick(genres, 'r2')}, ${pick(genres, 'r3')}]`,
    production_countries: `CASE WHEN r5 < 0.7 THEN [${pick(countries, 'r2 * r2')}] ELSE [${pick(countries, 'r2')}, ${pick(countries, 'r0')}] END`,
    directors: `CASE WHEN r0 < 0.9 THEN [${person('r1 * r1', 0)}] ELSE [${person('r1', 0)}, ${person('r2', 300000)}] END`,
    budget_musd: 'CASE WHEN r4 < 0.15 THEN round(exp(r1 * 19)) / 1e6 END',
    revenue_musd: 'CASE WHEN r4 < 0.10 OR r0 < 0.02 THEN round(exp(r2 * 21)) / 1e6 END',
    vote_average: 'CASE WHEN r3 < 0.6 THEN round(2 + 8 * sqrt(r2 * r0), 3) END',
    vote_count: 'CASE WHEN r3 < 0.6 THEN 1 + CAST(floor(exp(r3 * r0 * 20)) AS BIGINT) ELSE 0 END',
    popularity: 'round(exp(r3 * r4 * 7), 4)',
    runtime: 'CASE WHEN r0 < 0.95 THEN 40 + CAST(floor(r0 * 140) AS INTEGER) END',
  }
  const empty = (type) => (typeof type === 'object' ? '[]' : 'NULL')
  const columns = Object.entries(movies.frame.types).map(
    ([name, type]) => `CAST(${known[name] ?? empty(type)} AS ${engine.dialect.type(type)}) AS ${name}`,
  )
  const text = `SELECT ${columns.join(', ')} FROM (SELECT i, ${random} FROM range(${rows}) AS t(i))`
  const generated = sql(movies.frame.types)(Object.assign([text], { raw: [text] }))
  await (await engine.overwrite(movies, generated)).commit({ runId: 'bench' })
  const performed = moviePerformance.build({ movies: await engine.open(movies) })
  await (await engine.overwrite(moviePerformance, performed)).commit({ runId: 'bench' })
  const next = {
    run_id: 'bench',
    at: '2026-01-01T00:00:00.000Z',
    versions: { [movies.name]: 0, [moviePerformance.name]: 0 },
  }
  await writePublished(paths.published, next)
  return next
}

/** What `measure` finds of a dashboard that knows no answer yet. */
async function withDashboard(measure) {
  const options = { engine, paths, rules: defaultRules, duckdb, port: 0, timeLimitMs: 60_000, onError: tell }
  const dashboard = await startDashboard(options)
  try {
    const ask = (address) => askAt(`http://127.0.0.1:${dashboard.port}${address}`)
    const { charts } = (await ask('/api/lake')).body
    // in the order of the page
    return await measure(ask, ['headline', ...charts.map((id) => `charts/${id}`), 'films'])
  } finally {
    await dashboard.close()
  }
}

async function askAt(address) {
  const [startedMs, startedCpu] = [performance.now(), process.cpuUsage()]
  const answer = await fetch(address)
  const text = await answer.text()
  if (!answer.ok) throw new Error(`${address}: ${answer.status} ${text}`)
  const { user, system } = process.cpuUsage(startedCpu)
  return { ms: performance.now() - startedMs, cpuMs: (user + system) / 1000, body: JSON.parse(text) }
}

async function measureAlone(ask, panels) {
  const [alone, cpu] = [0, 0].map(() => Object.fromEntries(panels.map((panel) => [panel, []])))
  for (const filter of filterSequence())
    for (const panel of panels) {
      const { ms, cpuMs } = await ask(`/api/${panel}?${filter}`)
      alone[panel].push(ms)
      cpu[panel].push(cpuMs)
    }
  const searches = []
  for (const text of ['river', 'etoile', 'person 12', 'franchise 9', 'dark mirror', 'zzz'])
    searches.push((await ask(`/api/search?q=${encodeURIComponent(text)}`)).ms)
  return { alone, cpu, searches }
}

/** All panels of each filter, asked as a browser does: five at once. */
async function measureTogether(ask, panels, filters = filterSequence()) {
  const times = { ms: [], cpuMs: [] }
  for (const filter of filters) {
    const [startedMs, startedCpu] = [performance.now(), process.cpuUsage()]
    const waiting = [...panels]
    const askNext = async () => {
      for (let panel = waiting.shift(); panel !== undefined; panel = waiting.shift())
        await ask(`/api/${panel}?${filter}`)
    }
    await Promise.all(Array.from({ length: 5 }, askNext))
    const { user, system } = process.cpuUsage(startedCpu)
    times.ms.push(performance.now() - startedMs)
    times.cpuMs.push((user + system) / 1000)
  }
  return times
}

/** What somebody clicks who looks around. */
function filterSequence() {
  const marks = [
    'genre=Drama',
    'genre=Comedy',
    'genre=Horror',
    'years=1990-1999',
    'years=2010-2019',
    'language=fr',
    'franchise=1',
    'country=Japan',
    'rating=7-10',
    'votes=100-',
  ]
  return [
    ...marks,
    ...marks.slice(0, 5).map((mark) => `${mark}&language=en`),
    'genre=Action&years=2000-2020',
    'director=1000',
    'collection=12',
    'q=garden',
    'franchise=0',
  ]
}

/** The time within which this share of them came. */
function at(times, share) {
  const sorted = times.toSorted((a, b) => a - b)
  return Math.round(sorted[Math.ceil(share * sorted.length) - 1] ?? 0)
}

function report(built, { first, alone, cpu, seen, all, searches }) {
  const peakMb = Math.round(process.resourceUsage().maxRSS / 1024)
  const sizeMb = Math.round(statSync(paths.serving, { throwIfNoEntry: false })?.size / 1e6)
  const line = (name, times, cpuTimes) =>
    `| ${name} | ${at(times, 0.5)} | ${at(times, 0.95)} | ${cpuTimes === undefined ? '' : at(cpuTimes, 0.5)} |`
  return [
    `${rows.toLocaleString('en-US')} films; ${cpus().length} cores, Node ${process.versions.node}; DuckDB with 2 threads and 1GB. The serving file is built in ${built.seconds.toFixed(1)} s (${built.cpuSeconds.toFixed(1)} s of processor time) and has ${sizeMb} MB; peak memory ${peakMb} MB, generating the films included. Load of the machine meanwhile: ${loadavg()[1]?.toFixed(1)}.`,
    `All ${Object.keys(alone).length} panels of the first screen, nothing known yet: ${Math.round(first)} ms.`,
    '',
    '| asked | p50 ms | p95 ms | CPU p50 ms |',
    '|---|--:|--:|--:|',
    ...Object.entries(alone).map(([panel, times]) => line(panel, times, cpu[panel])),
    line('any panel', Object.values(alone).flat()),
    line('the five panels of a screen', seen.ms, seen.cpuMs),
    line('all panels', all.ms, all.cpuMs),
    line('search', searches),
  ].join('\n')
}

function save(text) {
  const file = new URL('README.md', import.meta.url)
  const readme = readFileSync(file, 'utf8')
  writeFileSync(file, readme.replace(/(<!-- dashboard -->\n)[\s\S]*?(<!-- \/dashboard -->)/, `$1${text}\n$2`))
}
