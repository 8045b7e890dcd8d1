import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { listRunIds } from '../pipeline/run-record.ts'

const lookEveryMs = 1000
// a run that is taken up again is among them, and only one runs at a time
const newest = 3

/** Tells when a run begins, ends a step or ends, looking every second while anybody listens. */
export class RunWatch {
  readonly #folder: string
  readonly #listeners = new Set<() => void>()
  #timer: NodeJS.Timeout | undefined
  #seen: string | undefined

  constructor(folder: string) {
    this.#folder = folder
  }

  /** Calls `listener` whenever the records of runs change, until the function it answers is called. */
  on(listener: () => void): () => void {
    this.#listeners.add(listener)
    if (this.#timer === undefined) {
      this.#timer = setInterval(() => void this.#look(), lookEveryMs).unref()
      // what happens from now on is news
      void this.#look()
    }
    return () => {
      this.#listeners.delete(listener)
      if (this.#listeners.size > 0) return
      clearInterval(this.#timer)
      this.#timer = undefined
      this.#seen = undefined
    }
  }

  async #look(): Promise<void> {
    const ids = (await listRunIds(this.#folder).catch(() => [])).slice(0, newest)
    const stamps = await Promise.all(
      ids.map(async (id) => {
        const file = await stat(join(this.#folder, id, 'run.json')).catch(() => undefined)
        return `${id} ${file?.ino} ${file?.mtimeMs}`
      }),
    )
    const seen = stamps.join()
    const isNews = this.#seen !== undefined && this.#seen !== seen
    this.#seen = seen
    if (isNews) for (const listener of this.#listeners) listener()
  }
}
