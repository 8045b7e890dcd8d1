import { performance } from 'node:perf_hooks'

/** How much a step has to do, as far as it is known. */
export interface StepSize {
  readonly total?: number
  readonly unit?: string
}

// a million answers are not a million events
const leastMs = 50

/** Passes on how far a step has come: what is worth showing, nothing after the end. */
export class StepProgress {
  readonly #size: StepSize
  readonly #say: (done: number, note?: string) => void
  #toldMs = -Infinity
  #untold: number | undefined
  #hasEnded = false

  constructor(size: StepSize, say: (done: number, note?: string) => void) {
    this.#size = size
    this.#say = say
  }

  /** What has a note and what completes the step is passed on at once, other counts at most every 50 ms. */
  tell(done: number, note?: string): void {
    if (this.#hasEnded) return
    this.#untold = done
    const nowMs = performance.now()
    if (note === undefined && done !== this.#size.total && nowMs - this.#toldMs < leastMs) return
    this.#toldMs = nowMs
    this.#untold = undefined
    this.#say(done, note)
  }

  /** Passes on the last count that was held back. */
  end(): void {
    if (this.#untold !== undefined && !this.#hasEnded) this.#say(this.#untold)
    this.#hasEnded = true
  }
}
