import { setTimeout as sleep } from 'node:timers/promises'

/** Time as the client sees it; a test brings its own, so that a wait of a minute takes none. */
export interface Clock {
  /** Milliseconds since 1970, for what is written down. */
  wallMs(): number
  /** Milliseconds from an arbitrary start that never jump, for measuring. */
  steadyMs(): number
  /** Settles after `ms`; rejects at once when `signal` aborts. */
  sleep(ms: number, signal: AbortSignal): Promise<void>
}

/** The clock of the machine. */
export const systemClock: Clock = {
  wallMs: () => Date.now(),
  steadyMs: () => performance.now(),
  sleep: (ms, signal) => sleep(ms, undefined, { signal }),
}
