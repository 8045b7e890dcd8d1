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
  #timer: NodeJS.Timeout | undefined
  #hasEnded = false

  constructor(size: StepSize, say: (done: number, note?: string) => void) {
    this.#size = size
    this.#say = say
  }

  /** What has a note and what completes the step is passed on at once, other counts every 50 ms. */
  tell(done: number, note?: string): void {
    if (this.#hasEnded) return
    const isUrgent = note !== undefined || done === this.#size.total
    if (isUrgent || performance.now() - this.#toldMs >= leastMs) return this.#pass(done, note)
    this.#untold = done
    this.#timer ??= setTimeout(() => this.#passUntold(), leastMs).unref()
  }

  /** Passes on the last count that was held back; nothing comes after it. */
  end(): void {
    if (!this.#hasEnded) this.#passUntold()
    this.#hasEnded = true
  }

  #passUntold(): void {
    if (this.#untold !== undefined) this.#pass(this.#untold)
  }

  #pass(done: number, note?: string): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    this.#untold = undefined
    this.#toldMs = performance.now()
    this.#say(done, note)
  }
}
