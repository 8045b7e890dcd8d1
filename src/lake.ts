import { existsSync } from 'node:fs'
import { stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import { rulesOf, type Config, type Secrets } from './config/config.ts'
import type { LakePaths } from './config/paths.ts'
import type { At, Engine, HistoryEntry, TableUpkeep } from './engines/engine.ts'
import { InputError, LockError, StoppedError, TableError } from './errors.ts'
import type { Row } from './frame/engine.ts'
import type { Fields } from './frame/types.ts'
import { refreshServing } from './dashboard/refresh-serving.ts'
import type { Dashboard, DashboardOptions } from './dashboard/server.ts'
import { noAnswers } from './pipeline/build-silver.ts'
import { findTable, lakeTables, type FrameOf, type TableName } from './pipeline/catalogue.ts'
import { timestampOf, type Clock } from './pipeline/clock.ts'
import { readSummaries, schemaOf, type TableSchema, type TableSummary } from './pipeline/describe-tables.ts'
import { Listeners, type Listener } from './pipeline/events.ts'
import { exportPayloads } from './pipeline/export.ts'
import { isStale, lockHint, readLock, removeLock, type LockHolder } from './pipeline/lock.ts'
import { readMovie, type MovieRecord } from './pipeline/movie-record.ts'
import { planBuild, planFetch, type BuildScope } from './pipeline/plan.ts'
import { readPublished, type Published } from './pipeline/publish.ts'
import type { Plan, RunRecord, RunResult } from './pipeline/results.ts'
import { readRunRecords } from './pipeline/run-record.ts'
import type { Session } from './pipeline/session.ts'
import { askedFor, openSource } from './pipeline/source.ts'
import { goldStep, importStep, ingestStep, publishStep, silverStep } from './pipeline/steps.ts'
import { optimizeTables, planVacuum, vacuumTables, type Upkeep, type VacuumScope } from './pipeline/upkeep.ts'
import { Views } from './pipeline/views.ts'
import { withRun, type RunRequest } from './pipeline/with-run.ts'
import type { ReportedLake, WrittenReport } from './lake-report.ts'
import { readKpis, type KpiTables, type OpenTable } from './report/kpis.ts'
import type { Rules } from './rules.ts'

/** The KPIs, and which published state of the tables they are from. */
export interface Kpis extends KpiTables {
  readonly published: Published
}

/** Stops the work when it is aborted; what was committed stays. */
export interface Stoppable {
  readonly signal?: AbortSignal | undefined
}

/** The tables that are meant; all of the lake by default. */
export interface UpkeepScope {
  readonly tables?: readonly string[] | undefined
}

/** Where the dashboard listens and who may see it. */
export type ServeOptions = Pick<DashboardOptions, 'host' | 'port' | 'token' | 'pages' | 'onError'>

/** What a lake is opened with. */
export interface LakeParts {
  readonly engine: Engine
  readonly config: Config
  readonly secrets: Secrets
  readonly paths: LakePaths
  readonly clock: Clock
  /** Called by every close; true when it was the last one. */
  readonly release: () => boolean
}

/** A lake that is open: its tables as frames, and the steps that fill it. Made by `openLake`. */
export class Lake {
  /** The lake's folder. */
  readonly root: string
  /** The settings it was opened with, defaults filled in. */
  readonly config: Config
  readonly #parts: LakeParts
  readonly #rules: Rules
  readonly #views: Views
  readonly #listeners = new Listeners()

  /** Use `openLake`. */
  constructor(parts: LakeParts) {
    this.#parts = parts
    this.config = parts.config
    this.root = parts.paths.root
    this.#rules = rulesOf(parts.config)
    this.#views = new Views(parts.engine, async () => (await this.published())?.versions)
  }

  /** Calls `listener` with what runs of this lake say, until the function it answers is called. */
  on(listener: Listener): () => void {
    return this.#listeners.add(listener)
  }

  /** Asks for movies, builds silver and gold, publishes them and writes their report. */
  run(options: Stoppable = {}): Promise<RunResult> {
    return this.#fetching('run', options, async (session) => {
      await silverStep(session)
      await goldStep(session)
      const { status } = await publishStep(session, refreshServing(session))
      if (this.config.report.enabled) await this.#reportStep(session, status === 'ok')
    })
  }

  /** Asks for movies; their answers go to bronze, nothing else is touched. */
  ingest(options: Stoppable = {}): Promise<RunResult> {
    return this.#fetching('ingest', options, async () => undefined)
  }

  /**
   * Takes files of payloads into bronze, as if fetched at `fetchedAt` (an instant, now by default); of the same instant only what is not
   * there yet. Throws InputError on a file that cannot be used and QualityError when too many payloads are refused; what was read before is kept.
   */
  async import(
    files: readonly string[],
    { fetchedAt, signal }: Stoppable & { readonly fetchedAt?: string | Date | undefined } = {},
  ): Promise<RunResult> {
    const at = fetchedAt === undefined ? undefined : parseInstant(fetchedAt, this.#parts.clock())
    const paths = files.map((file) => resolve(file))
    const missing = paths.find((file) => !existsSync(file))
    if (missing !== undefined) throw new InputError(`${missing}: no such file`)
    const request = { command: 'import', parameters: { files: paths, fetched_at: at ?? null } }
    return this.#recorded(request, signal, (session) =>
      importStep(session, paths, at ?? timestampOf(session.run.startedAt)),
    )
  }

  /** Brings silver up to bronze and gold up to silver, or one of them; `full` builds anew. Publishes when gold is built. Throws TableError when there are no answers. */
  async build({ layer, full = false, signal }: Stoppable & BuildScope = {}): Promise<RunResult> {
    if (!(await isThere(this.root))) throw noAnswers()
    const command = layer === undefined ? 'build' : `build ${layer}`
    return this.#recorded({ command, parameters: { layer: layer ?? null, full } }, signal, async (session) => {
      if (layer !== 'gold') await silverStep(session, full)
      if (layer === 'silver') return
      await goldStep(session, full)
      await publishStep(session, refreshServing(session))
    })
  }

  /** What a command would do, and why. Nothing is done. */
  async plan(command: 'run' | 'ingest' | 'build', scope: BuildScope = {}): Promise<Plan> {
    if (command !== 'build') return planFetch(command, this.config)
    return planBuild({ engine: this.#parts.engine, rules: this.#rules }, scope)
  }

  /** The KPIs of the published tables, franchises and directors the first `top`. Throws TableError when nothing is published. */
  async kpis({ top = this.config.gold.top }: { readonly top?: number | undefined } = {}): Promise<Kpis> {
    const published = await this.published()
    if (published === undefined) throw notPublished(this.root)
    return { published, ...(await readKpis(this.#openPublished(published), this.#rules, top)) }
  }

  /**
   * Writes the report of what is published: a page, Markdown, and each chart as SVG, PNG and CSV. It goes into the lake's `report` folder, or into
   * `folder`, which it replaces. Throws TableError when nothing is published, and InputError when the folder holds anything else.
   */
  async report({ folder }: { readonly folder?: string | undefined } = {}): Promise<WrittenReport> {
    const published = await this.published()
    if (published === undefined) throw notPublished(this.root)
    const { writeReport } = await import('./lake-report.ts')
    return writeReport(this.#reported(published), folder)
  }

  /**
   * Serves the dashboard over what is published, until it is closed. It binds 127.0.0.1 unless `host` says otherwise. Throws TableError when nothing
   * is published, and ConfigError when the port is taken.
   */
  async serve(options: ServeOptions = {}): Promise<Dashboard> {
    const { startDashboard } = await import('./dashboard/server.ts')
    const { engine, paths, config } = this.#parts
    return startDashboard({ ...options, engine, paths, duckdb: config.duckdb, rules: this.#rules })
  }

  /** All that is known of one movie; undefined when the lake has never heard of it. */
  show(movieId: number): Promise<MovieRecord | undefined> {
    return readMovie(movieId, (table) => this.#views.find(table))
  }

  /** A table as a frame: as it is published, the newest version of it when it has not been, or as it was. Nothing is read before the frame is asked. */
  table<N extends TableName>(name: N, at?: At): FrameOf<N> {
    return this.#views.frame(findTable(name, this.#rules), at) as unknown as FrameOf<N>
  }

  /** The rows of SQL over the tables by their names, `select … from silver.movies`; `at` is the state of all of them. Throws EngineError. */
  async sql(
    text: string,
    options: Stoppable & { readonly at?: At | undefined } = {},
  ): Promise<{ readonly columns: Fields; readonly rows: readonly Row[] }> {
    const { columns, rows } = await this.stream(text, options)
    const all: Row[] = []
    for await (const row of rows) all.push(row)
    return { columns, rows: all }
  }

  /** As `sql`, the rows one by one as they come: for results that do not fit into memory. */
  async stream(
    text: string,
    options: Stoppable & { readonly at?: At | undefined } = {},
  ): Promise<{ readonly columns: Fields; readonly rows: AsyncIterable<Row> }> {
    const { columns, rows } = await this.#views.sql(text, lakeTables(this.#rules), options)
    return { columns, rows: oneByOne(rows) }
  }

  /** The tables that are there, in build order. */
  async tables(): Promise<readonly TableSummary[]> {
    return readSummaries(this.#parts.engine, lakeTables(this.#rules), await this.published())
  }

  /** The commits of a table, newest first. Throws TableError when it is not there. */
  async history(name: string): Promise<readonly HistoryEntry[]> {
    const table = findTable(name, this.#rules)
    const commits = await this.#parts.engine.history(table.name)
    if (commits.length > 0) return commits
    const hint = table.name.startsWith('bronze.') ? 'run: movielake run' : 'run: movielake build'
    throw new TableError(`${table.name}: there is no such table yet`, { fault: 'missing', hint })
  }

  /**
   * Brings small files together and takes rows behind deletion vectors out of them, in all tables or those that are named. Rows stay what they are; readers
   * go over with the next build. Throws ConfigError for a name that no table has, and TableError when there is nothing yet.
   */
  async optimize({ tables, signal }: Stoppable & UpkeepScope = {}): Promise<Upkeep> {
    const names = await this.#namesOf(tables)
    const done: TableUpkeep[] = []
    const run = await this.#recorded(
      { command: 'optimize', parameters: { tables: names ?? null } },
      signal,
      async (session) => {
        await session.run.step('optimize', (tell) => optimizeTables(session, names, done, tell))
      },
    )
    return { run, tables: done }
  }

  /**
   * Takes files off the disk that no version needs which can still be asked for: those that left their table longer ago than `retentionHours`, a week by
   * default. What is published stays readable, and answers that silver has not taken in stay. With `dryRun` nothing is taken, and no run recorded. Throws as
   * `optimize` does, and TableError for a retention longer than a table keeps note of.
   */
  async vacuum({ tables, signal, ...scope }: Stoppable & UpkeepScope & VacuumScope = {}): Promise<Upkeep> {
    const names = await this.#namesOf(tables)
    const { engine, paths } = this.#parts
    if (scope.dryRun === true)
      return { run: null, tables: await planVacuum({ engine, paths, rules: this.#rules }, names, scope) }
    const done: TableUpkeep[] = []
    const parameters = { tables: names ?? null, retention_hours: scope.retentionHours ?? null }
    const run = await this.#recorded({ command: 'vacuum', parameters }, signal, async (session) => {
      await session.run.step('vacuum', (tell) => vacuumTables(session, names, scope, done, tell))
    })
    return { run, tables: done }
  }

  /** The columns of one table, or of all. */
  schema(name?: string): readonly TableSchema[] {
    return (name === undefined ? lakeTables(this.#rules) : [findTable(name, this.#rules)]).map(schemaOf)
  }

  /** The records of all runs, newest first. */
  runs(): Promise<readonly RunRecord[]> {
    return readRunRecords(this.#parts.paths.runs)
  }

  /** What readers see; undefined when nothing has been published. */
  published(): Promise<Published | undefined> {
    return readPublished(this.#parts.paths.published)
  }

  /** Writes the newest payload of every movie that is not gone as NDJSON, a line break within a payload taken out; answers how many. */
  async export({
    write,
    asOf,
    signal = new AbortController().signal,
  }: Stoppable & {
    readonly write: (text: string) => Promise<void> | void
    readonly asOf?: string | undefined
  }): Promise<{ readonly movies: number }> {
    return { movies: await exportPayloads(this.#parts.engine, asOf === undefined ? {} : { asOf }, write, signal) }
  }

  /** Who is writing to the lake now; undefined when nobody is, or who was is dead. */
  async lockHolder(): Promise<LockHolder | undefined> {
    const { paths, clock } = this.#parts
    const holder = await readLock(paths.lock)
    return holder !== undefined && isStale(holder, clock()) ? undefined : holder
  }

  /** Removes a lock whose holder is dead, or with `force` any; answers who held it. Throws LockError when the holder is alive. */
  async unlock({ force = false }: { readonly force?: boolean | undefined } = {}): Promise<LockHolder | undefined> {
    const { paths, clock } = this.#parts
    const holder = await readLock(paths.lock)
    if (holder !== undefined && !force && !isStale(holder, clock())) {
      const { pid, host, command, started_at } = holder
      throw new LockError(`process ${pid} on ${host} may be at work: "${command}" since ${started_at}`, {
        hint: lockHint(holder),
      })
    }
    await removeLock(paths.lock)
    return holder
  }

  /**
   * Ends what is under way on a server, which would go on otherwise, with StoppedError: within ten seconds where the server still plans it. What is asked
   * next runs. A lake that was opened several times is stopped for all of them, other lakes on the same server go on. On DuckDB it does nothing.
   */
  stop(): void {
    this.#parts.engine.stop?.()
  }

  /** Ends the session with the engine. A lake that was opened several times ends with the last close. */
  async close(): Promise<void> {
    if (this.#parts.release()) await this.#parts.engine.close()
  }

  /** As `close`: `await using lake = await openLake()`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  /** The names of tables that are there to be kept up. */
  async #namesOf(tables: readonly string[] | undefined): Promise<readonly string[] | undefined> {
    const names = tables?.map((name) => findTable(name, this.#rules).name)
    if (!(await isThere(this.root))) throw noAnswers()
    return names
  }

  #openPublished({ versions }: Published): OpenTable {
    return (table) => {
      const version = versions[table.name]
      if (version === undefined) throw notPublished(table.name)
      return this.#views.frame(table, { version })
    }
  }

  #reported(published: Published): ReportedLake {
    const { config, paths } = this.#parts
    return { open: this.#openPublished(published), published, config, rules: this.#rules, paths }
  }

  async #reportStep({ run }: Session, isNews: boolean): Promise<void> {
    const published = await this.published()
    if (published === undefined) throw notPublished(this.root)
    try {
      // what draws is loaded by those who draw
      const { reportOutcome } = await import('./lake-report.ts')
      await run.step('report', () => reportOutcome(this.#reported(published), isNews))
    } catch (error) {
      if (!(error instanceof StoppedError))
        run.warn('the tables are published, their report is not', 'movielake report writes it')
      throw error
    }
  }

  async #fetching(
    command: 'run' | 'ingest',
    { signal }: Stoppable,
    then: (session: Session) => Promise<void>,
  ): Promise<RunResult> {
    const { secrets, config } = this.#parts
    const source = await openSource(config, secrets)
    try {
      const request = { command, parameters: askedFor(config, source), sampleUrl: source.sampleUrl }
      return await this.#recorded(request, signal, async (session, isResumed) => {
        await ingestStep(session, source, isResumed)
        await then(session)
      })
    } finally {
      await source.close()
    }
  }

  #recorded(
    request: RunRequest,
    signal: AbortSignal = new AbortController().signal,
    work: (session: Session, isResumed: boolean) => Promise<void>,
  ): Promise<RunResult> {
    const { engine, config, paths, clock } = this.#parts
    return withRun({ engine, config, rules: this.#rules, paths, clock, signal }, request, this.#listeners, work)
  }
}

async function* oneByOne(batches: AsyncIterable<readonly Row[]>): AsyncGenerator<Row, void, undefined> {
  for await (const batch of batches) yield* batch
}

const isThere = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  )

const notPublished = (what: string): TableError =>
  new TableError(`${what}: nothing has been published yet`, {
    fault: 'missing',
    hint: 'run: movielake run, or after an import: movielake build',
  })

function parseInstant(value: string | Date, now: Date): string {
  const at = new Date(value)
  if (at > now)
    throw new InputError(`fetchedAt: ${at.toISOString()} is in the future`, {
      hint: 'it would win over every answer until then; leave it out for now',
    })
  if (!Number.isNaN(at.getTime())) return timestampOf(at)
  throw new InputError(`fetchedAt: ${JSON.stringify(value)} is no instant`, {
    hint: 'write it like 2025-12-09 or 2025-12-09T10:45:30Z',
  })
}
