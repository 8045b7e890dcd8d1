// checks that Spark, delta-rs and we agree about Delta tables, whoever writes them: `npm run test:delta [-- --seed N --tables N --steps N --table N]`
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { openEngine } from '../test/suites/delta/engine-process.js'
import { fetchEngines } from '../test/suites/delta/install.js'
import { movielake } from '../test/suites/delta/movielake-engine.js'
import { runRoundTrips } from '../test/suites/delta/round-trips.js'
import { runSkipping } from '../test/suites/delta/skipping.js'
import { runTableList } from '../test/suites/delta/table-list.js'

const { values: options } = parseArgs({
  options: {
    seed: { type: 'string' },
    tables: { type: 'string' },
    steps: { type: 'string' },
    table: { type: 'string' },
  },
})
const project = fileURLToPath(new URL('..', import.meta.url))
const suite = path.join(project, 'test/suites/delta')
const cache = path.join(process.env.MOVIELAKE_CACHE ?? path.join(os.homedir(), '.cache/movielake'), 'delta')
const counts = { passed: 0, failed: 0, skipped: 0 }
const refused = new Map()
const began = Date.now()

const fetched = fetchEngines(cache)
if (fetched.missing === undefined) await main(fetched)
else {
  counts.skipped += 1
  console.log(`skip: Spark and delta-rs cannot be had: ${fetched.missing}`)
}
console.log(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`)
process.exitCode = counts.failed > 0 || (process.env.REQUIRE_DELTA === '1' && counts.skipped > 0) ? 1 : 0

async function main({ python, jars }) {
  const work = mkdtempSync(path.join(os.tmpdir(), 'movielake-delta-'))
  const open = (name, script, args) => {
    const workFolder = path.join(work, script)
    mkdirSync(workFolder)
    const started = [path.join(suite, `${script}.py`), ...args(workFolder)]
    return openEngine(name, python, started, { logFile: path.join(work, `${script}.log`), workFolder })
  }
  const engines = [
    movielake,
    open('delta-rs', 'delta_rs_engine', () => []),
    open('Spark', 'spark_engine', (folder) => [jars, folder]),
  ]
  try {
    await check(engines, work)
  } finally {
    await Promise.all(engines.map((engine) => engine.close()))
    if (counts.failed > 0 && process.env.KEEP === '1') console.log(`kept ${work}`)
    else rmSync(work, { recursive: true, force: true })
  }
}

async function check(engines, folder) {
  // a seed repeats what has failed, and that alone
  if (options.seed === undefined) {
    await checkTableList(engines)
    await runSkipping({ engines, folder, report })
  }
  const seeds = options.seed === undefined ? ['1', String(Date.now() % 1_000_000)] : [options.seed]
  for (const seed of seeds) {
    console.log(`round trips with seed ${seed}`)
    await runRoundTrips({
      seed,
      tables: Number(options.tables ?? 13),
      steps: Number(options.steps ?? 8),
      only: options.table === undefined ? undefined : Number(options.table),
      engines,
      folder,
      report,
    })
  }
  for (const [what, message] of refused) console.log(`refused: ${what}: ${message}`)
}

async function checkTableList(engines) {
  const tables = path.join(process.env.MOVIELAKE_SHARED ?? path.join(project, '../shared/data'), 'delta-tables')
  if (existsSync(tables)) console.log((await runTableList({ engines, tables, report })).join('\n'))
  else {
    counts.skipped += 1
    console.log(`skip: the tables of others are not here: ${tables}`)
  }
}

function report({ passed, failed, refused: what, message, steps }) {
  if (passed !== undefined) counts.passed += 1
  if (process.env.VERBOSE === '1' && passed !== undefined)
    console.log(`ok: ${((Date.now() - began) / 1000).toFixed(1)} ${passed}`)
  if (what !== undefined) refused.set(what, message.split('\n')[0].slice(0, 200))
  if (failed === undefined) return
  counts.failed += 1
  console.log(`fail: ${failed}\n  ${steps.join('\n  ')}`)
}
