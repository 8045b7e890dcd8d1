import { BusyError } from './answer-error.ts'

/** Lets at most `most` pieces of work run at once; `waiting` more wait for their turn, others are refused with BusyError. */
export class Turnstile {
  readonly #most: number
  readonly #waiting: number
  readonly #queue: (() => void)[] = []
  #running = 0

  constructor({ most, waiting }: { readonly most: number; readonly waiting: number }) {
    this.#most = most
    this.#waiting = waiting
  }

  /** What `work` answers. Work whose signal aborts before its turn is never begun. */
  async pass<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T> {
    if (this.#running >= this.#most) await this.#wait(signal)
    else this.#running += 1
    try {
      signal.throwIfAborted()
      return await work()
    } finally {
      // the turn is handed on, or free
      const next = this.#queue.shift()
      if (next === undefined) this.#running -= 1
      else next()
    }
  }

  #wait(signal: AbortSignal): Promise<void> {
    if (this.#queue.length >= this.#waiting) throw new BusyError()
    return new Promise((resolve, reject) => {
      const turn = (): void => {
        signal.removeEventListener('abort', leave)
        resolve()
      }
      const leave = (): void => {
        const at = this.#queue.indexOf(turn)
        if (at >= 0) this.#queue.splice(at, 1)
        reject(signal.reason as Error)
      }
      if (signal.aborted) {
        leave()
        return
      }
      this.#queue.push(turn)
      signal.addEventListener('abort', leave, { once: true })
    })
  }
}
