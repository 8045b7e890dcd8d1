import type { OpenedConfig } from '../config/config.ts'
import { LakeError } from '../errors.ts'
import { credentialOf, redact, type Credential } from '../sources/tmdb/index.ts'
import type { Context } from './context.ts'

/** One thing that was looked at. */
export interface Finding {
  readonly check: string
  readonly status: 'ok' | 'warn' | 'fail'
  readonly found: string
  /** What to do about it. */
  readonly remedy?: string
}

/** Looks at one thing. */
export type Check = () => Promise<Omit<Finding, 'check'>>

/** Whether a key to TMDB is set and has the form of one. */
export function checkKey({ secrets, origins }: OpenedConfig): Omit<Finding, 'check'> {
  const secret = secrets.token ?? secrets.apiKey
  if (secret === undefined)
    return {
      status: 'warn',
      found: 'not set: answers come from the sample server',
      remedy: 'set TMDB_TOKEN: https://www.themoviedb.org/settings/api',
    }
  const origin = secrets.token === undefined ? origins['TMDB_API_KEY'] : origins['TMDB_TOKEN']
  try {
    credentialOf(secret.reveal())
    return { status: 'ok', found: `set by ${origin}` }
  } catch (error) {
    return {
      status: 'fail',
      found: `${origin} has not the form of a key`,
      remedy: error instanceof LakeError ? (error.hint ?? '') : '',
    }
  }
}

/** Whether TMDB answers, takes the key, and agrees about the time. */
export async function checkTmdb({ config, secrets }: OpenedConfig, { io }: Context): ReturnType<Check> {
  const url = new URL(`${config.tmdb.base_url.replace(/(\/3)?\/?$/, '')}/3/authentication`)
  const credential = credentialIn(secrets)
  const isKeyed = credential !== undefined
  if (credential !== undefined && 'apiKey' in credential) url.searchParams.set('api_key', credential.apiKey)
  const headers =
    credential !== undefined && 'bearer' in credential ? { authorization: `Bearer ${credential.bearer}` } : undefined
  const response = await fetch(url, {
    ...(headers && { headers }),
    signal: AbortSignal.any([io.signal, AbortSignal.timeout(5000)]),
  }).catch((error: unknown) =>
    redact(
      error instanceof Error ? `${error.message}${error.cause instanceof Error ? `: ${error.cause.message}` : ''}` : '',
    ),
  )
  const remedy = 'look at the network, a proxy or tmdb.base_url'
  if (typeof response === 'string')
    return { status: isKeyed ? 'fail' : 'warn', found: `${url.origin}: ${response}`, remedy }
  await response.body?.cancel()
  if (isKeyed && (response.status === 401 || response.status === 403))
    return {
      status: 'fail',
      found: `${url.origin} refuses the key (${response.status})`,
      remedy: 'set another TMDB_TOKEN',
    }
  if (response.status >= 500)
    return { status: 'warn', found: `${url.origin} answers ${response.status}`, remedy: 'try again later' }
  const clock = clockFault(response.headers.get('date'), io.now())
  if (clock !== undefined) return clock
  return { status: 'ok', found: `${url.origin} answers${isKeyed ? ' and takes the key' : ''}` }
}

/** Undefined also when it has not the form of a key: the check of the key says so. */
function credentialIn({ token, apiKey }: OpenedConfig['secrets']): Credential | undefined {
  const secret = token ?? apiKey
  try {
    return secret && credentialOf(secret.reveal())
  } catch (error) {
    if (error instanceof LakeError) return undefined
    throw error
  }
}

function clockFault(date: string | null, nowMs: number): Omit<Finding, 'check'> | undefined {
  const awayMs = date === null ? 0 : Math.abs(Date.parse(date) - nowMs)
  if (!(awayMs > 300_000)) return undefined
  const found = `the clock is ${Math.round(awayMs / 60_000)} minutes away from TMDB's`
  return { status: 'warn', found, remedy: 'set the clock: it dates every answer' }
}
