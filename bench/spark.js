// movielake on Spark beside a hand-written PySpark job and beside movielake on DuckDB: npm run bench:spark -- [--rows 100000] [--save]
import { execFileSync, spawn } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { once } from 'node:events'
import { cpus, loadavg, tmpdir, totalmem } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { fetchEngines, fetchSpark } from '../test/suites/delta/install.js'
import { cacheFolder, startSpark } from '../test/suites/spark/spark-server.js'
import { writeAnswers } from './generate.js'
import { openDelta } from '../dist/delta-table/index.js'

const root = fileURLToPath(new URL('..', import.meta.url))
const { values: options } = parseArgs({
  options: {
    rows: { type: 'string', default: '100000' },
    memory: { type: 'string', default: '4g' },
    folder: { type: 'string', default: join(tmpdir(), 'movielake-bench-spark') },
    keep: { type: 'boolean', default: false },
    save: { type: 'boolean', default: false },
  },
})
const rows = Number(options.rows)
const folder = join(options.folder, options.rows)
const answers = join(folder, 'answers')
const load = [loadavg()[0]]
const number = (value, digits = 0) =>
  value.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits })

const { python, jars: deltaJars, missing } = fetchEngines(cacheFolder())
if (missing !== undefined) throw new Error(`Spark cannot be had: ${missing}`)
if (!existsSync(answers)) {
  console.error(`generating ${rows} answers`)
  await writeAnswers({ rows, folder: answers })
}
for (const made of ['lake', 'by-hand', 'duckdb', 'tmp', 'server'])
  rmSync(join(folder, made), { recursive: true, force: true })
const sides = [await onSpark(), await byHand(), await onDuckDb()]
await compare(['lake', 'by-hand', 'duckdb'])
const text = report(sides)
console.log(text)
if (options.save) save(text)
if (!options.keep) rmSync(folder, { recursive: true, force: true })

/** movielake and a server that has just been started; what both use is counted. */
async function onSpark() {
  const { jars } = fetchSpark(cacheFolder())
  const work = join(folder, 'server')
  mkdirSync(work, { recursive: true })
  const server = await startSpark({ folder: work, jars, memory: options.memory, isQuick: false })
  const settings = { MOVIELAKE__ENGINE: 'spark', MOVIELAKE__SPARK__URL: server.url }
  try {
    return await steps('movielake on Spark', 'lake', settings, server.pid)
  } finally {
    await server.stop()
  }
}

function onDuckDb() {
  return steps('movielake on DuckDB', 'duckdb', { MOVIELAKE__DUCKDB__MEMORY_LIMIT: '1GB' })
}

async function steps(side, lake, settings, server) {
  const files = readdirSync(answers).map((name) => join(answers, name))
  const taken = {}
  for (const [step, args] of Object.entries({
    import: ['import', ...files, '--fetched-at', '2026-01-01T00:00:00Z'],
    build: ['build'],
  })) {
    const usageFile = join(folder, 'usage.json')
    const before = server === undefined ? { cpuSeconds: 0, peakMb: 0 } : usageOf(server)
    const own = await run(
      process.execPath,
      ['--import', join(root, 'bench/report-usage.js'), join(root, 'dist/cli/main.js'), ...args, '--lake', join(folder, lake)],
      { ...process.env, ...settings, BENCH_USAGE: usageFile },
    ) // prettier-ignore
    const { peakMb, cpuSeconds } = JSON.parse(readFileSync(usageFile, 'utf8'))
    const there = server === undefined ? before : usageOf(server)
    taken[step] = {
      seconds: own.seconds,
      cpuSeconds: cpuSeconds + there.cpuSeconds - before.cpuSeconds,
      peakMb: peakMb + there.peakMb,
      ownPeakMb: peakMb,
    }
    tell(side, step, taken[step])
  }
  return taken
}

async function byHand() {
  const program = fileURLToPath(new URL('spark/by-hand.py', import.meta.url))
  const jars = readdirSync(deltaJars).filter((name) => name.endsWith('.jar'))
  const env = { ...process.env, BENCH_MEMORY: options.memory }
  const { output } = await run(python, [program, folder, jars.map((name) => join(deltaJars, name)).join(',')], env)
  const parts = Object.fromEntries(
    output
      .split('\n')
      .filter((line) => line.startsWith('{'))
      .map((line) => JSON.parse(line))
      .map(({ step, ...taken }) => [step, taken]),
  )
  const [silver, gold] = [parts.silver, parts.gold]
  const build = {
    seconds: silver.seconds + gold.seconds,
    cpuSeconds: silver.cpuSeconds + gold.cpuSeconds,
    peakMb: gold.peakMb,
  }
  const taken = { import: parts.import, build }
  for (const [step, one] of Object.entries({ ...parts, build })) tell('by hand', step, one)
  return taken
}

function tell(side, step, { seconds, cpuSeconds, peakMb }) {
  load.push(loadavg()[0])
  console.error(
    `${`${side}, ${step}`.padEnd(30)} ${seconds.toFixed(1).padStart(7)} s ${cpuSeconds.toFixed(1).padStart(7)} s CPU ${peakMb.toFixed(0).padStart(6)} MB  load ${load.at(-1).toFixed(1)}`,
  )
}

/** Runs a program to its end. Throws with the end of what it said when it fails. */
async function run(command, args, env) {
  const started = performance.now()
  const child = spawn(command, args, { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] })
  let [output, errors] = ['', '']
  child.stdout.on('data', (data) => (output += data))
  child.stderr.on('data', (data) => (errors = `${errors}${data}`.slice(-4000)))
  const [code] = await once(child, 'close')
  if (code !== 0) throw new Error(`${command} ${args[0]} ended with ${code}:\n${errors}`)
  return { output, seconds: (performance.now() - started) / 1000 }
}

/** What a process has used so far: Linux tells it. */
function usageOf(pid) {
  const [user, system] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1).split(' ').slice(11, 13)
  const [, peakKb] = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))
  return { cpuSeconds: (Number(user) + Number(system)) / 100, peakMb: Number(peakKb) / 1024 }
}

/** Nobody may be fast by doing something else: every table has as many rows on all sides, and what is counted comes to the same. */
async function compare(lakes) {
  const tables = readdirSync(join(folder, 'by-hand')).toSorted()
  for (const name of tables) {
    const prints = []
    for (const lake of lakes) prints.push(await printOf(lake, name))
    const shared = prints.map((print) => Object.keys(print)).reduce((a, b) => a.filter((key) => b.includes(key)))
    for (const key of shared) {
      const found = prints.map((print) => print[key])
      const most = Math.max(...found.map(Math.abs))
      if (found.some((one) => Math.abs(one - found[0]) > 1e-9 * most))
        throw new Error(
          `${name} differs in ${key}: ${lakes.map((lake, index) => `${lake} ${found[index]}`).join(', ')}`,
        )
    }
  }
  console.error(`${tables.length} tables hold as many rows and the same sums on all sides`)
}

/** Rows, values that are there, and sums of numbers, column by column. */
async function printOf(lake, name) {
  const [layer, short] = name.split('.')
  const path = [join(folder, lake, layer, short), join(folder, lake, name)].find((one) => existsSync(one))
  const table = await openDelta(path)
  const print = { rows: 0 }
  for await (const batch of table.batches())
    for (const row of batch) {
      print.rows += 1
      for (const [column, value] of Object.entries(row)) {
        print[`values in ${column}`] ??= 0
        if (value === null) continue
        print[`values in ${column}`] += 1
        if (typeof value === 'number' || typeof value === 'bigint')
          print[`sum of ${column}`] = (print[`sum of ${column}`] ?? 0) + Number(value)
      }
    }
  return print
}

function report([spark, hand, duckDb]) {
  const total = (side) => ({
    seconds: side.import.seconds + side.build.seconds,
    cpuSeconds: side.import.cpuSeconds + side.build.cpuSeconds,
    peakMb: Math.max(side.import.peakMb, side.build.peakMb),
  })
  const cells = ({ seconds, cpuSeconds, peakMb }) => [number(seconds, 1), number(cpuSeconds, 1), number(peakMb)]
  const line = (title, of) => {
    const [a, b, c] = [spark, hand, duckDb].map(of)
    return `| ${[title, ...cells(a), ...cells(b), number(a.seconds / b.seconds, 2), number(a.cpuSeconds / b.cpuSeconds, 2), ...cells(c)].join(' | ')} |`
  }
  return [
    `${number(rows)} answers; ${cpus().length} cores, ${number(totalmem() / 2 ** 30)} GB, Node ${process.versions.node}, Spark 4.2.0 with Delta 4.4.0, local[2] and ${options.memory}; DuckDB with 1GB; one run; commit ${commit()}. Of movielake's peak on Spark ${number(Math.max(spark.import.ownPeakMb, spark.build.ownPeakMb))} MB are its own, the rest is the server's. Load of the machine meanwhile: ${Math.min(...load).toFixed(1)} to ${Math.max(...load).toFixed(1)}.`,
    '',
    '| step | Spark: s | CPU s | peak MB | by hand: s | CPU s | peak MB | ratio | of CPU | DuckDB: s | CPU s | peak MB |',
    '|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|',
    line('import', (side) => side.import),
    line('full build', (side) => side.build),
    line('both', total),
  ].join('\n')
}

function commit() {
  return execFileSync('git', ['rev-parse', '--short', 'HEAD'], { cwd: root, encoding: 'utf8' }).trim()
}

function save(text) {
  const file = new URL('README.md', import.meta.url)
  const readme = readFileSync(file, 'utf8')
  if (!readme.includes('<!-- spark -->'))
    throw new Error('bench/README.md has no place for this: <!-- spark --> … <!-- /spark -->')
  writeFileSync(file, readme.replace(/(<!-- spark -->\n)[\s\S]*?(<!-- \/spark -->)/, `$1${text}\n$2`))
}
