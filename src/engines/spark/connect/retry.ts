import { setTimeout as sleep } from 'node:timers/promises'
import { isWorthRetrying, retryDelayMs } from './failure.ts'

/** How often and how long a call is tried again that got no answer. */
export interface RetryPolicy {
  readonly tries: number
  readonly firstWaitMs: number
  readonly longestWaitMs: number
  /** From 0 to 1; waits are stretched by it, so that many clients do not come back together. */
  readonly random: () => number
}

/** Six tries within three to five seconds: long enough for a hiccup, short enough to admit that the server is gone. */
export const defaultRetry: RetryPolicy = { tries: 6, firstWaitMs: 100, longestWaitMs: 2000, random: Math.random }

/** Counts failures in a row. */
export class Backoff {
  readonly #policy: RetryPolicy
  #failures = 0

  constructor(policy: RetryPolicy) {
    this.#policy = policy
  }

  /** What came after all; the next failure is the first again. */
  reset(): void {
    this.#failures = 0
  }

  /** Waits, longer each time. Throws `reason` when it is not worth another try or there were enough. */
  async pause(reason: unknown, signal?: AbortSignal): Promise<void> {
    const { tries, firstWaitMs, longestWaitMs, random } = this.#policy
    this.#failures += 1
    if (signal?.aborted === true || this.#failures >= tries || !isWorthRetrying(reason)) throw reason
    const wait = Math.min(firstWaitMs * 2 ** (this.#failures - 1), longestWaitMs) * (0.75 + random() / 2)
    const asked = Math.min(retryDelayMs(reason) ?? 0, 10 * longestWaitMs)
    await sleep(Math.max(wait, asked), undefined, signal === undefined ? {} : { signal })
  }
}

/** What `call` answers, tried again while that is worth it. */
export async function retried<T>(policy: RetryPolicy, call: () => Promise<T>, signal?: AbortSignal): Promise<T> {
  const backoff = new Backoff(policy)
  for (;;) {
    try {
      return await call()
    } catch (reason) {
      await backoff.pause(reason, signal)
    }
  }
}
