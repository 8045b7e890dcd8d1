/** Why a movie could not be had after every attempt. */
export type FailureReason =
  'server_error' | 'rate_limited' | 'timeout' | 'network' | 'body_too_large' | 'bad_request' | 'unexpected_status'

interface Answer {
  readonly movieId: number
  /** Path and query without keys, for example `/3/movie/603?append_to_response=credits`. */
  readonly request: string
  /** When the last attempt ended, ISO 8601 in UTC with six digits of a second. */
  readonly fetchedAt: string
  readonly etag?: string
  /** The text as it came, a byte order mark included; empty when there was none. */
  readonly body: string
  /** Requests made, the first included. */
  readonly attempts: number
}

/** TMDB answered 200. The body is not judged: it may be cut, no JSON, an error body or another movie. */
export interface FoundAnswer extends Answer {
  readonly outcome: 'ok'
  readonly status: number
}

/** TMDB has no such movie (404). */
export interface MissingAnswer extends Answer {
  readonly outcome: 'not_found'
  readonly status: number
  readonly tmdbStatusCode?: number
  readonly message?: string
}

/** The movie could not be had. */
export interface FailedAnswer extends Answer {
  readonly outcome: 'failed'
  readonly reason: FailureReason
  /** Undefined when no answer came. */
  readonly status: number | undefined
  readonly tmdbStatusCode?: number
  readonly message: string
}

/** What came of asking for one movie. */
export type MovieAnswer = FoundAnswer | MissingAnswer | FailedAnswer

/** `status_code` and `status_message` of TMDB's error body; empty when the text is something else. */
export function parseTmdbError(body: string): { tmdbStatusCode?: number; message?: string } {
  const value = parseJson(body)
  if (typeof value !== 'object' || value === null) return {}
  const { status_code: code, status_message: message } = value as Record<string, unknown>
  return {
    ...(typeof code === 'number' ? { tmdbStatusCode: code } : {}),
    ...(typeof message === 'string' ? { message } : {}),
  }
}

/** True when `text` is JSON. */
export function isJson(text: string): boolean {
  return parseJson(text) !== undefined
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // not JSON: the callers ask just that
    return undefined
  }
}
