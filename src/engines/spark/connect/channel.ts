import { userInfo } from 'node:os'
import type { SecureClientSessionOptions } from 'node:http2'
import { createClient, type Client, type Interceptor } from '@connectrpc/connect'
import { createGrpcTransport, Http2SessionManager } from '@connectrpc/connect-node'
import type { SparkAddress } from './address.ts'
import { SparkConnectService } from './gen/spark_connect_min_pb.ts'

/** Certificates, as Node's TLS takes them. */
export type TlsOptions = Pick<
  SecureClientSessionOptions,
  'ca' | 'cert' | 'key' | 'passphrase' | 'servername' | 'rejectUnauthorized'
>

/** The connection to a server, which is made when it is first needed and again when it broke. */
export interface Channel {
  readonly service: Client<typeof SparkConnectService>
  close(): void
}

// grpc-java takes more than two pings without an answer of its own for an attack, and answers at least every two minutes
const PING_INTERVAL_MS = 50_000
const PING_TIMEOUT_MS = 15_000

/** Opens no connection yet. */
export function openChannel(address: SparkAddress, tls: TlsOptions): Channel {
  const baseUrl = `${address.isSecure ? 'https' : 'http'}://${address.host}:${address.port}`
  const headers: Interceptor = (next) => (request) => {
    for (const [name, value] of Object.entries(address.headers)) request.header.set(name, value)
    if (address.token !== undefined) request.header.set('authorization', `Bearer ${address.token}`)
    return next(request)
  }
  const pings = { pingIntervalMs: PING_INTERVAL_MS, pingTimeoutMs: PING_TIMEOUT_MS }
  const sessionManager = new Http2SessionManager(baseUrl, pings, address.isSecure ? tls : {})
  const transport = createGrpcTransport({ baseUrl, interceptors: [headers], sessionManager })
  return { service: createClient(SparkConnectService, transport), close: () => sessionManager.abort() }
}

/** The name of whoever runs this program. */
export function ownName(): string {
  try {
    return userInfo().username
  } catch {
    // a container may run as a number without a name
    return 'movielake'
  }
}
