import { Code, ConnectError } from '@connectrpc/connect'
import { ErrorInfoSchema, RetryInfoSchema } from './gen/google/rpc/error_details_min_pb.ts'
import { tlsFailure } from './tls-failure.ts'

/** A connection that broke, a server that is going away, a reader that was replaced: the same call may work in a moment. */
export function isWorthRetrying(reason: unknown): boolean {
  if (!(reason instanceof ConnectError) || tlsFailure(reason) !== undefined) return false
  if (reason.findDetails(RetryInfoSchema).length > 0) return true
  // a server that goes away answers Unavailable; of a connection that breaks, connect-node says Aborted or Canceled
  if (reason.code === Code.Unavailable || reason.code === Code.Aborted) return true
  if (reason.code === Code.Canceled) return reason.rawMessage.startsWith('http/2 stream closed')
  if (reason.code !== Code.Internal) return false
  return /INVALID_CURSOR\.DISCONNECTED|protocol error: missing|premature close|ERR_HTTP2|session.*closed/i.test(
    reason.rawMessage,
  )
}

/** How long the server asks to wait; undefined when it does not. */
export function retryDelayMs(reason: unknown): number | undefined {
  if (!(reason instanceof ConnectError)) return undefined
  const delay = reason.findDetails(RetryInfoSchema)[0]?.retryDelay
  return delay === undefined ? undefined : Number(delay.seconds) * 1000 + delay.nanos / 1e6
}

/** The server does not know what it is asked to go on with. */
export const isUnknownOperation = (reason: unknown): boolean =>
  reason instanceof ConnectError && /INVALID_HANDLE\.(OPERATION|SESSION)_NOT_FOUND/.test(reason.rawMessage)

/** What the server says about an error in the answer itself. */
export const errorInfo = (reason: ConnectError): Readonly<Record<string, string>> =>
  reason.findDetails(ErrorInfoSchema)[0]?.metadata ?? {}

/** What a server, or a proxy before it, says, without the token that it may send back. */
export function withoutToken(reason: ConnectError, token: string | undefined): ConnectError {
  if (token === undefined || !reason.message.includes(token)) return reason
  const clean = new ConnectError(reason.rawMessage.replaceAll(token, '[redacted]'), reason.code, reason.metadata)
  clean.details = reason.details
  return clean
}
