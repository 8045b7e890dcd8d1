import { stat } from 'node:fs/promises'
import { setTimeout as pause } from 'node:timers/promises'
import type { Config } from '../config/config.ts'
import type { LakePaths } from '../config/paths.ts'
import type { Engine } from '../engines/engine.ts'
import { TableError } from '../errors.ts'
import { readPublished, type Published } from '../pipeline/publish.ts'
import { Backoff } from './backoff.ts'
import { prepareFirstScreen } from './first-screen.ts'
import { Publication } from './publication.ts'
import { openServing, prepareServing } from './serving-file.ts'
import { Turnstile } from './turnstile.ts'

/** What the serving file is made from and how much of the machine it may take. */
export interface ServingOptions {
  readonly engine: Engine
  readonly paths: LakePaths
  readonly duckdb: Config['duckdb']
  readonly timeLimitMs?: number | undefined
  /** Told of what went wrong where nobody asked. */
  readonly onError?: ((error: unknown) => void) | undefined
}

const lookEveryMs = 1000
// a run that publishes puts its file in place a moment later
const patienceMs = 3000

/** What is published, kept open: a new publication takes the place of the old one, which stays until the last question to it is answered. */
export class Serving {
  /** Fulfilled when the dashboard ends. */
  readonly closed: Promise<void>
  readonly #options: ServingOptions
  readonly #turnstile: Turnstile
  readonly #listeners = new Set<(published: Published) => void>()
  readonly #closing = new AbortController()
  readonly #backoff = new Backoff({ leastMs: 2000, mostMs: 300_000 })
  #current: Publication
  #seen: string

  private constructor(options: ServingOptions, turnstile: Turnstile, current: Publication, seen: string) {
    this.#turnstile = turnstile
    this.#options = options
    this.#current = current
    this.#seen = seen
    const { signal } = this.#closing
    this.closed = new Promise((resolve) => {
      signal.addEventListener('abort', () => resolve(), { once: true })
    })
  }

  /** Opens the newest publication; its file is made when it is not there. Throws TableError `missing` when nothing has been published. */
  static async open(options: ServingOptions): Promise<Serving> {
    const seen = await stamp(options.paths.published)
    const published = await readPublished(options.paths.published)
    if (published === undefined)
      throw new TableError(`${options.paths.root}: nothing has been published yet`, {
        fault: 'missing',
        hint: 'run: movielake run, or after an import: movielake build',
      })
    const turnstile = new Turnstile({ most: 4, waiting: 128 })
    const serving = new Serving(options, turnstile, await openPublication(options, published, turnstile, 0), seen)
    void serving.#watch()
    return serving
  }

  get current(): Publication {
    return this.#current
  }

  /** Calls `listener` with each publication from now on, until the function it answers is called. */
  on(listener: (published: Published) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  async close(): Promise<void> {
    this.#closing.abort()
    await this.#current.close()
  }

  async #watch(): Promise<void> {
    const { signal } = this.#closing
    for (;;) {
      await pause(lookEveryMs, undefined, { signal, ref: false }).catch(() => undefined)
      if (signal.aborted) return
      const seen = await stamp(this.#options.paths.published)
      if (seen === this.#seen || !this.#backoff.isDue(seen)) continue
      try {
        await this.#take()
        this.#seen = seen
      } catch (error) {
        const isNews = this.#backoff.fail(seen, error)
        if (isNews && !signal.aborted) this.#options.onError?.(error)
      }
    }
  }

  async #take(): Promise<void> {
    const published = await readPublished(this.#options.paths.published)
    if (published === undefined) return
    const { run_id, at } = this.#current.published
    if (published.run_id !== run_id || published.at !== at) {
      const next = await openPublication(this.#options, published, this.#turnstile, patienceMs)
      const before = this.#current
      this.#current = next
      for (const listener of this.#listeners) listener(published)
      await before.end()
      if (this.#closing.signal.aborted) await next.close()
    }
  }
}

/** A publication that knows its first screen already. */
async function openPublication(
  options: ServingOptions,
  published: Published,
  turnstile: Turnstile,
  waitMs: number,
): Promise<Publication> {
  const publication = await openFile(options, published, turnstile, waitMs)
  try {
    await prepareFirstScreen(publication)
  } catch (error) {
    // who opens it asks again and is told
    options.onError?.(error)
  }
  return publication
}

async function openFile(
  options: ServingOptions,
  published: Published,
  turnstile: Turnstile,
  waitMs: number,
): Promise<Publication> {
  const { engine, paths, duckdb, timeLimitMs } = options
  const path = paths.serving
  const limits = {
    memoryLimit: duckdb.memory_limit,
    ...(duckdb.threads !== null && { threads: duckdb.threads }),
  }
  const startedMs = performance.now()
  for (;;) {
    const opened = await openServing(path, published, limits)
    if (opened !== undefined) return new Publication({ published, turnstile, timeLimitMs, ...opened })
    if (performance.now() - startedMs >= waitMs) break
    await pause(200)
  }
  await (await prepareServing(engine, path, published)).show()
  const made = await openServing(path, published, limits)
  if (made !== undefined) return new Publication({ published, turnstile, timeLimitMs, ...made })
  throw new TableError(`${path}: was replaced while it was made`, {
    fault: 'conflict',
    hint: 'movielake serve makes it anew when it is started again',
  })
}

/** Changes whenever the file does. */
async function stamp(path: string): Promise<string> {
  const file = await stat(path).catch(() => undefined)
  return `${file?.ino} ${file?.mtimeMs} ${file?.size}`
}
