// checks the Spark engine on a real server: `npm run test:spark`, or some files of it by `npm run test:spark -- client`
// With SPARK_URL set it uses the server that is there.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import net from 'node:net'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { fetchSpark } from '../test/suites/delta/install.js'
import { cacheFolder, startSpark } from '../test/suites/spark/spark-server.js'
import { temporaryFolder } from '../test/temporary-folder.js'

const vitest = fileURLToPath(new URL('../node_modules/.bin/vitest', import.meta.url))
const { jars, missing } = fetchSpark(cacheFolder())
if (missing === undefined) await main()
else {
  console.log(`skip: Spark cannot be had: ${missing}\n0 passed, 1 skipped`)
  process.exitCode = process.env.REQUIRE_SPARK === '1' ? 1 : 0
}

async function main() {
  const folder = mkdtempSync(path.join(temporaryFolder(), 'movielake-spark-'))
  const given = process.env.SPARK_URL
  // streams end after seconds instead of minutes, so that every test that waits sees it happen
  const pagesPort = await freePort()
  const settings = {
    'spark.connect.execute.reattachable.senderMaxStreamDuration': '5s',
    'spark.ui.enabled': 'true',
    'spark.ui.port': pagesPort,
  }
  const server = given === undefined ? await startSpark({ folder, jars, settings, memory: '3g' }) : undefined
  process.once('SIGINT', () => process.exit(130))
  process.once('SIGTERM', () => process.exit(143))
  try {
    const url = given ?? server.url
    const args = [vitest, 'run', '--config', 'test/suites/spark/vitest.config.ts', ...process.argv.slice(2)]
    const own = server === undefined ? {} : { SPARK_PAGES: `http://127.0.0.1:${pagesPort}` }
    const env = { ...process.env, SPARK_URL: url, SPARK_JARS: jars.join(':'), ...own }
    const run = spawn(process.execPath, args, { stdio: 'inherit', env })
    const [code] = await once(run, 'exit')
    process.exitCode = code ?? 1
    if (process.exitCode !== 0 && server !== undefined)
      console.log(readFileSync(server.logFile, 'utf8').split('\n').slice(-30).join('\n'))
  } finally {
    await server?.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

/** A port that was free a moment ago. */
async function freePort() {
  const server = net.createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address()
  server.close()
  return port
}
