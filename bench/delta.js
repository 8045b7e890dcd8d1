// movielake's Delta tables beside delta-rs and Spark: npm run bench:delta -- [--rows 1000000] [--save]
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { cpus, homedir, loadavg, tmpdir, totalmem } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { pythonWithDeltaRs } from '../test/suites/delta-rs/installed.js'
import { fetchEngines } from '../test/suites/delta/install.js'
import { everyColumn, writeInput, writeLog } from './delta/input.js'

const { values } = parseArgs({
  options: {
    rows: { type: 'string', default: '1000000' },
    appends: { type: 'string', default: '1000' },
    commits: { type: 'string', default: '10000' },
    files: { type: 'string', default: '100000' },
    folder: { type: 'string', default: tmpdir() },
    'no-spark': { type: 'boolean', default: false },
    save: { type: 'boolean', default: false },
  },
})
const rows = Number(values.rows)
const number = (value, digits = 0) =>
  value === undefined
    ? ''
    : value.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits })
// a commit of Spark's takes so long that a few tell as much
const sparkAppends = Math.ceil(Number(values.appends) / 20)
const steps = [
  ['write', `write ${number(rows)} rows`],
  ['merge_random', 'merge 1 %, here and there'],
  ['merge_clustered', 'merge 1 %, side by side'],
  ['append', `append ${number(Math.ceil(rows / 100))} rows`],
  ['sum', 'count and sum'],
  ['sum_again', 'the same again, in the same process'],
  ['all', 'read every column'],
  ['lookup', 'one row by its id'],
  ['lookup_again', 'the same again, in the same process'],
  ['tiny', `${number(Number(values.appends))} appends of a row, and reading them`],
  ['commits', `open ${number(Number(values.commits))} commits without a checkpoint`],
  ['files', `list ${number(Number(values.files))} files`],
]
const folder = mkdtempSync(join(values.folder, 'movielake-bench-delta-'))
const load = [loadavg()[0]]
try {
  await writeInput(join(folder, 'input'), rows)
  writeLog(join(folder, 'commits'), Number(values.commits), 1)
  writeLog(join(folder, 'files'), 100, Math.ceil(Number(values.files) / 100))
  const sides = [measureOurs(), measureDeltaRs(), measureSpark()]
  checkAnswers(sides)
  const text = report(sides)
  console.log(text)
  if (values.save) save(text)
} finally {
  rmSync(folder, { recursive: true, force: true })
}

function measureOurs() {
  const program = fileURLToPath(new URL('delta/ours.js', import.meta.url))
  return {
    name: 'movielake',
    steps: each((step) => run(`movielake ${step}`, process.execPath, [program, folder, step, values.appends])),
  }
}

function measureDeltaRs() {
  const { python, problem } = pythonWithDeltaRs()
  if (python === undefined) return { name: 'delta-rs', problem }
  const program = fileURLToPath(new URL('delta/delta-rs.py', import.meta.url))
  return {
    name: 'delta-rs',
    steps: each((step) => run(`delta-rs ${step}`, python, [program, folder, step, values.appends, everyColumn('t')])),
  }
}

/** All in one session, as to start one takes longer than most of the steps. */
function measureSpark() {
  const { python, jars, problem } = values['no-spark'] ? { problem: 'was not asked for' } : pythonWithSpark()
  if (python === undefined) return { name: 'Spark', problem }
  const program = fileURLToPath(new URL('delta/spark.py', import.meta.url))
  const args = [program, folder, steps.map(([step]) => step).join(','), String(sparkAppends), jars, everyColumn('t')]
  const ended = spawnSync(python, args, { encoding: 'utf8', maxBuffer: 1 << 28 })
  load.push(loadavg()[0])
  const taken = ended.stdout
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line))
  if (ended.status !== 0) return { name: 'Spark', problem: ended.stderr.trim().split('\n').at(-1) }
  return {
    name: 'Spark',
    steps: Object.fromEntries(taken.map(({ step, ...one }) => [step, step === 'tiny' ? scaled(one) : one])),
  }
}

function scaled({ seconds, cpuSeconds, answer, ...rest }) {
  const times = Number(values.appends) / sparkAppends
  return { ...rest, seconds: seconds * times, cpuSeconds: cpuSeconds * times, answer: answer * times }
}

/** The Python that has Spark, and the jars of Delta, from the cache of `npm run test:delta`. */
function pythonWithSpark() {
  const cache = join(process.env.MOVIELAKE_CACHE ?? join(homedir(), '.cache/movielake'), 'delta')
  const { python, jars, missing } = fetchEngines(cache)
  if (missing !== undefined) return { problem: `cannot be had: ${missing}` }
  const files = readdirSync(jars).filter((name) => name.endsWith('.jar'))
  return { python, jars: files.map((name) => join(jars, name)).join(',') }
}

function each(measure) {
  return Object.fromEntries(steps.map(([step]) => [step, measure(step)]))
}

function run(title, command, args) {
  const ended = spawnSync(command, args, { encoding: 'utf8', maxBuffer: 1 << 28 })
  if (ended.status !== 0) throw new Error(`${title} ended with ${ended.status}:\n${ended.stderr.slice(-2000)}`)
  const taken = JSON.parse(ended.stdout.trim().split('\n').at(-1))
  load.push(loadavg()[0])
  console.error(
    `${title.padEnd(28)} ${taken.seconds.toFixed(2).padStart(8)} s ${taken.cpuSeconds.toFixed(2).padStart(8)} s CPU ${taken.peakMb.toFixed(0).padStart(6)} MB  load ${load.at(-1).toFixed(1)}`,
  )
  return taken
}

/** Nobody may be fast by doing something else. */
function checkAnswers(sides) {
  for (const [step] of steps) {
    const answers = sides
      .filter((side) => side.steps)
      .map(({ name, steps: taken }) => [name, JSON.stringify(taken[step].answer)])
    if (new Set(answers.map(([, answer]) => answer)).size > 1)
      throw new Error(`${step}: the answers differ: ${answers.join(', ')}`)
  }
}

function report(sides) {
  const [ours, deltaRs, spark] = sides.map((side) => side.steps)
  const absent = sides.filter(({ problem }) => problem).map(({ name, problem }) => ` ${name}: ${problem}.`)
  const cells = (one) => [number(one?.seconds, 2), number(one?.cpuSeconds, 2), number(one?.peakMb)]
  const ratio = (other, mine) => number(other && other / mine, 1)
  return [
    `${number(rows)} rows of 27 columns; ${cpus().length} cores, ${number(totalmem() / 2 ** 30)} GB, Node ${process.versions.node}, delta-rs 1.6.6, Spark 4.2.0 with Delta 4.4.0 (4 GB, two cores, one session for all steps; of the single appends it made ${sparkAppends}, multiplied); one run; commit ${commit()}.${absent.join('')} Load of the machine meanwhile: ${Math.min(...load).toFixed(1)} to ${Math.max(...load).toFixed(1)}.`,
    '',
    '| step | s | CPU s | peak MB | delta-rs: s | CPU s | peak MB | times as long | of CPU | Spark: s | CPU s | peak MB | times as long |',
    '|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|',
    ...steps.map(([step, title]) => {
      const [a, b, c] = [ours[step], deltaRs?.[step], spark?.[step]]
      return `| ${[title, ...cells(a), ...cells(b), ratio(b?.seconds, a.seconds), ratio(b?.cpuSeconds, a.cpuSeconds), ...cells(c), ratio(c?.seconds, a.seconds)].join(' | ')} |`
    }),
  ].join('\n')
}

function commit() {
  return execFileSync('git', ['rev-parse', '--short', 'HEAD'], {
    cwd: fileURLToPath(new URL('.', import.meta.url)),
    encoding: 'utf8',
  }).trim()
}

function save(text) {
  const file = new URL('README.md', import.meta.url)
  const readme = readFileSync(file, 'utf8')
  writeFileSync(file, readme.replace(/(<!-- delta -->\n)[\s\S]*?(<!-- \/delta -->)/, `$1${text}\n$2`))
}
