const firstWaitMs = 500
const longestWaitMs = 30_000
const longestRetryAfterMs = 60_000

/**
 * Milliseconds to wait after attempt number `attempt` (1 is the first): anything from 0 up to 0.5 s doubled each time, at most 30 s.
 * `random` gives a number in [0, 1). Source: "full jitter", https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
 */
export function backoffMs(attempt: number, random: () => number): number {
  return random() * Math.min(longestWaitMs, firstWaitMs * 2 ** (attempt - 1))
}

/**
 * Milliseconds a `Retry-After` header asks for: seconds or an HTTP date, at least 0 and at most a minute. Undefined when the header
 * is absent or neither. Source: RFC 9110, section 10.2.3.
 */
export function retryAfterMs(header: string | null, nowMs: number): number | undefined {
  if (header === null) return undefined
  const text = header.trim()
  const untilMs = /^\d+(\.\d+)?$/.test(text)
    ? Number(text) * 1000
    : /[a-z]/i.test(text)
      ? Date.parse(text) - nowMs
      : Number.NaN
  return Number.isNaN(untilMs) ? undefined : Math.min(longestRetryAfterMs, Math.max(0, untilMs))
}

/** Counts retries against the requests of a run, so that a sick server is not asked several times for everything. */
export class RetryBudget {
  readonly #share: number
  readonly #atLeast: number
  #requests = 0
  #retries = 0

  /** Retries may be `share` of all requests, and `atLeast` so many in any case. */
  constructor(share: number, atLeast: number) {
    this.#share = share
    this.#atLeast = atLeast
  }

  /** Notes a request that is made for the first time. */
  recordRequest(): void {
    this.#requests += 1
  }

  /** True when one more retry is within the budget, which is then spent. */
  spend(): boolean {
    const retries = this.#retries + 1
    if (retries > Math.max(this.#atLeast, this.#share * (this.#requests + retries))) return false
    this.#retries = retries
    return true
  }
}
