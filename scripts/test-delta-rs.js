// checks that delta-rs reads the lake's tables as we do, and that we read what it writes: `npm run test:delta-rs [LAKE]`
import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { pythonWithDeltaRs } from '../test/suites/delta-rs/installed.js'
import { appendByDeltaRs, makeTables, mergeAfterDeltaRs, writeOurReading } from '../test/suites/delta-rs/tables.js'
import { temporaryFolder } from '../test/temporary-folder.js'

const project = fileURLToPath(new URL('..', import.meta.url))
const counts = { passed: 0, failed: 0, skipped: 0 }
const work = mkdtempSync(path.join(temporaryFolder(), 'movielake-delta-rs-'))
try {
  await main()
} finally {
  rmSync(work, { recursive: true, force: true })
}
const isRequired = process.env.REQUIRE_DELTA_RS === '1'
console.log(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`)
process.exitCode = counts.failed > 0 || (isRequired && counts.skipped > 0) ? 1 : 0

async function main() {
  const { python, problem } = pythonWithDeltaRs()
  if (problem !== undefined) {
    counts.skipped += 1
    console.log(`skip: delta-rs cannot be installed: ${problem}`)
    return
  }
  const tables = path.join(work, 'tables')
  await makeTables(tables)
  await compare(python, tables, true)
  await compare(python, process.argv[2] ?? sampleLake(), false)
  report(await appendByDeltaRs(python, path.join(project, 'test/suites/delta-rs/append.py'), tables))
  report(await mergeAfterDeltaRs(tables))
  await compare(python, tables, false)
}

/** A lake of the sample's movies, built by the command line. */
function sampleLake() {
  const lake = path.join(work, 'lake')
  const shared = process.env.MOVIELAKE_SHARED ?? path.join(project, '../shared/data')
  const cli = path.join(project, 'dist/cli/main.js')
  const files = path.join(shared, 'snapshots/2025-12-09.json.gz')
  const commands = existsSync(files) ? [['import', files], ['build']] : [['run']]
  for (const command of commands)
    execFileSync(process.execPath, [cli, ...command, '--lake', lake, '--quiet'], {
      stdio: ['ignore', 'pipe', 'inherit'],
      cwd: work,
    })
  return lake
}

/** Compares each table under a folder, as we and as delta-rs read it. */
async function compare(python, lake, withFilters) {
  const ours = mkdtempSync(path.join(work, 'ours-'))
  await writeOurReading(lake, ours)
  const script = path.join(project, 'test/suites/delta-rs/compare.py')
  const run = spawnSync(python, [script, lake, ours, ...(withFilters ? ['--filters'] : [])], { encoding: 'utf8' })
  report(run.stdout.split('\n').filter((line) => line !== ''))
  if (run.status !== 0) report([`fail: ${script} ended with ${run.status}: ${run.stderr.trim().split('\n').at(-1)}`])
}

function report(lines) {
  for (const line of lines) {
    if (line.startsWith('ok')) counts.passed += 1
    else if (line.startsWith('skip')) counts.skipped += 1
    else counts.failed += 1
    if (!line.startsWith('ok')) console.log(line)
  }
}
