import type { Clock } from './clock.ts'

// requests bunch on their way: a second on the server's clock may be this much longer on ours
const slackMs = 60
const maxBurst = 5

interface Waiter {
  readonly resolve: () => void
}

/**
 * Lets callers through, first come first served, never more than `ratePerSecond` in any second and a few at once.
 * One limiter serves all workers of a client; a pause holds all of them.
 */
export class RateLimiter {
  readonly #ratePerSecond: number
  readonly #clock: Clock
  readonly #burst: number
  readonly #waiting: Waiter[] = []
  #grantedMs: number[] = []
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
  take(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted()
    return new Promise((resolve, reject) => {
      const onAbort = (): void => {
        this.#waiting.splice(this.#waiting.indexOf(waiter), 1)
        if (this.#waiting.length === 0) this.#wake?.abort()
        reject(signal.reason)
      }
      const waiter: Waiter = {
        resolve: () => {
          signal.removeEventListener('abort', onAbort)
          resolve()
        },
      }
      signal.addEventListener('abort', onAbort, { once: true })
      this.#waiting.push(waiter)
      if (this.#wake === undefined) void this.#grant()
    })
  }

  /** Nobody is let through for `ms` from now; a longer pause that is on already stays. */
  pause(ms: number): void {
    this.#pausedUntilMs = Math.max(this.#pausedUntilMs, this.#clock.steadyMs() + ms)
  }

  async #grant(): Promise<void> {
    while (this.#waiting.length > 0) {
      const waitMs = this.#waitMs()
      if (waitMs <= 0) {
        this.#tokens -= 1
        this.#grantedMs.push(this.#refilledMs)
        this.#waiting.shift()?.resolve()
        continue
      }
      this.#wake = new AbortController()
      // the sleep rejects when the last waiter has left: then there is nobody to let through
      await this.#clock.sleep(waitMs, this.#wake.signal).catch(() => undefined)
      this.#wake = undefined
    }
  }

  /** How long until the next request may go; brings the bucket up to date. */
  #waitMs(): number {
    const nowMs = this.#clock.steadyMs()
    const refill = ((nowMs - this.#refilledMs) / 1000) * this.#ratePerSecond
    this.#tokens = Math.min(this.#burst, this.#tokens + refill)
    this.#refilledMs = nowMs
    this.#grantedMs = this.#grantedMs.filter((atMs) => atMs > nowMs - 1000 - slackMs)
    const full =
      this.#grantedMs.length >= this.#ratePerSecond ? (this.#grantedMs[0] ?? nowMs) + 1000 + slackMs - nowMs : 0
    const empty = this.#tokens >= 1 ? 0 : ((1 - this.#tokens) / this.#ratePerSecond) * 1000
    return Math.max(this.#pausedUntilMs - nowMs, full, empty, 0)
  }
}
