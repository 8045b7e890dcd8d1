import { setTimeout as pause } from 'node:timers/promises'
import { LockError } from '../errors.ts'
import type { Clock } from './clock.ts'
import { acquireLock, type Lock, type LockHolder } from './lock.ts'

const lookEveryMs = 500

/**
 * As `acquireLock`, but waits up to `waitMs` for a holder that is alive, or is not known yet to be dead, to be gone. `onWait` is told once
 * who holds it. Throws LockError when that took too long, and the signal's reason when it has aborted.
 */
export async function waitForLock(
  path: string,
  who: Pick<LockHolder, 'run_id' | 'command'>,
  clock: Clock,
  options: {
    readonly waitMs: number
    readonly signal: AbortSignal
    readonly onWait: (locked: LockError) => void
  },
): Promise<Lock> {
  const { waitMs, signal, onWait } = options
  const startedMs = performance.now()
  for (let isTold = false; ; isTold = true) {
    try {
      return await acquireLock(path, who, clock)
    } catch (error) {
      const leftMs = waitMs - (performance.now() - startedMs)
      if (!(error instanceof LockError) || leftMs <= 0) throw error
      if (!isTold) onWait(error)
      await pause(Math.min(lookEveryMs, leftMs), undefined, { signal }).catch(() => signal.throwIfAborted())
    }
  }
}
