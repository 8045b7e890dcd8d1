import { ConfigError } from '../../../errors.ts'

/** Where a Spark Connect server is and what it is told with every call. */
export interface SparkAddress {
  readonly host: string
  readonly port: number
  readonly isSecure: boolean
  readonly token: string | undefined
  /** Undefined: the name of whoever runs this program. */
  readonly userId: string | undefined
  readonly userAgent: string | undefined
  /** A UUID; undefined: a new one. */
  readonly sessionId: string | undefined
  /** Parameters that Spark does not know are headers, for proxies and clouds: `x-databricks-cluster-id`. */
  readonly headers: Readonly<Record<string, string>>
}

const known = new Set(['token', 'use_ssl', 'user_id', 'user_agent', 'session_id', 'grpc_max_message_size'])
const isUuid = (text: string): boolean => /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i.test(text)
const isLocal = (host: string): boolean => /^(localhost|127(\.\d+){3}|\[::1\])$/.test(host)

/**
 * `sc://host:15002/;token=…;use_ssl=true;x-header=…` taken apart. A token means TLS, but for a server on this machine; `use_ssl` overrules, for
 * networks that nobody else is on.
 * Throws ConfigError, which never shows the values of parameters.
 * Source: https://github.com/apache/spark/blob/master/sql/connect/docs/client-connection-string.md
 */
export function parseAddress(text: string): SparkAddress {
  const [place = '', ...pairs] = text.split(';')
  const { host, port } = parsePlace(place)
  const parameters = parseParameters(pairs.filter((pair) => pair !== ''))
  const { token, use_ssl: useSsl, session_id: sessionId } = parameters
  if (useSsl !== undefined && useSsl !== 'true' && useSsl !== 'false')
    throw bad('use_ssl is neither true nor false', 'write ;use_ssl=true or ;use_ssl=false')
  if (sessionId !== undefined && !isUuid(sessionId))
    throw bad('session_id is not a UUID', 'leave session_id out, and a new one is made')
  return {
    host,
    port,
    isSecure: useSsl === undefined ? token !== undefined && !isLocal(host) : useSsl === 'true',
    token,
    userId: parameters['user_id'],
    userAgent: parameters['user_agent'],
    sessionId,
    headers: Object.fromEntries(Object.entries(parameters).filter(([key]) => !known.has(key))),
  }
}

/** The address as it may be shown: `sc://host:15002`. */
export const shownAddress = ({ host, port }: SparkAddress): string => `sc://${host}:${port}`

const bad = (what: string, hint: string, cause?: unknown): ConfigError =>
  new ConfigError(`spark address: ${what}`, { hint, cause })

function parsePlace(place: string): { readonly host: string; readonly port: number } {
  const form = 'write it as sc://host:15002'
  // user:password@ would be shown as part of the host
  if (!/^sc:\/\/[^/@?#]+\/?$/.test(place))
    throw bad(place.startsWith('sc://') ? 'not a host and a port' : 'does not begin with sc://', form)
  try {
    const { hostname, port } = new URL(place.replace('sc:', 'http:'))
    // URL leaves out the port that is http's own
    const isHttp = /:80\/?$/.test(place)
    return { host: hostname, port: port === '' ? (isHttp ? 80 : 15002) : Number(port) }
  } catch (cause) {
    throw bad('not a host and a port', form, cause)
  }
}

function parseParameters(pairs: readonly string[]): Readonly<Record<string, string>> {
  const found = new Map<string, string>()
  for (const pair of pairs) {
    const at = pair.indexOf('=')
    const key = pair.slice(0, Math.max(at, 0))
    if (!/^[A-Za-z0-9_.-]+$/.test(key))
      throw bad('a parameter is not key=value', 'write parameters as ;key=value, with % escapes in values')
    if (found.has(key)) throw bad(`${key} is given twice`, `leave one ${key} out`)
    const value = decoded(key, pair.slice(at + 1))
    if (/[^\x20-\x7e]/.test(value) || value === '')
      throw bad(`${key} is empty or has characters that no header may have`, `look at the value of ${key}`)
    found.set(key, value)
  }
  return Object.fromEntries(found)
}

function decoded(key: string, value: string): string {
  try {
    return decodeURIComponent(value)
  } catch {
    // the cause would show the value
    throw bad(`${key} has a % that is no escape`, 'write % as %25')
  }
}
