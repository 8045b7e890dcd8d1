import { afterAll, beforeAll, expect, it } from 'vitest'
import { openSpark, type SparkError } from '../../../../src/engines/spark/connect/index.ts'
import { newCertificate } from './certificate.ts'
import { FakeSpark } from './fake-spark.ts'
import { openTlsProxy } from './tls-proxy.ts'

const spark = new FakeSpark()
let port: number
beforeAll(async () => {
  port = Number((await spark.start()).split(':').at(-1))
})
afterAll(() => spark.stop())

const failure = (call: Promise<unknown>): Promise<SparkError> =>
  call.then(
    () => expect.fail('it did not fail'),
    (error: unknown) => error as SparkError,
  )

it('goes over TLS to a server whose certificate is trusted', async () => {
  const certificate = newCertificate()
  await using proxy = await openTlsProxy(port, certificate)
  for (const host of ['127.0.0.1', 'localhost']) {
    await using session = await openSpark(`sc://${host}:${proxy.port}/;use_ssl=true`, { tls: { ca: certificate.cert } })
    expect(session.version).toBe('4.2.0')
  }
})

it.each([
  ['not trusted', newCertificate(), undefined, 'NODE_EXTRA_CA_CERTS'],
  ['for another name', newCertificate({ name: 'spark.example' }), 'its own', 'a name that stands in the certificate'],
  ['not valid today', newCertificate({ days: -1 }), 'its own', 'a new certificate'],
])('says at once that a certificate is %s', async (what, certificate, trusted, hint) => {
  await using proxy = await openTlsProxy(port, certificate)
  const tls = trusted === undefined ? {} : { ca: certificate.cert }
  const error = await failure(openSpark(`sc://127.0.0.1:${proxy.port}/;use_ssl=true`, { tls }))
  expect(error).toMatchObject({ name: 'SparkError', fault: 'unreachable' })
  expect(error.message).toContain(`the server's certificate is ${what} (`)
  expect(error.hint).toContain(hint)
  expect(proxy.connections()).toBe(1)
})

it('says at once that a server speaks no TLS', async () => {
  const error = await failure(openSpark(`sc://127.0.0.1:${port}/;use_ssl=true`))
  expect(error.message).toContain('the server does not speak TLS as we do')
  expect(error.hint).toContain('leave use_ssl=true out')
})
