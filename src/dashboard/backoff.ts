/** When what has failed is tried again: each wait is twice as long as the one before. */
export class Backoff {
  readonly #leastMs: number
  readonly #mostMs: number
  readonly #now: () => number
  #failed:
    { readonly what: string; readonly told: string; readonly waitMs: number; readonly againMs: number } | undefined

  /** `now` tells milliseconds. */
  constructor({
    leastMs,
    mostMs,
    now = () => performance.now(),
  }: {
    readonly leastMs: number
    readonly mostMs: number
    readonly now?: () => number
  }) {
    this.#leastMs = leastMs
    this.#mostMs = mostMs
    this.#now = now
  }

  /** Whether `what` may be tried: it has not failed last, or long enough ago. */
  isDue(what: string): boolean {
    return this.#failed?.what !== what || this.#now() >= this.#failed.againMs
  }

  /** Notes that `what` has failed. True when it is to be told: the same failure of the same thing is not. */
  fail(what: string, error: unknown): boolean {
    const before = this.#failed?.what === what ? this.#failed : undefined
    const waitMs = before === undefined ? this.#leastMs : Math.min(this.#mostMs, before.waitMs * 2)
    const told = String(error)
    this.#failed = { what, told, waitMs, againMs: this.#now() + waitMs }
    return before?.told !== told
  }
}
