interface Entry<T> {
  readonly answer: Promise<T>
  readonly controller: AbortController
  askers: number
  weight: number
}

/**
 * Answers by what was asked. Who asks what is being found already waits for the same answer; the work stops when all who wait have gone.
 * What was not asked for longest leaves first once all weigh more than `most`.
 */
export class AnswerCache<T> {
  readonly #entries = new Map<string, Entry<T>>()
  readonly #weigh: (answer: T) => number
  readonly #most: number
  #weight = 0

  constructor({ weigh, most }: { readonly weigh: (answer: T) => number; readonly most: number }) {
    this.#weigh = weigh
    this.#most = most
  }

  /** The answer, and whether it was there. Errors are not kept. */
  async find(
    key: string,
    work: (signal: AbortSignal) => Promise<T>,
    signal: AbortSignal,
  ): Promise<{ readonly answer: T; readonly isKnown: boolean }> {
    signal.throwIfAborted()
    const known = this.#entries.get(key)
    const entry = known ?? this.#begin(key, work)
    const isKnown = known !== undefined && known.weight > 0
    // last in the map is asked for last
    this.#entries.delete(key)
    this.#entries.set(key, entry)
    entry.askers += 1
    const leave = (): void => {
      entry.askers -= 1
      if (entry.askers > 0 || entry.weight > 0) return
      this.#forget(key, entry)
      entry.controller.abort(signal.reason)
    }
    signal.addEventListener('abort', leave, { once: true })
    try {
      return { answer: await entry.answer, isKnown }
    } finally {
      signal.removeEventListener('abort', leave)
    }
  }

  #begin(key: string, work: (signal: AbortSignal) => Promise<T>): Entry<T> {
    const controller = new AbortController()
    const entry: Entry<T> = { answer: work(controller.signal), controller, askers: 0, weight: 0 }
    void entry.answer.then(
      (answer) => this.#keep(key, entry, answer),
      () => this.#forget(key, entry),
    )
    return entry
  }

  #keep(key: string, entry: Entry<T>, answer: T): void {
    // all who waited have gone
    if (this.#entries.get(key) !== entry) return
    entry.weight = 1 + this.#weigh(answer)
    this.#weight += entry.weight
    for (const [oldestKey, oldest] of this.#entries) {
      if (this.#weight <= this.#most) return
      // what is still being found weighs nothing, and others wait for it
      if (oldest !== entry && oldest.weight > 0) this.#forget(oldestKey, oldest)
    }
  }

  #forget(key: string, entry: Entry<T>): void {
    if (this.#entries.get(key) !== entry) return
    this.#entries.delete(key)
    this.#weight -= entry.weight
  }
}
