import type { Clock } from './clock.ts'

/** Requests TMDB bears in one second, "somewhere in the 40 requests per second range": https://developer.themoviedb.org/docs/rate-limiting */
export const mostPerSecond = 40

const windowMs = 1000
const maxBurst = 5

// longer than any pause: the sleep ends early when a request ends
const untilRequestEndsMs = 3_600_000

/** To be called once, when the request that was let through has been answered or given up. */
export type Release = () => void

/**
 * Lets requests through, first come first served: `ratePerSecond` of them, a few at once, and never more than 40 that can reach
 * the server in one second. When a request arrives there is not known; that it has arrived is, once it is answered. So a request
 * counts from the moment it is let through until a second after its end. One limiter serves all workers; a pause holds all of them.
 */
export class RateLimiter {
  readonly #ratePerSecond: number
  readonly #clock: Clock
  readonly #burst: number
  readonly #waiting: (() => void)[] = []
  #grantedMs: number[] = []
  #endedMs: number[] = []
  #underWay = 0
  #tokens: number
  #refilledMs: number
  #pausedUntilMs = 0
  #wake: AbortController | undefined

  constructor(ratePerSecond: number, clock: Clock) {
    this.#ratePerSecond = ratePerSecond
    this.#clock = clock
    this.#burst = Math.max(1, Math.min(maxBurst, Math.floor(ratePerSecond)))
    this.#tokens = this.#burst
    this.#refilledMs = clock.steadyMs()
  }

  /** Settles when the caller may send one request. Rejects with the signal's reason as soon as it aborts. */
  take(signal: AbortSignal): Promise<Release> {
    signal.throwIfAborted()
    return new Promise((resolve, reject) => {
      const onAbort = (): void => {
        this.#waiting.splice(this.#waiting.indexOf(onTurn), 1)
        if (this.#waiting.length === 0) this.#wake?.abort()
        reject(signal.reason)
      }
      const onTurn = (): void => {
        signal.removeEventListener('abort', onAbort)
        resolve(() => this.#release())
      }
      signal.addEventListener('abort', onAbort, { once: true })
      this.#waiting.push(onTurn)
      if (this.#wake === undefined) void this.#grant()
    })
  }

  /** Nobody is let through for `ms` from now; a longer pause that is on already stays. */
  pause(ms: number): void {
    this.#pausedUntilMs = Math.max(this.#pausedUntilMs, this.#clock.steadyMs() + ms)
  }

  #release(): void {
    this.#underWay -= 1
    this.#endedMs.push(this.#clock.steadyMs())
    if (this.#underWay === mostPerSecond - 1) this.#wake?.abort()
  }

  async #grant(): Promise<void> {
    while (this.#waiting.length > 0) {
      const waitMs = this.#waitMs()
      if (waitMs === 0) {
        this.#tokens -= 1
        this.#underWay += 1
        this.#grantedMs.push(this.#refilledMs)
        this.#waiting.shift()?.()
        continue
      }
      this.#wake = new AbortController()
      // rejects when a request has ended or the last waiter has left: either way it is time to look again
      await this.#clock.sleep(waitMs, this.#wake.signal).catch(() => undefined)
      this.#wake = undefined
    }
  }

  /** Whole milliseconds until the next request may go; brings the bucket up to date. */
  #waitMs(): number {
    const nowMs = this.#clock.steadyMs()
    const refill = ((nowMs - this.#refilledMs) / 1000) * this.#ratePerSecond
    this.#tokens = Math.min(this.#burst, this.#tokens + refill)
    this.#refilledMs = nowMs
    this.#grantedMs = this.#grantedMs.filter((atMs) => atMs > nowMs - windowMs)
    this.#endedMs = this.#endedMs.filter((atMs) => atMs > nowMs - windowMs)
    const empty = this.#tokens >= 1 ? 0 : ((1 - this.#tokens) / this.#ratePerSecond) * 1000
    const sent = this.#grantedMs.length < this.#ratePerSecond ? 0 : (this.#grantedMs[0] ?? nowMs) + windowMs - nowMs
    return Math.ceil(Math.max(this.#pausedUntilMs - nowMs, empty, sent, this.#seenWaitMs(nowMs), 0))
  }

  /** How long until one request fewer counts at the server. */
  #seenWaitMs(nowMs: number): number {
    if (this.#underWay + this.#endedMs.length < mostPerSecond) return 0
    const [firstEndedMs] = this.#endedMs
    return firstEndedMs === undefined ? untilRequestEndsMs : firstEndedMs + windowMs - nowMs
  }
}
