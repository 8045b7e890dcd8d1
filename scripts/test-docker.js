// builds the images and runs the pipeline in real containers: `npm run test:docker`
// Without a Docker Engine on this machine it starts one of its own, from Debian's packages, which is gone at the end.
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { fetchSpark } from '../test/suites/delta/install.js'
import { cacheFolder } from '../test/suites/spark/spark-server.js'

const project = fileURLToPath(new URL('..', import.meta.url))
const suite = path.join(project, 'test/suites/docker')
const cache = path.join(process.env.MOVIELAKE_CACHE ?? path.join(os.homedir(), '.cache/movielake'), 'docker')
const official = 'node:22-bookworm-slim'
const standIn = 'movielake-stand-in/node'
const [, officialSpark] = /^ARG SPARK_IMAGE=(.*)$/m.exec(
  readFileSync(path.join(project, 'deploy/spark.Dockerfile'), 'utf8'),
)
const standInSpark = `movielake-stand-in/delta-on-${officialSpark.split('/')[1]}`
const unavailable = 69
const minutes = 60_000
const limits = {
  engine: 5 * minutes,
  pull: 3 * minutes,
  standIn: 6 * minutes,
  spark: 10 * minutes,
  tests: 25 * minutes,
  prune: minutes,
}

if (process.argv[2] === '--with-engine') {
  process.exitCode = await test()
  // nobody else's engine: what it keeps in the cache folder has a bound
  for (const args of ['image prune --force', 'builder prune --force --keep-storage 3GB'])
    spawnSync('docker', args.split(' '), { timeout: limits.prune })
} else process.exitCode = hasEngine() ? await test() : await testWithOwnEngine()

function hasEngine() {
  return ['info', 'compose version'].every((args) => spawnSync('docker', args.split(' ')).status === 0)
}

/** Runs this script again beside an engine that lives as long as it does. */
async function testWithOwnEngine() {
  const fetched = await run(path.join(suite, 'fetch-engine.sh'), [path.join(cache, 'engine')], limits.engine)
  if (fetched.code === unavailable) return skip(fetched.said)
  if (fetched.code !== 0) return fail(`the engine could not be fetched: ${fetched.said}`)
  const inside = [process.execPath, fileURLToPath(import.meta.url), '--with-engine']
  console.log(`engine: none answers, so one of Debian's packages is used, fetched in ${fetched.seconds} s`)
  const script = [path.join(suite, 'private-engine.sh'), path.join(cache, 'engine'), path.join(cache, 'state')]
  // more than all limits inside: the time it could take to fetch the engine is left for its start
  const limitMs = Object.values(limits).reduce((sumMs, ms) => sumMs + ms, limits.prune)
  // it ends when this process does, whatever ends it
  const ended = await run('setpriv', ['--pdeathsig', 'TERM', ...script, ...inside], limitMs)
  if (ended.code === unavailable) return skip(ended.said)
  // inside, the counts have been printed, if it came that far
  return / passed, /.test(ended.said) ? ended.code : fail(`the engine ended with ${ended.code}: ${ended.said}`)
}

async function test() {
  console.log(
    `engine: Docker ${told('version', '--format', '{{.Server.Version}}')}, Compose ${told('compose', 'version', '--short')}`,
  )
  const base = await findBase()
  if (base === undefined) return skip(`${official} cannot be pulled, nor a stand-in made`)
  return runTests({ NODE_IMAGE: base, ...(await findSpark(base)) })
}

function told(...args) {
  return spawnSync('docker', args, { encoding: 'utf8' }).stdout.trim()
}

/** The official image where it is there or can be pulled, else a stand-in. */
async function findBase() {
  if (canBeHad(official, limits.pull)) return official
  console.log(`base: a stand-in made of Debian's and npm's packages, as ${official} is not here and cannot be pulled`)
  if (isThere(standIn)) return standIn
  const made = await run(path.join(suite, 'stand-in-image.sh'), [standIn, path.join(cache, 'base')], limits.standIn)
  if (made.code !== 0) return undefined
  console.log(`base: made in ${made.seconds} s`)
  return standIn
}

/** What tests of Spark need to know: its image, and where a stand-in has the jars of Delta. Nothing when it cannot be had: they skip themselves. */
async function findSpark(base) {
  if (canBeHad(officialSpark, limits.spark)) return { SPARK_IMAGE: officialSpark }
  const { jars: [sparkJars, deltaJars] = [], missing } = fetchSpark(cacheFolder())
  if (missing !== undefined) {
    console.log(`Spark: its tests are skipped, as ${officialSpark} cannot be pulled, nor a stand-in made: ${missing}`)
    return {}
  }
  console.log(
    `Spark: a stand-in made of Debian's and PyPI's packages, as ${officialSpark} is not here and cannot be pulled`,
  )
  if (!isThere(standInSpark)) {
    const args = [standInSpark, base, path.dirname(sparkJars), deltaJars]
    const made = await run(path.join(suite, 'spark-stand-in-image.sh'), args, limits.spark)
    if (made.code !== 0) {
      console.log('Spark: its tests are skipped, as no stand-in can be made')
      return {}
    }
    console.log(`Spark: made in ${made.seconds} s`)
  }
  return { SPARK_IMAGE: standInSpark, MAVEN_REPOSITORY: 'file:/opt/maven' }
}

function canBeHad(image, timeout) {
  return isThere(image) || spawnSync('docker', ['pull', '--quiet', image], { timeout }).status === 0
}

function isThere(image) {
  return spawnSync('docker', ['image', 'inspect', image]).status === 0
}

async function runTests(images) {
  const work = mkdtempSync(path.join(os.tmpdir(), 'movielake-docker-'))
  const results = path.join(work, 'results.json')
  const vitest = path.join(project, 'node_modules/vitest/vitest.mjs')
  const config = path.join(suite, 'vitest.config.ts')
  const reporters = ['--reporter', 'default', '--reporter', 'json', '--outputFile.json', results]
  const variables = { ...images, MOVIELAKE_IMAGE: 'movielake-check' }
  const args = [vitest, 'run', '--root', project, '--config', config, ...reporters]
  const { code } = await run(process.execPath, args, limits.tests, variables)
  const { numPassedTests, numFailedTests, numPendingTests } = existsSync(results)
    ? JSON.parse(readFileSync(results, 'utf8'))
    : { numPassedTests: 0, numFailedTests: 0, numPendingTests: 0 }
  rmSync(work, { recursive: true, force: true })
  // what breaks outside of a test counts, too
  const failed = code !== 0 && numFailedTests === 0 ? 1 : numFailedTests
  return sum({ passed: numPassedTests, failed, skipped: numPendingTests })
}

/** Runs a program whose output is shown; answers how it ended, after how long, and the last line it wrote. Ends it when it takes too long. */
async function run(program, args, timeoutMs, variables = {}) {
  mkdirSync(cache, { recursive: true })
  const child = spawn(program, args, {
    cwd: project,
    env: { ...process.env, ...variables },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const startedMs = Date.now()
  const timer = setTimeout(() => child.kill('SIGTERM'), timeoutMs)
  let written = ''
  for (const [stream, shown] of [
    [child.stdout, process.stdout],
    [child.stderr, process.stderr],
  ])
    stream.on('data', (text) => {
      written = `${written}${text}`.slice(-4000)
      shown.write(text)
    })
  const [code] = await once(child, 'close')
  clearTimeout(timer)
  const seconds = Math.round((Date.now() - startedMs) / 1000)
  return { code: code ?? 1, seconds, said: written.trim().split('\n').at(-1) }
}

function skip(reason) {
  console.log(`skip: ${reason}`)
  return sum({ passed: 0, failed: 0, skipped: 1 })
}

function fail(reason) {
  console.log(`fail: ${reason}`)
  return sum({ passed: 0, failed: 1, skipped: 0 })
}

function sum({ passed, failed, skipped }) {
  console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`)
  return failed > 0 || (skipped > 0 && process.env.REQUIRE_DOCKER === '1') ? 1 : 0
}
