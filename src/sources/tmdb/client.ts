import { setMaxListeners } from 'node:events'
import { KeyError, LakeError, SourceError, StoppedError } from '../../errors.ts'
import { isJson, parseTmdbError, type FailureReason, type MovieAnswer } from './answers.ts'
import { fetchOnce, type Attempt } from './attempt.ts'
import { redact, secretOf } from './credential.ts'
import { listRequest, movieRequest, type ListName } from './endpoints.ts'
import { parseOptions, type TmdbOptions, type TmdbSettings } from './options.ts'
import { RateLimiter } from './rate-limit.ts'
import { backoffMs, retryAfterMs, RetryBudget } from './retry.ts'

// bodies that are cut or no JSON may be so at the source: they are asked for twice more, then handed over
const maxBodyAttempts = 3
const freeRetries = 100

// a 429 that does not say how long
const leastPauseMs = 500

/** What a client has done so far. */
export interface TmdbCounts {
  /** HTTP requests sent, retries included. */
  readonly requests: number
  readonly retries: number
  /** Answers 429. */
  readonly rateLimited: number
}

/**
 * A client for TMDB that any number of workers may share: one rate, one retry budget, one end when the key is refused.
 * Throws ConfigError for a setting that is not allowed. Nothing is asked yet.
 */
export function openTmdb(options: TmdbOptions = {}): Tmdb {
  return new Tmdb(parseOptions(options))
}

type Answered = Extract<Attempt, { kind: 'answered' }>

interface Fetched {
  readonly attempt: Attempt
  readonly attempts: number
}

/** Asks TMDB. Its key is not to be seen from outside: not in errors, requests, `inspect` or JSON. */
export class Tmdb {
  readonly #settings: TmdbSettings
  readonly #limiter: RateLimiter
  readonly #budget: RetryBudget
  readonly #secret: string | undefined
  readonly #end = new AbortController()
  readonly #counts = { requests: 0, retries: 0, rateLimited: 0 }
  #failuresInRow = 0

  /** Use `openTmdb`. */
  constructor(settings: TmdbSettings) {
    this.#settings = settings
    this.#limiter = new RateLimiter(settings.ratePerSecond, settings.clock)
    this.#budget = new RetryBudget(settings.retryBudget, freeRetries)
    this.#secret = settings.credential === undefined ? undefined : secretOf(settings.credential)
  }

  /** Address the client asks, without `/3`. */
  get baseUrl(): string {
    return this.#settings.baseUrl
  }

  /** What has been done so far; a copy. */
  get counts(): TmdbCounts {
    return { ...this.#counts }
  }

  /** `text` without this client's key and anything that looks like one. */
  redact(text: string): string {
    return redact(text, this.#secret)
  }

  /**
   * What TMDB answered for a movie; a movie it lacks and one that cannot be had are answers too. Throws KeyError when the key is
   * refused, SourceError (retryable) when the retry budget is spent or too many movies in a row failed, StoppedError on abort;
   * after the first two every other and later call throws the same.
   */
  async fetchMovie(movieId: number, signal?: AbortSignal): Promise<MovieAnswer> {
    const { appendToResponse, language } = this.#settings
    const request = movieRequest(movieId, appendToResponse, language)
    const answer = this.#movieAnswer(movieId, request, await this.#fetch(request, signal))
    this.#failuresInRow = answer.outcome === 'failed' ? this.#failuresInRow + 1 : 0
    if (this.#failuresInRow >= this.#settings.maxFailuresInRow) {
      throw this.#giveUp(
        `tmdb: ${this.#failuresInRow} movies in a row could not be had, the last for ${reasonOf(answer)}`,
      )
    }
    return answer
  }

  /**
   * One page of a list as parsed JSON. Throws as fetchMovie does, and SourceError for a page that cannot be had or is no JSON.
   */
  async fetchPage(list: ListName, page: number, signal?: AbortSignal): Promise<unknown> {
    const request = listRequest(list, page, this.#settings.language)
    const { attempt, attempts } = await this.#fetch(request, signal)
    if (attempt.kind === 'failed') {
      const problem = `${this.redact(attempt.message)} after ${attempts} attempts`
      throw new SourceError(`tmdb ${request}: ${problem}`, { retryable: attempt.reason !== 'body_too_large' })
    }
    if (attempt.status !== 200 || !isJson(attempt.body)) {
      const { message = 'no JSON' } = parseTmdbError(attempt.body)
      throw new SourceError(`tmdb ${request}: status ${attempt.status}, ${this.redact(message)}`, {
        retryable: failureReason(attempt.status) !== 'bad_request',
      })
    }
    return JSON.parse(attempt.body)
  }

  async #fetch(request: string, signal: AbortSignal | undefined): Promise<Fetched> {
    const stop = new AbortController()
    const sources = [this.#end.signal, this.#settings.signal, signal].filter((source) => source !== undefined)
    // one listener per call under way, as many as there are workers
    setMaxListeners(0, ...sources)
    const onAbort = (event: Event): void => stop.abort(stopReason((event.target as AbortSignal).reason))
    for (const source of sources) {
      if (source.aborted) stop.abort(stopReason(source.reason))
      source.addEventListener('abort', onAbort, { once: true })
    }
    try {
      return await this.#fetchWithRetries(request, stop.signal)
    } catch (error) {
      // whatever rejected because of the abort, the reason is what is thrown
      throw stop.signal.aborted ? stop.signal.reason : error
    } finally {
      for (const source of sources) source.removeEventListener('abort', onAbort)
    }
  }

  async #fetchWithRetries(request: string, signal: AbortSignal): Promise<Fetched> {
    const { maxAttempts, clock } = this.#settings
    this.#budget.recordRequest()
    for (let attempts = 1; ; attempts++) {
      const release = await this.#limiter.take(signal)
      const attempt = await this.#attempt(request, signal).finally(release)
      const reason = retryReason(attempt)
      if (reason === undefined) return { attempt, attempts }
      const waitMs = this.#waitMs(attempt, attempts)
      const isForAll = reason === 'rate_limited'
      if (isForAll) this.#limiter.pause(waitMs)
      if (attempts >= (reason === 'not_json' ? Math.min(maxAttempts, maxBodyAttempts) : maxAttempts)) {
        return { attempt, attempts }
      }
      if (!this.#budget.spend()) throw this.#giveUp(`tmdb ${request}: ${reason}, and the run's retries are used up`)
      this.#counts.retries += 1
      this.#settings.onRetry?.({ request, attempt: attempts, reason, waitMs, isForAll })
      if (!isForAll) await clock.sleep(waitMs, signal)
    }
  }

  #waitMs(attempt: Attempt, attempts: number): number {
    const { clock, random } = this.#settings
    const waitMs = backoffMs(attempts, random)
    if (attempt.kind === 'failed') return waitMs
    const askedMs = retryAfterMs(attempt.headers.get('retry-after'), clock.wallMs())
    if (askedMs !== undefined && askedMs > 0) return askedMs
    return attempt.status === 429 ? Math.max(leastPauseMs, waitMs) : waitMs
  }

  async #attempt(request: string, signal: AbortSignal): Promise<Attempt> {
    const { timeoutMs, maxBodyBytes } = this.#settings
    this.#counts.requests += 1
    const attempt = await fetchOnce(this.#urlOf(request), { headers: this.#headers(), timeoutMs, maxBodyBytes, signal })
    if (attempt.kind === 'answered' && attempt.status === 429) this.#counts.rateLimited += 1
    if (attempt.kind === 'answered' && (attempt.status === 401 || attempt.status === 403))
      throw this.#refuse(request, attempt)
    return attempt
  }

  #urlOf(request: string): string {
    const { baseUrl, credential } = this.#settings
    if (credential === undefined || 'bearer' in credential) return `${baseUrl}${request}`
    return `${baseUrl}${request}${request.includes('?') ? '&' : '?'}api_key=${encodeURIComponent(credential.apiKey)}`
  }

  #headers(): Record<string, string> {
    const { credential, userAgent } = this.#settings
    const accept = { accept: 'application/json', 'user-agent': userAgent }
    return credential !== undefined && 'bearer' in credential
      ? { ...accept, authorization: `Bearer ${credential.bearer}` }
      : accept
  }

  #refuse(request: string, { status, body }: Answered): LakeError {
    const { message = 'no reason given' } = parseTmdbError(body)
    const error = new KeyError(`tmdb ${request}: status ${status}, ${this.redact(message)}`, {
      hint: 'set TMDB_TOKEN to a valid v4 read access token or v3 key of TMDB',
    })
    this.#end.abort(error)
    return error
  }

  #giveUp(message: string): LakeError {
    const error = new SourceError(message, {
      retryable: true,
      hint: 'TMDB is not well: run again later, what was fetched is kept',
    })
    this.#end.abort(error)
    return error
  }

  #movieAnswer(movieId: number, request: string, { attempt, attempts }: Fetched): MovieAnswer {
    const fetchedAt = new Date(this.#settings.clock.wallMs()).toISOString().replace('Z', '000Z')
    const common = { movieId, request, fetchedAt, attempts }
    if (attempt.kind === 'failed') {
      const message = this.redact(attempt.message)
      return { ...common, outcome: 'failed', reason: attempt.reason, status: undefined, body: '', message }
    }
    const { status } = attempt
    const etag = attempt.headers.get('etag')
    const body = this.#secret === undefined ? attempt.body : attempt.body.replaceAll(this.#secret, '[redacted]')
    const answered = { ...common, status, body, ...(etag === null ? {} : { etag }) }
    if (status === 200) return { ...answered, outcome: 'ok' }
    const said = parseTmdbError(body)
    if (status === 404) return { ...answered, ...said, outcome: 'not_found' }
    return { ...answered, message: `status ${status}`, ...said, outcome: 'failed', reason: failureReason(status) }
  }
}

function retryReason(attempt: Attempt): FailureReason | 'not_json' | undefined {
  if (attempt.kind === 'failed') return attempt.reason === 'body_too_large' ? undefined : attempt.reason
  if (attempt.status === 200) return attempt.isWhole && isJson(attempt.body) ? undefined : 'not_json'
  return attempt.status === 429 || attempt.status >= 500 ? failureReason(attempt.status) : undefined
}

function failureReason(status: number): FailureReason {
  if (status === 429) return 'rate_limited'
  if (status >= 500) return 'server_error'
  return status >= 400 ? 'bad_request' : 'unexpected_status'
}

function reasonOf(answer: MovieAnswer): string {
  return answer.outcome === 'failed' ? answer.reason : answer.outcome
}

function stopReason(reason: unknown): LakeError {
  return reason instanceof LakeError ? reason : new StoppedError('tmdb: stopped', { cause: reason })
}
