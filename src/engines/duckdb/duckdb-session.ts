import { setMaxListeners } from 'node:events'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { DuckDBInstance, type DuckDBConnection, type DuckDBType, type DuckDBValue, type Json } from '@duckdb/node-api'
import { EngineError, StoppedError, StorageError } from '../../errors.ts'
import { duckdbError } from './duckdb-errors.ts'

/** How much of the machine DuckDB may use, and what stops it. */
export interface SessionOptions {
  /** As DuckDB writes it, `2GB` or `60%`; DuckDB's own default is 80 % of the machine's memory. */
  readonly memoryLimit?: string
  readonly threads?: number
  /** Where intermediate results go that do not fit into memory; the system's folder for such files by default. */
  readonly tempDirectory?: string
  /** A DuckDB file to read and nothing else: what its statements say, they can neither write nor reach another file. */
  readonly readOnlyFile?: string
  /** Stops every query of the session. */
  readonly signal?: AbortSignal
  /** Called now and then while a write or a query works, with a number from 0 to 1. */
  readonly onProgress?: (share: number) => void
}

/** A batch of a result, as DuckDB has it. */
export interface Batch {
  readonly names: readonly string[]
  readonly types: readonly DuckDBType[]
  readonly rows: readonly (readonly DuckDBValue[])[]
}

async function makeTempDirectory(parent: string): Promise<string> {
  try {
    await mkdir(parent, { recursive: true })
    return await mkdtemp(path.join(parent, 'movielake-'))
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException
    if (code === 'ENOSPC' || code === 'EDQUOT') throw cause
    throw new StorageError(`${parent}: no folder can be made for intermediate results (${code})`, {
      cause,
      hint: 'give write access there, or name another folder with duckdb.temp_directory',
    })
  }
}

/** A DuckDB in this process, in memory or over a file it reads, with a connection for each query that runs at the same time. */
export class DuckdbSession {
  /** A folder of this session alone, removed when it ends. */
  readonly tempDirectory: string
  readonly #instance: DuckDBInstance
  readonly #options: SessionOptions
  readonly #memoryLimit: string
  readonly #idle: DuckDBConnection[] = []
  readonly #busy = new Set<DuckDBConnection>()
  readonly #work = new Set<Promise<unknown>>()
  #lastDefinition: Promise<unknown> = Promise.resolve()
  #isClosed = false

  private constructor(instance: DuckDBInstance, tempDirectory: string, memoryLimit: string, options: SessionOptions) {
    this.#instance = instance
    this.tempDirectory = tempDirectory
    this.#memoryLimit = memoryLimit
    this.#options = options
  }

  static async open(options: SessionOptions): Promise<DuckdbSession> {
    // each query that runs listens to it
    if (options.signal !== undefined) setMaxListeners(0, options.signal)
    const parent = options.tempDirectory ?? os.tmpdir()
    const tempDirectory = await makeTempDirectory(parent)
    try {
      const instance = await DuckDBInstance.create(options.readOnlyFile ?? ':memory:', {
        autoinstall_known_extensions: 'false',
        autoload_known_extensions: 'false',
        // frames have no order, and without one memory stays small
        preserve_insertion_order: 'false',
        temp_directory: tempDirectory,
        ...(options.readOnlyFile !== undefined && { access_mode: 'READ_ONLY', enable_external_access: 'false' }),
        ...(options.memoryLimit !== undefined && { memory_limit: options.memoryLimit }),
        ...(options.threads !== undefined && { threads: String(options.threads) }),
      })
      const connection = await instance.connect()
      await connection.run("SET GLOBAL TimeZone = 'UTC'; SET GLOBAL parquet_metadata_cache = true")
      const [row] = (await connection.runAndReadAll("SELECT current_setting('memory_limit') AS l")).getRowObjectsJson()
      if (options.readOnlyFile !== undefined) await connection.run('SET GLOBAL lock_configuration = true')
      connection.closeSync()
      return new DuckdbSession(instance, tempDirectory, String(row?.['l']), options)
    } catch (cause) {
      await rm(tempDirectory, { recursive: true, force: true })
      throw duckdbError(cause, '', { memoryLimit: options.memoryLimit ?? '', tempDirectory })
    }
  }

  /** Runs a statement and answers its rows, with values as JSON: for questions whose answer is small. */
  rows(sql: string, signal?: AbortSignal): Promise<readonly Readonly<Record<string, Json>>[]> {
    return this.use(sql, signal, async (connection) => (await connection.runAndReadAll(sql)).getRowObjectsJson())
  }

  /** Runs a statement for what it does. */
  async run(sql: string, signal?: AbortSignal): Promise<void> {
    await this.use(sql, signal, async (connection) => {
      await connection.run(sql)
    })
  }

  /** Runs a statement that changes views or schemas. These run one after the other. */
  define(sql: string): Promise<void> {
    const next = this.#lastDefinition.then(() => this.run(sql))
    this.#lastDefinition = next.catch(() => {
      // whoever asked for it has the error
    })
    return next
  }

  /** The rows of a statement in batches. The query ends when the signal aborts or the loop is left. */
  async *stream(sql: string, signal?: AbortSignal): AsyncGenerator<Batch, void, undefined> {
    this.#checkStopped(signal)
    const connection = await this.#take(sql)
    const stop = this.#interruptOn(connection, signal)
    let isDone = false
    try {
      const result = await connection.stream(sql)
      const names = result.deduplicatedColumnNames()
      const types = result.columnTypes()
      yield { names, types, rows: [] }
      for await (const rows of result.yieldRows()) {
        this.#checkStopped(signal)
        yield { names, types, rows }
      }
      isDone = true
    } catch (cause) {
      this.#checkStopped(signal)
      throw this.error(cause, sql)
    } finally {
      stop()
      if (isDone) this.#giveBack(connection)
      else this.#drop(connection)
    }
  }

  /** Lends a connection of its own to `work`; errors carry `sql`. */
  async use<T>(
    sql: string,
    signal: AbortSignal | undefined,
    work: (connection: DuckDBConnection) => Promise<T>,
  ): Promise<T> {
    this.#checkStopped(signal)
    const connection = await this.#take(sql)
    const stop = this.#interruptOn(connection, signal)
    const running = work(connection)
    this.#work.add(running)
    try {
      return await running
    } catch (cause) {
      this.#checkStopped(signal)
      throw this.error(cause, sql)
    } finally {
      stop()
      this.#work.delete(running)
      this.#giveBack(connection)
    }
  }

  error(cause: unknown, sql: string): Error {
    return duckdbError(cause, sql, { memoryLimit: this.#memoryLimit, tempDirectory: this.tempDirectory })
  }

  /** Stops what runs, then frees memory and the folder of intermediate results. */
  async close(): Promise<void> {
    if (this.#isClosed) return
    this.#isClosed = true
    for (const connection of this.#busy) connection.interrupt()
    await Promise.allSettled(this.#work)
    for (const connection of [...this.#idle, ...this.#busy]) connection.closeSync()
    this.#instance.closeSync()
    await rm(this.tempDirectory, { recursive: true, force: true })
  }

  async #take(sql: string): Promise<DuckDBConnection> {
    if (this.#isClosed) throw new EngineError('duckdb: the session was closed', { sql })
    const connection = this.#idle.pop() ?? (await this.#connect())
    this.#busy.add(connection)
    return connection
  }

  async #connect(): Promise<DuckDBConnection> {
    const connection = await this.#instance.connect()
    if (this.#options.onProgress !== undefined)
      await connection.run('SET enable_progress_bar = true; SET enable_progress_bar_print = false')
    return connection
  }

  #giveBack(connection: DuckDBConnection): void {
    if (this.#busy.delete(connection)) this.#idle.push(connection)
  }

  #drop(connection: DuckDBConnection): void {
    if (!this.#busy.delete(connection)) return
    connection.interrupt()
    connection.closeSync()
  }

  #checkStopped(signal: AbortSignal | undefined): void {
    const aborted = [signal, this.#options.signal].find((one) => one?.aborted)
    if (aborted !== undefined) throw new StoppedError('duckdb: the query was stopped', { cause: aborted.reason })
  }

  /** Watches a connection until the function it answers is called: interrupts on abort, tells the progress. */
  #interruptOn(connection: DuckDBConnection, signal: AbortSignal | undefined): () => void {
    const signals = [signal, this.#options.signal].filter((one) => one !== undefined)
    const interrupt = (): void => connection.interrupt()
    for (const one of signals) one.addEventListener('abort', interrupt)
    const { onProgress } = this.#options
    const timer = setInterval(() => {
      // an interrupt that comes before the query has begun is forgotten
      if (signals.some((one) => one.aborted)) connection.interrupt()
      const share = onProgress === undefined ? -1 : connection.progress.percentage
      if (share >= 0) onProgress?.(Math.min(share / 100, 1))
    }, 100).unref()
    return () => {
      clearInterval(timer)
      for (const one of signals) one.removeEventListener('abort', interrupt)
    }
  }
}
