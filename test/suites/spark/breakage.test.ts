import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openSpark, SparkError } from '../../../src/engines/spark/connect/index.ts'
import { connectSpark } from '../../../src/engines/spark/spark-connection.ts'
import { newCertificate } from '../../engines/spark/connect/certificate.ts'
import { openTlsProxy } from '../../engines/spark/connect/tls-proxy.ts'
import { failure, sparkJars } from './server.ts'
import { startSpark, type SparkServer } from './spark-server.js'

const token = 'right, "and" secret%'
let folder: string
let server: SparkServer
const start = (port = 0) => startSpark({ folder, jars: sparkJars, token, port, hasDelta: false })
const address = (given = token) => `${server.url}/;token=${encodeURIComponent(given)}`

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'movielake-spark-breakage-'))
  server = await start()
})
afterAll(async () => {
  await server.stop()
  await rm(folder, { recursive: true, force: true })
})

it('a wrong token is refused at once and never shown', async () => {
  const error = await failure(openSpark(address('wr0ng')))
  expect(error).toBeInstanceOf(SparkError)
  expect(error).toMatchObject({ fault: 'refused', exitCode: 5 })
  expect(error.hint).toContain('token')
  expect([error.message, error.stack, JSON.stringify(error), String(error.cause)].join()).not.toContain('wr0ng')
})

it('no token is refused too', async () => {
  expect(await failure(openSpark(server.url))).toMatchObject({ fault: 'refused' })
})

it('the right one is taken', async () => {
  await using session = await openSpark(server.url, { token })
  expect(await session.collect('SELECT 1 AS one')).toEqual([{ one: 1 }])
})

it('it goes over TLS where a proxy before the server speaks it', async () => {
  const certificate = newCertificate()
  await using proxy = await openTlsProxy(server.port, certificate)
  const at = `sc://localhost:${proxy.port}/;use_ssl=true`
  const tls = { ca: certificate.cert }
  await using session = await openSpark(at, { token, tls })
  expect(await session.collect('SELECT 1 AS one')).toEqual([{ one: 1 }])
  expect(await failure(openSpark(at, { tls }))).toMatchObject({ fault: 'refused' })
})

it('a lake is refused by a server without Delta, with the settings that it lacks', async () => {
  const refused = await failure(connectSpark({ url: server.url, token, root: folder }))
  expect(refused).toMatchObject({ name: 'ConfigError', exitCode: 2 })
  expect(refused.message).toContain('the server has no Delta Lake')
  expect(refused.hint).toContain('spark.sql.extensions=io.delta.sql.DeltaSparkSessionExtension')
})

it('a server without Delta is told from one with it', async () => {
  await using session = await openSpark(address())
  const error = await failure(session.run(`CREATE TABLE delta.\`${folder}/t\` (id BIGINT) USING delta`))
  expect(error.hint).toContain('the server lacks Delta Lake')
})

it('a server that is killed is missed within seconds, and a session is found lost when it is back', async () => {
  await using session = await openSpark(address())
  await session.upload('mine', { id: 'int' }, [{ id: 1 }])
  const running = failure(session.collect('SELECT sum(id % 7) FROM range(1000000000000)'))
  const { port } = server
  await server.kill()
  const began = Date.now()
  expect(await running).toMatchObject({ fault: 'unreachable', exitCode: 75 })
  expect(await failure(session.collect('SELECT * FROM mine'))).toMatchObject({ fault: 'unreachable' })
  expect(Date.now() - began).toBeLessThan(60_000)

  server = await start(port)
  const lost = await failure(session.collect('SELECT * FROM mine'))
  expect(lost).toMatchObject({ fault: 'lost', exitCode: 75 })
  expect(lost.hint).toContain('reopen')
  await session.reopen()
  expect(await session.collect('SELECT 1 AS one')).toEqual([{ one: 1 }])
  expect(await failure(session.collect('SELECT * FROM mine'))).toMatchObject({ condition: 'TABLE_OR_VIEW_NOT_FOUND' })
})
