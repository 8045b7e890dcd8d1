import { setImmediate } from 'node:timers/promises'
import type { Clock } from '../../../src/sources/tmdb/index.ts'

/** A clock on which waiting takes no time; `waits` are the waits it was asked for, in milliseconds. */
export function quickClock(startMs = Date.UTC(2026, 10, 22)): Clock & { readonly waits: number[] } {
  const waits: number[] = []
  let nowMs = startMs
  return {
    waits,
    wallMs: () => nowMs,
    steadyMs: () => nowMs,
    sleep: async (ms, signal) => {
      signal.throwIfAborted()
      waits.push(ms)
      await setImmediate()
      nowMs += ms
    },
  }
}
