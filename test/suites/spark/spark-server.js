// a Spark Connect server with Delta on loopback: `node test/suites/spark/spark-server.js start|stop|fetch [FOLDER]`
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, openSync, closeSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { fetchSpark } from '../delta/install.js'

/** Where Spark is kept once it was fetched. */
export const cacheFolder = () =>
  path.join(process.env.MOVIELAKE_CACHE ?? path.join(os.homedir(), '.cache/movielake'), 'delta')

const opened =
  'java.lang java.lang.invoke java.lang.reflect java.io java.net java.nio java.util java.util.concurrent java.util.concurrent.atomic jdk.internal.ref sun.nio.ch sun.nio.cs sun.security.action sun.util.calendar'

const log4j = `
rootLogger.level = warn
rootLogger.appenderRef.stderr.ref = console
appender.console.type = Console
appender.console.name = console
appender.console.target = SYSTEM_ERR
appender.console.layout.type = PatternLayout
appender.console.layout.pattern = %d{yyyy-MM-dd HH:mm:ss.SSS} %p %c{1}: %m%n%ex
logger.started.name = org.apache.spark.sql.connect.service.SparkConnectServer
logger.started.level = info
`

/**
 * A server that answers. `jars` are the folders of its classes; everything it writes lies in `folder`. Without `hasDelta` it knows no Delta;
 * `settings` are Spark's, over ours. A quick server starts sooner and computes several times slower.
 */
export async function startSpark(options) {
  const { folder, jars, port = 0, memory = '1g', cores = 2, token, settings = {} } = options
  const { hasDelta = true, isQuick = true, waitMs = 300_000 } = options
  mkdirSync(path.join(folder, 'tmp'), { recursive: true })
  const lines = Object.entries({ ...defaults({ folder, port, cores, hasDelta }), ...settings })
  const properties = path.join(folder, 'spark.properties')
  writeFileSync(properties, lines.map(([key, value]) => `${key} ${value}\n`).join(''), { mode: 0o600 })
  writeFileSync(path.join(folder, 'log4j2.properties'), log4j)
  const logFile = path.join(folder, 'server.log')
  writeFileSync(logFile, '')
  const log = openSync(logFile, 'a')
  const child = spawn(
    process.env.JAVA_HOME === undefined ? 'java' : path.join(process.env.JAVA_HOME, 'bin/java'),
    [
      `-Xmx${memory}`,
      '-XX:+UseSerialGC',
      ...(isQuick ? ['-XX:TieredStopAtLevel=1'] : []),
      '-Duser.timezone=UTC',
      '-Dfile.encoding=UTF-8',
      `-Djava.io.tmpdir=${folder}/tmp`,
      `-Dderby.system.home=${folder}/tmp`,
      `-Dlog4j2.configurationFile=${folder}/log4j2.properties`,
      ...opened.split(' ').map((name) => `--add-opens=java.base/${name}=ALL-UNNAMED`),
      '--add-opens=java.security.jgss/sun.security.krb5=ALL-UNNAMED',
      '-XX:+IgnoreUnrecognizedVMOptions',
      '--add-modules=jdk.incubator.vector',
      '-Djdk.reflect.useDirectMethodHandle=false',
      '-Dio.netty.tryReflectionSetAccessible=true',
      '-cp',
      jars.map((one) => `${one}/*`).join(':'),
      'org.apache.spark.deploy.SparkSubmit',
      '--properties-file',
      properties,
      '--class',
      'org.apache.spark.sql.connect.service.SparkConnectServer',
      'spark-internal',
    ],
    {
      cwd: folder,
      detached: true,
      stdio: ['ignore', log, log],
      env: { ...process.env, SPARK_LOCAL_IP: '127.0.0.1', ...(token && { SPARK_CONNECT_AUTHENTICATE_TOKEN: token }) },
    },
  )
  closeSync(log)
  const ended = once(child, 'exit')
  const end = async (signal) => {
    if (child.exitCode === null && child.signalCode === null) child.kill(signal)
    const isGone = await Promise.race([ended.then(() => true), sleep(10_000, false, { ref: false })])
    if (!isGone) child.kill('SIGKILL')
    await ended
  }
  // whoever goes away without a word leaves no server behind
  const onExit = () => child.kill('SIGKILL')
  process.once('exit', onExit)
  void ended.then(() => process.off('exit', onExit))
  const server = {
    pid: child.pid,
    logFile,
    /** Ends it as an operator would. */
    stop: () => end('SIGTERM'),
    /** Ends it as a power cut would. */
    kill: () => end('SIGKILL'),
    /** Lets it outlive this program. */
    leave: () => {
      process.off('exit', onExit)
      child.unref()
    },
  }
  const until = Date.now() + waitMs
  while (Date.now() < until && child.exitCode === null && child.signalCode === null) {
    const [, found] = /Spark Connect server started at: .*:(\d+)/.exec(readFileSync(logFile, 'utf8')) ?? []
    if (found !== undefined) return { ...server, port: Number(found), url: `sc://127.0.0.1:${found}` }
    await sleep(50)
  }
  await server.kill()
  throw new Error(`Spark did not start: ${readFileSync(logFile, 'utf8').split('\n').slice(-20).join('\n')}`)
}

function defaults({ folder, port, cores, hasDelta }) {
  return {
    'spark.master': `local[${cores}]`,
    'spark.app.name': 'movielake',
    'spark.driver.host': '127.0.0.1',
    'spark.driver.bindAddress': '127.0.0.1',
    'spark.connect.grpc.binding.address': '127.0.0.1',
    'spark.connect.grpc.binding.port': port,
    'spark.ui.enabled': 'false',
    'spark.local.dir': `${folder}/tmp`,
    'spark.sql.warehouse.dir': `${folder}/warehouse`,
    'spark.sql.shuffle.partitions': cores,
    'spark.databricks.delta.snapshotPartitions': 1,
    'spark.sql.sources.parallelPartitionDiscovery.parallelism': cores,
    ...(hasDelta && {
      'spark.sql.extensions': 'io.delta.sql.DeltaSparkSessionExtension',
      'spark.sql.catalog.spark_catalog': 'org.apache.spark.sql.delta.catalog.DeltaCatalog',
    }),
  }
}

async function main([command, given]) {
  const folder = path.resolve(given ?? path.join(cacheFolder(), '../spark'))
  const pidFile = path.join(folder, 'pid')
  if (command === 'stop') return stopServer(pidFile)
  const { jars, missing } = fetchSpark(cacheFolder())
  if (missing !== undefined) throw new Error(`Spark cannot be had: ${missing}`)
  if (command === 'fetch') return console.log(jars.join('\n'))
  if (command !== 'start') throw new Error('usage: node test/suites/spark/spark-server.js start|stop|fetch [FOLDER]')
  await stopServer(pidFile)
  const port = Number(process.env.SPARK_CONNECT_PORT ?? 15002)
  const token = process.env.SPARK_CONNECT_AUTHENTICATE_TOKEN
  const server = await startSpark({ folder, jars, port, token, isQuick: false })
  writeFileSync(pidFile, String(server.pid))
  server.leave()
  console.log(server.url)
}

async function stopServer(pidFile) {
  if (!existsSync(pidFile)) return
  const pid = Number(readFileSync(pidFile, 'utf8'))
  rmSync(pidFile)
  const isOurs = () => {
    try {
      return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('SparkConnectServer')
    } catch {
      return false
    }
  }
  for (let tries = 0; isOurs(); tries += 1) {
    process.kill(pid, tries < 50 ? 'SIGTERM' : 'SIGKILL')
    await sleep(200)
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main(process.argv.slice(2))
