// checks the dashboard in a real browser, over a lake of the sample: `npm run test:browser`
import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { temporaryFolder } from '../test/temporary-folder.js'

const project = fileURLToPath(new URL('..', import.meta.url))
const cli = path.join(project, 'dist/cli/main.js')
const isRequired = process.env.REQUIRE_BROWSER === '1'
// nobody else's machine is changed unasked
const mayInstall = isRequired || process.env.CI === 'true'
const work = mkdtempSync(path.join(temporaryFolder(), 'movielake-browser-'))
const counts = { passed: 0, failed: 0, skipped: 0 }
try {
  await main()
} catch (error) {
  counts.failed += 1
  console.log(error.stack)
} finally {
  rmSync(work, { recursive: true, force: true })
}
console.log(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`)
process.exitCode = counts.failed > 0 || (isRequired && counts.skipped > 0) ? 1 : 0

async function main() {
  const chromium = findChromium() ?? (mayInstall ? installChromium() : undefined)
  if (chromium === undefined) {
    counts.skipped += 1
    console.log(
      mayInstall
        ? 'skip: there is no chromium, and apt-get cannot install it'
        : 'skip: there is no chromium: apt-get install chromium, or name one by CHROMIUM=<file>',
    )
    return
  }
  const lake = path.join(work, 'lake')
  execFileSync(process.execPath, [cli, 'run', '--source', 'list,popular', '--pages', '4', '--lake', lake, '--quiet'], {
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  const server = await serve(lake)
  try {
    await runTests({
      MOVIELAKE_BROWSER: chromium,
      MOVIELAKE_BROWSER_BASE: server.address,
      MOVIELAKE_BROWSER_LAKE: lake,
    })
  } finally {
    server.process.kill()
  }
}

function findChromium() {
  const names = ['chromium', 'chromium-browser', 'google-chrome']
  const found = names.map((name) => spawnSync('which', [name], { encoding: 'utf8' }).stdout?.trim())
  return [process.env.CHROMIUM, ...found].find((file) => file !== undefined && file !== '')
}

function installChromium() {
  for (const step of [['update'], ['install', '-y', 'chromium']])
    if (
      spawnSync('apt-get', step, { stdio: 'ignore', env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } })
        .status !== 0
    )
      return undefined
  return findChromium()
}

/** Starts the dashboard on a free port. */
async function serve(lake) {
  const child = spawn(process.execPath, [cli, 'serve', '--lake', lake, '--port', '0'], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let said = ''
  const address = await new Promise((resolve, reject) => {
    const listen = (text) => {
      said += text
      const found = /http:\/\/127\.0\.0\.1:\d+/.exec(said)?.[0]
      if (found !== undefined) resolve(found)
    }
    child.stdout.on('data', listen)
    child.stderr.on('data', listen)
    child.on('exit', (code) => reject(new Error(`movielake serve ended with ${code}: ${said.trim()}`)))
  })
  return { process: child, address }
}

async function runTests(variables) {
  const vitest = path.join(project, 'node_modules/vitest/vitest.mjs')
  const results = path.join(work, 'results.json')
  const config = path.join(project, 'test/suites/browser/vitest.config.ts')
  const args = ['run', '--root', project, '--config', config, '--reporter', 'default', '--reporter', 'json']
  const child = spawn(process.execPath, [vitest, ...args, '--outputFile.json', results], {
    cwd: project,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, ...variables },
  })
  const [code] = await once(child, 'exit')
  const { numPassedTests, numFailedTests, numPendingTests } = JSON.parse(readFileSync(results, 'utf8'))
  counts.passed += numPassedTests
  counts.failed += numFailedTests
  counts.skipped += numPendingTests
  // a file that breaks outside of a test
  if (code !== 0 && numFailedTests === 0) counts.failed += 1
}
