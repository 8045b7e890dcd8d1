import { ConfigError } from '../../errors.ts'
import type { FailureReason } from './answers.ts'
import { systemClock, type Clock } from './clock.ts'
import { secretOf, type Credential } from './credential.ts'
import { maxAppendedParts } from './endpoints.ts'
import { mostPerSecond } from './rate-limit.ts'

/** A retry that is about to be waited for. */
export interface Retry {
  readonly request: string
  /** The attempt that failed, 1 is the first. */
  readonly attempt: number
  readonly reason: FailureReason | 'not_json'
  readonly waitMs: number
  /** True when nobody is let through meanwhile: TMDB answered 429. */
  readonly isForAll: boolean
}

/** How to ask TMDB; everything has a default. */
export interface TmdbOptions {
  /** `https://api.themoviedb.org` by default; a trailing `/3` is left out. */
  readonly baseUrl?: string | undefined
  readonly credential?: Credential | undefined
  /** Requests in any one second, all workers together: 35 by default, at most 40. */
  readonly ratePerSecond?: number | undefined
  /** From sending a request to the last byte of its answer: 30 s by default. */
  readonly timeoutMs?: number | undefined
  /** Requests made for one answer, the first included: 5 by default. */
  readonly maxAttempts?: number | undefined
  /** Share of all requests that may be second and later attempts: 0.2 by default, 1 is no limit; the first 100 are free. */
  readonly retryBudget?: number | undefined
  /** Movies in a row that cannot be had before the client gives up: 20 by default. */
  readonly maxFailuresInRow?: number | undefined
  /** 16 MiB by default. */
  readonly maxBodyBytes?: number | undefined
  /** Such as `de-DE`; without it TMDB answers in English. */
  readonly language?: string | undefined
  /** `['credits']` by default, at most 20. */
  readonly appendToResponse?: readonly string[] | undefined
  readonly userAgent?: string | undefined
  /** Stops everything: requests in flight, waits and those to come. */
  readonly signal?: AbortSignal | undefined
  /** Told of every retry before its wait. It must not throw. */
  readonly onRetry?: ((retry: Retry) => void) | undefined
  readonly clock?: Clock | undefined
  /** Numbers in [0, 1), Math.random by default. */
  readonly random?: (() => number) | undefined
}

/** TmdbOptions with every default filled in; `undefined` means there is none. */
export type TmdbSettings = {
  readonly [Key in keyof TmdbOptions]-?: Exclude<TmdbOptions[Key], undefined> | Optional<Key>
}

type Optional<Key> = Key extends 'credential' | 'language' | 'signal' | 'onRetry' ? undefined : never

/** The options with their defaults. Throws ConfigError for a value that is not allowed; a key is never repeated in it. */
export function parseOptions(options: TmdbOptions): TmdbSettings {
  const settings: TmdbSettings = {
    baseUrl: parseBaseUrl(options.baseUrl ?? 'https://api.themoviedb.org'),
    credential: options.credential,
    ratePerSecond: options.ratePerSecond ?? 35,
    timeoutMs: options.timeoutMs ?? 30_000,
    maxAttempts: options.maxAttempts ?? 5,
    retryBudget: options.retryBudget ?? 0.2,
    maxFailuresInRow: options.maxFailuresInRow ?? 20,
    maxBodyBytes: options.maxBodyBytes ?? 16 * 1024 * 1024,
    language: options.language,
    appendToResponse: options.appendToResponse ?? ['credits'],
    userAgent: options.userAgent ?? 'movielake',
    signal: options.signal,
    onRetry: options.onRetry,
    clock: options.clock ?? systemClock,
    random: options.random ?? Math.random,
  }
  requireRange('ratePerSecond', settings.ratePerSecond, 0.01, mostPerSecond)
  requireRange('timeoutMs', settings.timeoutMs, 1, 2 ** 31 - 1)
  requireRange('maxAttempts', settings.maxAttempts, 1, 100)
  requireRange('retryBudget', settings.retryBudget, 0, 1)
  requireRange('maxFailuresInRow', settings.maxFailuresInRow, 1, Infinity)
  requireRange('maxBodyBytes', settings.maxBodyBytes, 1, Infinity)
  requireAppended(settings.appendToResponse)
  requireSendable(settings)
  return settings
}

function parseBaseUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined
  // the text may carry a password or a key, so it is not repeated
  if (
    url === undefined ||
    !/^https?:$/.test(url.protocol) ||
    url.username + url.password + url.search + url.hash !== ''
  ) {
    throw new ConfigError('tmdb base url: not an http(s) address without user, query and fragment', {
      hint: 'the address of TMDB is https://api.themoviedb.org',
    })
  }
  return `${url.origin}${url.pathname.replace(/\/+$/, '').replace(/\/3$/, '')}`
}

function requireRange(name: string, value: number, least: number, most: number): void {
  if (value >= least && value <= most) return
  throw new ConfigError(`tmdb ${name}: ${value} is not from ${least} to ${most}`)
}

function requireAppended(parts: readonly string[]): void {
  if (parts.length > maxAppendedParts) {
    throw new ConfigError(`tmdb appendToResponse: ${parts.length} parts, TMDB takes at most ${maxAppendedParts}`)
  }
  const bad = parts.find((part) => !/^[a-z_/0-9]+$/.test(part))
  if (bad !== undefined) throw new ConfigError(`tmdb appendToResponse: '${bad}' is not the name of a part`)
}

function requireSendable({ credential, userAgent, language }: TmdbSettings): void {
  if (credential !== undefined && !/^[\x21-\x7e]+$/.test(secretOf(credential))) {
    throw new ConfigError('tmdb key: empty, or has characters that cannot be sent', {
      hint: 'set TMDB_TOKEN to a v4 read access token or a v3 key',
    })
  }
  if (!/^[\x20-\x7e]+$/.test(userAgent)) throw new ConfigError('tmdb userAgent: not plain ASCII')
  if (language !== undefined && !/^[a-z]{2}(-[A-Z]{2})?$/.test(language)) {
    throw new ConfigError(`tmdb language: '${language}' is not like de or de-DE`)
  }
}
