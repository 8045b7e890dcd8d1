import { execFile } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'
import { openSpark } from '../../../src/engines/spark/connect/index.ts'
import { compiled } from '../../compiled.ts'
import { newCertificate } from '../../engines/spark/connect/certificate.ts'
import { openTlsProxy } from '../../engines/spark/connect/tls-proxy.ts'
import { tempFolder } from '../../engines/temp-folder.ts'
import { failure, sparkUrl } from './server.ts'

const port = Number(/:(\d+)/.exec(sparkUrl)?.[1])
const certificate = newCertificate()

it('rows and uploads go over TLS', async () => {
  await using proxy = await openTlsProxy(port, certificate)
  const address = `sc://127.0.0.1:${proxy.port}/;use_ssl=true;token=s3cret`
  await using session = await openSpark(address, { tls: { ca: certificate.cert } })
  const rows = Array.from({ length: 900 }, (_, id) => ({ id, payload: String(id % 10).repeat(50_000) }))
  await session.upload('payloads', { id: 'bigint', payload: 'string' }, rows)
  expect(await session.collect('SELECT sum(length(payload)) AS chars FROM payloads')).toEqual([{ chars: 45_000_000n }])
  let found = 0
  for await (const batch of session.rows("SELECT id, repeat('x', 100) AS x FROM range(300000)")) found += batch.length
  expect(found).toBe(300_000)
})

it('a program trusts who signed the certificate by NODE_EXTRA_CA_CERTS', async () => {
  const ca = path.join(await tempFolder(), 'ca.pem')
  await writeFile(ca, certificate.cert)
  await using proxy = await openTlsProxy(port, certificate)
  const program = `
    import { openSpark } from '${await compiled('src/engines/spark/connect/index.ts')}'
    const spark = await openSpark('sc://localhost:${proxy.port}/;use_ssl=true', { token: 's3cret' })
    console.log(await spark.collect('SELECT 1 AS one'))
    await spark.close()`
  const env = { ...process.env, NODE_EXTRA_CA_CERTS: ca }
  const run = promisify(execFile)
  const { stdout } = await run(process.execPath, ['--input-type=module', '--eval', program], { env })
  expect(stdout).toBe('[ { one: 1 } ]\n')
})

it('a certificate that nobody trusts, and a server without TLS, are told at once', async () => {
  await using proxy = await openTlsProxy(port, certificate)
  const began = Date.now()
  const untrusted = await failure(openSpark(`sc://127.0.0.1:${proxy.port}/;use_ssl=true;token=s3cret`))
  expect(untrusted.message).toContain("the server's certificate is not trusted")
  expect(untrusted.hint).toContain('NODE_EXTRA_CA_CERTS')
  expect(proxy.connections()).toBe(1)
  const plain = await failure(openSpark(`${sparkUrl}/;use_ssl=true`))
  expect(plain.message).toContain('the server does not speak TLS as we do')
  expect(Date.now() - began).toBeLessThan(5000)
})

it('a server that wants TLS gives no answer without it', async () => {
  await using proxy = await openTlsProxy(port, certificate)
  const error = await failure(openSpark(`sc://127.0.0.1:${proxy.port}`))
  expect(error).toMatchObject({ fault: 'unreachable' })
  expect(error.hint).toContain('use_ssl=true if it wants TLS')
})
