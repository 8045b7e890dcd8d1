import { randomUUID } from 'node:crypto'
import { create, type MessageInitShape } from '@bufbuild/protobuf'
import { Code, ConnectError, type CallOptions } from '@connectrpc/connect'
import type { RecordBatch } from 'apache-arrow'
import { EngineError, StoppedError } from '../../../errors.ts'
import type { Fields } from '../../../frame/types.ts'
import { parseAddress, shownAddress, type SparkAddress } from './address.ts'
import { batchRows, type SparkValue } from './arrow-values.ts'
import type { UploadRow } from './arrow-rows.ts'
import { BatchReader, readStream } from './batches.ts'
import { openChannel, ownName, type Channel, type TlsOptions } from './channel.ts'
import { Execution, INTERRUPT } from './execution.ts'
import { errorInfo, withoutToken } from './failure.ts'
import {
  ExecutePlanRequestSchema,
  type CachedRemoteRelation,
  type CommandSchema,
  type ConfigRequest_OperationSchema,
  type ExecutePlanResponse,
  type PlanSchema,
  type Relation,
  type RelationSchema,
} from './gen/spark_connect_min_pb.ts'
import { progressOf, type SparkProgress } from './progress.ts'
import { defaultRetry, retried, type RetryPolicy } from './retry.ts'
import { detailedError, lostHint, sparkError, SparkError, type Asked } from './spark-error.ts'
import { buildUpload } from './upload.ts'

/** How a session is opened; what is left out is the server's or the address's own. */
export interface SparkOptions {
  /** Instead of one in the address, which a process list may show. */
  readonly token?: string
  /** Spark's settings for this session: `{ 'spark.sql.session.timeZone': 'UTC' }`. */
  readonly config?: Readonly<Record<string, string>>
  readonly tls?: TlsOptions
  readonly retry?: RetryPolicy
  /** How long a server may take to answer for the first time. */
  readonly connectTimeoutMs?: number
  /** Shown by the server as the client's name. */
  readonly userAgent?: string
}

/** What may be said with each query. */
export interface RunOptions {
  /** Stops the query on the server. */
  readonly signal?: AbortSignal
  /** Names by which `interrupt` finds it. */
  readonly tags?: readonly string[]
  /** Called while the query works, about every other second. */
  readonly onProgress?: (progress: SparkProgress) => void
}

/** The rows of a query that a server keeps. */
export interface SparkCheckpoint {
  /** Lets go of the rows and of the view. */
  drop(): Promise<void>
}

/** A row by its columns' names. */
export type SparkRow = Readonly<Record<string, SparkValue>>

const UNARY_TIMEOUT_MS = 120_000
const EXPLAIN_EXTENDED = 2

/**
 * A session on the server of `address` (`sc://host:15002`), which has answered. Throws ConfigError for an address or a token that cannot be,
 * and SparkError when the server cannot be reached, refuses the token or does not speak Spark Connect.
 */
export async function openSpark(address: string, options: SparkOptions = {}): Promise<SparkSession> {
  const parsed = parseAddress(options.token === undefined ? address : withToken(address, options.token))
  const session = new SparkSession(parsed, options)
  try {
    await session.begin()
    return session
  } catch (error) {
    session.disconnect()
    throw error
  }
}

const withToken = (address: string, token: string): string =>
  `${address}${/;|\/$/.test(address) ? '' : '/'};token=${encodeURIComponent(token)}`

/** A session on a Spark Connect server: settings and temporary views of its own, queries side by side. Made by `openSpark`. */
export class SparkSession {
  /** The address without its secrets. */
  readonly address: string
  readonly #settings: SparkAddress
  readonly #options: SparkOptions
  readonly #retry: RetryPolicy
  readonly #channel: Channel
  readonly #releases = new Set<Promise<void>>()
  readonly #running = new Set<AbortController>()
  readonly #executions = new Set<Execution>()
  #sessionId: string
  #serverSideSessionId: string | undefined
  #version = ''
  #isClosed = false
  #isLost = false
  #isGone = false

  /** Use `openSpark`. */
  constructor(settings: SparkAddress, options: SparkOptions) {
    this.#settings = settings
    this.#options = options
    this.#retry = options.retry ?? defaultRetry
    this.#channel = openChannel(settings, options.tls ?? {})
    this.#sessionId = settings.sessionId ?? randomUUID()
    this.address = shownAddress(settings)
  }

  /** The server's version of Spark: `4.2.0`. */
  get version(): string {
    return this.#version
  }

  /** The session's id, by which Spark's own pages show it. */
  get id(): string {
    return this.#sessionId
  }

  /** True once the server has said that it knows this session no more, until `reopen`. */
  get isLost(): boolean {
    return this.#isLost
  }

  /** Asks for the version and sets the settings of the options. `openSpark` has done it. */
  async begin(): Promise<void> {
    const timeoutMs = this.#options.connectTimeoutMs ?? 20_000
    const analyze = { case: 'sparkVersion', value: {} } as const
    const ask = (options: CallOptions) => this.#channel.service.analyzePlan({ ...this.#identity(), analyze }, options)
    const { result } = await this.#unary('', ask, { timeoutMs })
    this.#version = result.case === 'sparkVersion' ? result.value.version : ''
    if (this.#options.config !== undefined) await this.writeConfig(this.#options.config)
  }

  /**
   * A new session on the same server, after an error whose fault is `lost`: temporary views are gone, settings are those of the options.
   * Queries that are still under way fail.
   */
  async reopen(): Promise<void> {
    this.#sessionId = randomUUID()
    this.#serverSideSessionId = undefined
    await this.begin()
    this.#isLost = false
  }

  /**
   * The rows of a query in Arrow batches, the first of which may be empty, so that the columns are known. Reads no faster than it is asked;
   * leaving the loop or the signal ends the query on the server. `sql` must be a query: use `run` for statements.
   */
  async *batches(sql: string, options: RunOptions = {}): AsyncGenerator<RecordBatch, void, undefined> {
    yield* this.#batchesOf({ relType: { case: 'sql', value: { query: sql } } }, sql, options)
  }

  /** The rows of a query, a batch at a time, with exact values. */
  async *rows(sql: string, options: RunOptions = {}): AsyncGenerator<readonly SparkRow[], void, undefined> {
    for await (const batch of this.batches(sql, options)) if (batch.numRows > 0) yield batchRows(batch)
  }

  /** All rows of a query. */
  async collect(sql: string, options: RunOptions = {}): Promise<readonly SparkRow[]> {
    const all: SparkRow[] = []
    for await (const rows of this.rows(sql, options)) for (const row of rows) all.push(row)
    return all
  }

  /** Runs a statement once, and answers the rows it reports: counts of a MERGE, tables of a SHOW. */
  async run(sql: string, options: RunOptions = {}): Promise<readonly SparkRow[]> {
    let relation: Relation | undefined
    const input = { relType: { case: 'sql', value: { query: sql } } } as const
    const command = { commandType: { case: 'sqlCommand', value: { input } } } as const
    for await (const { responseType } of this.#execute({ opType: { case: 'command', value: command } }, sql, options))
      if (responseType.case === 'sqlCommandResult') relation = responseType.value.relation
    if (relation === undefined) throw this.#broken(sql, 'a statement ended without a result')
    const { relType } = relation
    // what a command reports comes with the answer
    if (relType.case === 'localRelation' && relType.value.data !== undefined)
      return readStream(relType.value.data).batches.flatMap(batchRows)
    const rows: SparkRow[] = []
    for await (const batch of this.#batchesOf(relation, sql, options)) rows.push(...batchRows(batch))
    return rows
  }

  /**
   * Computes a query now and once, and makes its rows readable under the name of a temporary view. The executors keep them, on disk where memory is
   * full; who asks for them later plans nothing of the query again. They are let go by `drop`, with the session, or with an executor that is lost.
   */
  async checkpoint(view: string, sql: string, options: RunOptions = {}): Promise<SparkCheckpoint> {
    const relation = { relType: { case: 'sql', value: { query: sql } } } as const
    const value = { relation, local: true, eager: true }
    const command = { commandType: { case: 'checkpointCommand', value } } as const
    let kept: CachedRemoteRelation | undefined
    for await (const { responseType } of this.#execute({ opType: { case: 'command', value: command } }, sql, options))
      if (responseType.case === 'checkpointCommandResult') kept = responseType.value.relation
    if (kept === undefined) throw this.#broken(sql, 'a checkpoint ended without a result')
    const rows = kept
    try {
      await this.#createView(view, { relType: { case: 'cachedRemoteRelation', value: rows } }, sql)
    } catch (error) {
      await this.#dropCheckpoint(view, rows, sql).catch(() => undefined)
      throw error
    }
    return { drop: () => this.#dropCheckpoint(view, rows, sql) }
  }

  /** The server's plan of a query, from parsed to physical. */
  async explain(sql: string): Promise<string> {
    const plan = { opType: { case: 'root', value: { relType: { case: 'sql', value: { query: sql } } } } } as const
    const analyze = { case: 'explain', value: { plan, explainMode: EXPLAIN_EXTENDED } } as const
    const ask = (options: CallOptions) => this.#channel.service.analyzePlan({ ...this.#identity(), analyze }, options)
    const { result } = await this.#unary(sql, ask)
    return result.case === 'explain' ? result.value.explainString : ''
  }

  /**
   * Makes rows of this program readable on the server under the name of a temporary view, until it is dropped or the session ends. Throws
   * RangeError, naming row and column, for a value that is not of its column's type.
   */
  async upload(view: string, columns: Fields, rows: readonly UploadRow[], options: RunOptions = {}): Promise<void> {
    const sql = `upload of ${rows.length} rows as ${view}`
    const upload = buildUpload(columns, rows, this.#version)
    if (upload.artifacts.length > 0) await this.#addArtifacts(sql, upload.artifacts)
    await this.#createView(view, upload.relation, sql, options)
  }

  /** The settings of the session by name; undefined where the server has none and no default. */
  async readConfig(...keys: readonly string[]): Promise<Readonly<Record<string, string | undefined>>> {
    const { pairs } = await this.#config({ opType: { case: 'getOption', value: { keys: [...keys] } } })
    return Object.fromEntries(pairs.map(({ key, value }) => [key, value]))
  }

  /** Sets Spark's settings for this session. Throws SparkError for one that is fixed when the server starts. */
  async writeConfig(config: Readonly<Record<string, string>>): Promise<void> {
    const pairs = Object.entries(config).map(([key, value]) => ({ key, value }))
    if (pairs.length > 0) await this.#config({ opType: { case: 'set', value: { pairs } } })
  }

  /** Gives settings of the session back to the server's own. */
  async unsetConfig(...keys: readonly string[]): Promise<void> {
    await this.#config({ opType: { case: 'unset', value: { keys: [...keys] } } })
  }

  /** Stops the session's queries, those with this tag or all, and answers the ids of those it stopped. */
  async interrupt(tag?: string): Promise<readonly string[]> {
    const interrupt =
      tag === undefined ? ({ case: undefined } as const) : ({ case: 'operationTag', value: tag } as const)
    const interruptType = tag === undefined ? INTERRUPT.all : INTERRUPT.tag
    const ask = (options: CallOptions) =>
      this.#channel.service.interrupt({ ...this.#identity(), interruptType, interrupt }, options)
    return (await this.#unary('', ask)).interruptedIds
  }

  /**
   * Ends what this session is at with StoppedError: a query as soon as it has a job, and after ten seconds at the latest. What is asked for next runs.
   */
  stop(): void {
    for (const one of this.#running) one.abort()
  }

  /** Ends the session on the server, with what runs in it, and the connection. A server that is gone does no harm. */
  async close(): Promise<void> {
    if (this.#isClosed) return
    this.#isClosed = true
    const end = async (execution: Execution): Promise<void> => {
      await execution.abandon()
      await execution.interrupt()
    }
    await Promise.all([...this.#executions].map(end))
    await Promise.allSettled(this.#releases)
    try {
      await this.#channel.service.releaseSession(this.#identity(), { timeoutMs: 5000 })
    } catch {
      // the server ends a session by itself that nobody uses
    }
    this.disconnect()
  }

  /** Closes the connection and leaves the session to the server. */
  disconnect(): void {
    this.#isClosed = true
    this.#channel.close()
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  /** Who has found the server gone does not wait for it again with each statement that was to come. */
  get #patience(): RetryPolicy {
    return this.#isGone ? { ...this.#retry, tries: 1 } : this.#retry
  }

  #identity() {
    const userId = this.#settings.userId ?? ownName()
    const agent = this.#options.userAgent ?? this.#settings.userAgent ?? 'movielake'
    const observed = this.#serverSideSessionId
    return {
      sessionId: this.#sessionId,
      userContext: { userId, userName: userId },
      clientType: `${agent} node/${process.versions.node} os/${process.platform}`,
      ...(observed !== undefined && { clientObservedServerSideSessionId: observed }),
    }
  }

  async #createView(
    name: string,
    input: MessageInitShape<typeof RelationSchema>,
    sql: string,
    options: RunOptions = {},
  ): Promise<void> {
    const value = { input, name, isGlobal: false, replace: true }
    await this.#command({ commandType: { case: 'createDataframeView', value } }, sql, options)
  }

  async #dropCheckpoint(view: string, relation: CachedRemoteRelation, sql: string): Promise<void> {
    try {
      await this.run(`DROP VIEW IF EXISTS \`${view.replaceAll('`', '``')}\``)
    } finally {
      await this.#forget(relation, sql)
    }
  }

  async #forget(relation: CachedRemoteRelation, sql: string): Promise<void> {
    await this.#command({ commandType: { case: 'removeCachedRemoteRelationCommand', value: { relation } } }, sql)
  }

  /** Runs a command that has no result. */
  async #command(
    command: MessageInitShape<typeof CommandSchema>,
    sql: string,
    options: RunOptions = {},
  ): Promise<void> {
    for await (const { responseType } of this.#execute({ opType: { case: 'command', value: command } }, sql, options))
      if (responseType.case === 'sqlCommandResult') return
  }

  async *#batchesOf(
    root: MessageInitShape<typeof RelationSchema>,
    sql: string,
    options: RunOptions,
  ): AsyncGenerator<RecordBatch, void, undefined> {
    const reader = new BatchReader()
    for await (const { responseType } of this.#execute({ opType: { case: 'root', value: root } }, sql, options)) {
      if (responseType.case !== 'arrowBatch') continue
      let batches: readonly RecordBatch[]
      try {
        batches = reader.read(responseType.value)
      } catch (cause) {
        throw this.#broken(sql, cause instanceof Error ? cause.message : String(cause), cause)
      }
      yield* batches
    }
  }

  async *#execute(
    plan: MessageInitShape<typeof PlanSchema>,
    sql: string,
    { signal: given, tags = [], onProgress }: RunOptions,
  ): AsyncGenerator<ExecutePlanResponse, void, undefined> {
    this.#checkOpen(sql)
    checkStopped(given)
    const stopping = new AbortController()
    const signal = given === undefined ? stopping.signal : AbortSignal.any([given, stopping.signal])
    this.#running.add(stopping)
    const operationId = randomUUID()
    const identity = this.#identity()
    const request = create(ExecutePlanRequestSchema, { ...identity, operationId, plan, tags: [...tags] })
    const execution = new Execution(this.#channel.service, request, this.#patience)
    const abort = (): void => void execution.abandon()
    signal.addEventListener('abort', abort, { once: true })
    this.#executions.add(execution)
    try {
      for await (const response of execution.responses()) {
        this.#observe(identity.sessionId, response.serverSideSessionId, sql)
        if (signal.aborted && !execution.hasOutcome) continue
        if (response.responseType.case === 'executionProgress') onProgress?.(progressOf(response.responseType.value))
        yield response
        if (execution.isWorking && !execution.hasOutcome) checkStopped(signal)
      }
      if (!execution.hasOutcome) checkStopped(signal)
    } catch (reason) {
      // what is done cannot be stopped any more
      if (signal.aborted && execution.hasOutcome) return
      checkStopped(signal)
      throw await this.#failure(reason, sql, identity.sessionId)
    } finally {
      signal.removeEventListener('abort', abort)
      this.#running.delete(stopping)
      execution.abort()
      // who aborts is told when the server has been told
      if (signal.aborted) await execution.interrupt()
      this.#executions.delete(execution)
      const release = execution.release()
      this.#releases.add(release)
      void release.finally(() => this.#releases.delete(release))
    }
  }

  async #addArtifacts(sql: string, artifacts: ReturnType<typeof buildUpload>['artifacts']): Promise<void> {
    const names = artifacts.map(({ name }) => name)
    const ask = (options: CallOptions) => this.#channel.service.artifactStatus({ ...this.#identity(), names }, options)
    const { statuses } = await this.#unary(sql, ask)
    const missing = artifacts.filter(({ name }) => statuses[name]?.exists !== true)
    for (const { requests } of missing) {
      const send = (options: CallOptions) =>
        this.#channel.service.addArtifacts(
          requests(() => this.#identity()),
          options,
        )
      const summary = await this.#unary(sql, send)
      const damaged = summary.artifacts.find(({ isCrcSuccessful }) => !isCrcSuccessful)
      if (damaged !== undefined) throw this.#broken(sql, `${damaged.name} arrived damaged`)
    }
  }

  #config(operation: MessageInitShape<typeof ConfigRequest_OperationSchema>) {
    return this.#unary('', (options) => this.#channel.service.config({ ...this.#identity(), operation }, options))
  }

  async #unary<T extends { readonly serverSideSessionId?: string }>(
    sql: string,
    call: (options: CallOptions) => Promise<T>,
    { timeoutMs = UNARY_TIMEOUT_MS }: { readonly timeoutMs?: number } = {},
  ): Promise<T> {
    this.#checkOpen(sql)
    const sessionId = this.#sessionId
    const stopping = new AbortController()
    const { signal } = stopping
    this.#running.add(stopping)
    try {
      const response = await retried(this.#patience, () => call({ timeoutMs, signal }), signal)
      this.#observe(sessionId, response.serverSideSessionId ?? '', sql)
      return response
    } catch (reason) {
      checkStopped(signal)
      throw await this.#failure(reason, sql, sessionId)
    } finally {
      this.#running.delete(stopping)
    }
  }

  /** Throws when the server says that it has made the session anew. What is answered to one before `reopen` says nothing of this one. */
  #observe(sessionId: string, id: string, sql: string): void {
    this.#isGone = false
    if (id === '' || sessionId !== this.#sessionId) return
    if (this.#serverSideSessionId !== undefined && this.#serverSideSessionId !== id) throw this.#lost(sql)
    this.#serverSideSessionId = id
  }

  #lost(sql: string): SparkError {
    return new SparkError(`spark ${this.address}: the server has lost this session`, {
      sql,
      fault: 'lost',
      hint: lostHint,
    })
  }

  #checkOpen(sql: string): void {
    if (this.#isClosed && this.#isLost) throw this.#lost(sql)
    if (this.#isClosed) throw new EngineError(`spark ${this.address}: the session was closed`, { sql })
  }

  #broken(sql: string, what: string, cause?: unknown): SparkError {
    return new SparkError(`spark ${this.address}: the answer is broken: ${what}`, { sql, fault: 'protocol', cause })
  }

  async #failure(given: unknown, sql: string, sessionId: string): Promise<unknown> {
    const error = given instanceof ConnectError ? await this.#told(given, sql) : given
    if (error instanceof SparkError) this.#isGone = error.fault === 'unreachable'
    const isLoss = error instanceof SparkError && error.fault === 'lost'
    if (isLoss && sessionId === this.#sessionId) this.#isLost = true
    return error
  }

  async #told(given: ConnectError, sql: string): Promise<Error> {
    const reason = withoutToken(given, this.#settings.token)
    const asked: Asked = { server: this.address, sql }
    if (this.#isClosed && this.#isLost) return this.#lost(sql)
    if (this.#isClosed) return new EngineError(`spark ${this.address}: the session was closed`, { sql, cause: reason })
    if (/INTERRUPT|OPERATION_CANCELED/.test(reason.rawMessage) && reason.code !== Code.Unavailable)
      return new StoppedError('spark: the query was stopped', { cause: reason })
    const short = sparkError(reason, asked)
    const errorId = errorInfo(reason)['errorId']
    // a server that has lost the session has lost what it could tell of its errors
    if (errorId === undefined || short.fault === 'lost') return short
    try {
      const request = { ...this.#identity(), errorId }
      const details = await this.#channel.service.fetchErrorDetails(request, { timeoutMs: 10_000 })
      return detailedError(reason, details, asked)
    } catch {
      // the short form has the message too
      return short
    }
  }
}

function checkStopped(signal: AbortSignal | undefined): void {
  if (signal?.aborted === true) throw new StoppedError('spark: the query was stopped', { cause: signal.reason })
}
