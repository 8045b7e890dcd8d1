import type { DuckdbFile, Parameter } from '../engines/duckdb/duckdb-file.ts'
import type { Row } from '../frame/engine.ts'
import type { Fields } from '../frame/types.ts'
import type { Published } from '../pipeline/publish.ts'
import { AnswerCache } from './answer-cache.ts'
import { TimeError } from './answer-error.ts'
import type { ServingMeta } from './serving-file.ts'
import type { Turnstile } from './turnstile.ts'

/** A question to the serving file. */
export interface Question {
  readonly sql: string
  readonly columns: Fields
  readonly parameters: readonly Parameter[]
}

/** What was found, and how long it took; 0 when it was known already. */
export interface Found {
  readonly rows: readonly Row[]
  readonly took_ms: number
}

/** How long a question may take. */
export const timeLimitMs = 10_000
// rows, of which one takes about half a kilobyte
const mostRowsKept = 200_000

/** One publication as the dashboard sees it: its serving file, open, and the answers found in it so far. */
export class Publication {
  readonly published: Published
  readonly meta: ServingMeta
  readonly #file: DuckdbFile
  readonly #turnstile: Turnstile
  readonly #answers = new AnswerCache<Found>({ weigh: ({ rows }) => rows.length, most: mostRowsKept })
  readonly #timeLimitMs: number
  #users = 0
  #isOver = false

  constructor(parts: {
    readonly published: Published
    readonly meta: ServingMeta
    readonly file: DuckdbFile
    readonly turnstile: Turnstile
    readonly timeLimitMs?: number | undefined
  }) {
    this.published = parts.published
    this.meta = parts.meta
    this.#file = parts.file
    this.#turnstile = parts.turnstile
    this.#timeLimitMs = parts.timeLimitMs ?? timeLimitMs
  }

  /** The rows that answer a question. Throws TimeError and BusyError, and StoppedError or the signal's reason when it aborts. */
  async ask({ sql, columns, parameters }: Question, signal: AbortSignal): Promise<Found> {
    const key = JSON.stringify([sql, parameters])
    const work = (stop: AbortSignal): Promise<Found> =>
      this.#turnstile.pass(() => this.#find({ sql, columns, parameters }, stop), stop)
    const { answer, isKnown } = await this.#answers.find(key, work, signal)
    return isKnown ? { ...answer, took_ms: 0 } : answer
  }

  /** Does work that needs the file to stay open until it is done. */
  async use<T>(work: (publication: Publication) => Promise<T>): Promise<T> {
    this.#users += 1
    try {
      return await work(this)
    } finally {
      this.#users -= 1
      if (this.#isOver && this.#users === 0) await this.#file.close()
    }
  }

  /** Closes the file as soon as nobody uses it. */
  async end(): Promise<void> {
    this.#isOver = true
    if (this.#users === 0) await this.#file.close()
  }

  /** Stops whoever still asks and closes the file. */
  async close(): Promise<void> {
    this.#isOver = true
    await this.#file.close()
  }

  async #find({ sql, columns, parameters }: Question, stop: AbortSignal): Promise<Found> {
    const late = AbortSignal.timeout(this.#timeLimitMs)
    const startedMs = performance.now()
    try {
      const rows = await this.#file.rows(sql, columns, parameters, AbortSignal.any([stop, late]))
      return { rows, took_ms: Math.max(1, Math.round(performance.now() - startedMs)) }
    } catch (error) {
      if (late.aborted && !stop.aborted) throw new TimeError(this.#timeLimitMs / 1000)
      throw error
    }
  }
}
