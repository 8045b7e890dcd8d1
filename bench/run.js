// movielake beside hand-written DuckDB SQL, step by step: npm run bench -- --rows 100000
import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { cpus, tmpdir, totalmem } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { writeAnswers, writeChanges } from './generate.js'

const root = fileURLToPath(new URL('..', import.meta.url))
const readme = join(root, 'bench/README.md')
const options = parseArgs({
  options: {
    rows: { type: 'string', default: '100000' },
    repeat: { type: 'string', default: '1' },
    folder: { type: 'string', default: join(tmpdir(), 'movielake-bench') },
    threads: { type: 'string', default: String(cpus().length) },
    memory: { type: 'string', default: '1GB' },
    keep: { type: 'boolean', default: false },
    save: { type: 'boolean', default: false },
  },
}).values
const rows = Number(options.rows)
const changedRows = Math.ceil(rows / 100)
const folder = join(options.folder, options.rows)
const lake = join(folder, 'lake')

const movielake = (...args) => [join(root, 'dist/cli/main.js'), ...args, '--lake', lake]
const byHand = (step) => [join(root, 'bench/by-hand/run.js'), step]
const steps = [
  { step: 'import', rows, measuresMb: true, movielake: () => movielake('import', ...answerFiles(), '--fetched-at', '2026-01-01T00:00:00Z'), byHand: () => byHand('import') },
  { step: 'full build', rows, measuresMb: true, movielake: () => movielake('build'), byHand: () => byHand('build') },
  { step: 'KPIs', movielake: () => movielake('kpis', '--json'), byHand: () => byHand('kpis') },
  { step: 'import 1 % changed', rows: changedRows, movielake: () => movielake('import', join(folder, 'changes.ndjson'), '--fetched-at', '2026-01-02T00:00:00Z') },
  { step: 'build 1 % changed', rows: changedRows, movielake: () => movielake('build') },
  { step: 'build, nothing new', movielake: () => movielake('build') },
] // prettier-ignore

await writeInput()
const runs = Array.from({ length: Number(options.repeat) }, (_, turn) => measureAll(turn))
const lines = table(steps.map((step, index) => ({ ...step, ...medians(runs.map((run) => run[index])) })))
console.log(lines.join('\n'))
if (options.save) saveTable(lines)
if (!options.keep) rmSync(folder, { recursive: true, force: true })

async function writeInput() {
  mkdirSync(folder, { recursive: true })
  const path = join(folder, 'changes.ndjson')
  if (existsSync(path)) return
  console.error(`generating ${rows} answers`)
  await writeAnswers({ rows, folder: join(folder, 'answers') })
  await writeChanges({ rows, percent: 1, path })
}

function answerFiles() {
  return readdirSync(join(folder, 'answers')).map((name) => join(folder, 'answers', name))
}

/** Every step once, on an empty lake. Who goes first changes from turn to turn. */
function measureAll(turn) {
  for (const made of ['lake', 'by-hand']) rmSync(join(folder, made), { recursive: true, force: true })
  return steps.map((step) => {
    const sides = turn % 2 === 0 ? ['movielake', 'byHand'] : ['byHand', 'movielake']
    const measured = {}
    for (const side of sides) if (step[side]) measured[side] = measure(`${side} ${step.step}`, step[side]())
    return measured
  })
}

/** Wall seconds, peak memory and CPU seconds of a Node process of its own. */
function measure(title, args) {
  const usageFile = join(folder, 'usage.json')
  const started = performance.now()
  const { status, stderr } = spawnSync(process.execPath, ['--import', join(root, 'bench/report-usage.js'), ...args], {
    cwd: folder,
    env: {
      ...process.env,
      BENCH_USAGE: usageFile,
      BENCH_THREADS: options.threads,
      BENCH_MEMORY: options.memory,
      MOVIELAKE__DUCKDB__THREADS: options.threads,
      MOVIELAKE__DUCKDB__MEMORY_LIMIT: options.memory,
    },
    encoding: 'utf8',
    stdio: ['ignore', 'ignore', 'pipe'],
    maxBuffer: 1 << 28,
  })
  const seconds = (performance.now() - started) / 1000
  if (status !== 0) throw new Error(`${title} ended with ${status}:\n${stderr.slice(-2000)}`)
  const { peakMb, cpuSeconds } = JSON.parse(readFileSync(usageFile, 'utf8'))
  console.error(
    `${title.padEnd(30)} ${seconds.toFixed(1).padStart(7)} s ${peakMb.toFixed(0).padStart(6)} MB ${cpuSeconds.toFixed(1).padStart(7)} s CPU`,
  )
  return { seconds, peakMb, cpuSeconds }
}

function medians(measured) {
  const median = (side, name) => {
    const values = measured
      .filter((one) => one[side])
      .map((one) => one[side][name])
      .sort((a, b) => a - b)
    return values[Math.floor(values.length / 2)]
  }
  return {
    seconds: median('movielake', 'seconds'),
    peakMb: median('movielake', 'peakMb'),
    cpuSeconds: median('movielake', 'cpuSeconds'),
    byHandSeconds: median('byHand', 'seconds'),
    byHandPeakMb: median('byHand', 'peakMb'),
    byHandCpuSeconds: median('byHand', 'cpuSeconds'),
  }
}

function table(results) {
  const inputMb = answerFiles().reduce((sum, path) => sum + statSync(path).size, 0) / 1e6
  const number = (value, digits = 0) =>
    value === undefined
      ? ''
      : value.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits })
  const full = results.find(({ step }) => step === 'full build').seconds
  const changed = results.find(({ step }) => step === 'build 1 % changed').seconds
  return [
    `${number(rows)} answers, ${number(inputMb)} MB; ${cpus().length} cores, ${number(totalmem() / 2 ** 30)} GB, Node ${process.versions.node}; DuckDB with ${options.threads} threads and ${options.memory}; ${runs.length === 1 ? 'one run' : `median of ${runs.length} runs`}; commit ${commit()}.`,
    '',
    '| step | seconds | CPU s | rows/s | MB/s | peak MB | by hand: seconds | CPU s | peak MB | ratio | of CPU |',
    '|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|',
    ...results.map((r) => `| ${[r.step, number(r.seconds, 1), number(r.cpuSeconds, 1), number(r.rows && r.rows / r.seconds), number(r.measuresMb && inputMb / r.seconds), number(r.peakMb), number(r.byHandSeconds, 1), number(r.byHandCpuSeconds, 1), number(r.byHandPeakMb), number(r.byHandSeconds && r.seconds / r.byHandSeconds, 2), number(r.byHandSeconds && r.cpuSeconds / r.byHandCpuSeconds, 2)].join(' | ')} |`),
    '',
    `Building 1 % of changes is ${number(full / changed, 1)} times as fast as the full build.`,
  ] // prettier-ignore
}

function commit() {
  return execFileSync('git', ['rev-parse', '--short', 'HEAD'], { cwd: root, encoding: 'utf8' }).trim()
}

/** Puts the table into bench/README.md, in place of the last one for as many rows. */
function saveTable(lines) {
  const marks = [`<!-- ${rows} -->`, `<!-- /${rows} -->`]
  const text = readFileSync(readme, 'utf8')
  const [before, rest] = text.split(`${marks[0]}\n`)
  const after = rest?.split(`${marks[1]}\n`)[1]
  if (after === undefined) throw new Error(`bench/README.md has no place for ${rows} rows: add ${marks.join(' … ')}`)
  writeFileSync(readme, `${before}${marks[0]}\n${lines.join('\n')}\n${marks[1]}\n${after}`)
}
