import { resolve } from 'node:path'
import { rulesOf, type Config, type Secrets } from './config/config.ts'
import type { LakePaths } from './config/paths.ts'
import type { At, Engine, HistoryEntry } from './engines/engine.ts'
import { InputError, LockError, TableError } from './errors.ts'
import type { Row } from './frame/engine.ts'
import type { Frame } from './frame/index.ts'
import { typeName, type Fields } from './frame/types.ts'
import { planGold } from './pipeline/build-gold.ts'
import { planSilver } from './pipeline/build-silver.ts'
import { findTable, lakeTables, type FrameOf, type TableName } from './pipeline/catalogue.ts'
import { timestampOf, type Clock } from './pipeline/clock.ts'
import type { LakeEvent, Listener } from './pipeline/events.ts'
import { readExport } from './pipeline/export.ts'
import { isStale, readLock, removeLock, type LockHolder } from './pipeline/lock.ts'
import { readMovie, type MovieRecord } from './pipeline/movie-record.ts'
import { readPublished, type Published } from './pipeline/publish.ts'
import type { Plan, RunRecord, RunResult } from './pipeline/results.ts'
import { readRunRecords } from './pipeline/run-record.ts'
import type { Session } from './pipeline/session.ts'
import { goldStep, importStep, ingestStep, openSource, publishStep, silverStep } from './pipeline/steps.ts'
import { Views } from './pipeline/views.ts'
import { withRun, type RunRequest } from './pipeline/with-run.ts'
import { readKpis, type KpiTables } from './report/kpis.ts'
import type { Table } from './table.ts'

/** The KPIs, and which published state of the tables they are from. */
export interface Kpis extends KpiTables {
  readonly published: Published
}

/** A table of the lake as it stands. */
export interface TableSummary {
  readonly table: string
  readonly grain: string
  readonly rows: number
  readonly version: number
  /** Version readers see; null when the table has not been published. */
  readonly published: number | null
  readonly committed_at: string
  readonly files: number
  readonly size_bytes: number
}

/** The columns of a table, as declared. */
export interface TableSchema {
  readonly table: string
  readonly grain: string
  readonly key: readonly string[]
  readonly columns: readonly ColumnSchema[]
}

/** A column as declared. */
export interface ColumnSchema {
  readonly name: string
  readonly type: string
  readonly nullable: boolean
  readonly unit: string | null
  readonly about: string
}

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

/** Stops the work when it is aborted; what was committed stays. */
interface Stoppable {
  readonly signal?: AbortSignal | undefined
}

/** A lake that is open: its tables as frames, and the steps that fill it. Made by `openLake`. */
export class Lake {
  /** The lake's folder. */
  readonly root: string
  readonly config: Config
  readonly #parts: LakeParts
  readonly #views: Views
  readonly #listeners = new Set<Listener>()

  constructor(parts: LakeParts) {
    this.#parts = parts
    this.config = parts.config
    this.root = parts.paths.root
    this.#views = new Views(parts.engine, async (table) => (await this.published())?.versions[table])
  }

  /** Calls `listener` with what runs of this lake say, until the function it answers is called. */
  on(listener: Listener): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Asks for movies, builds silver and gold, and publishes them. */
  run(options: Stoppable = {}): Promise<RunResult> {
    return this.#fetching('run', options, async (session) => {
      await silverStep(session)
      await goldStep(session)
      await publishStep(session)
    })
  }

  /** Asks for movies; their answers go to bronze, nothing else is touched. */
  ingest(options: Stoppable = {}): Promise<RunResult> {
    return this.#fetching('ingest', options, async () => undefined)
  }

  /** Takes files of payloads into bronze, as if fetched at `fetchedAt` (an instant, now by default). Throws InputError on a file that cannot be used; what was read before is kept. */
  import(
    files: readonly string[],
    options: Stoppable & { readonly fetchedAt?: string | Date | undefined } = {},
  ): Promise<RunResult> {
    const { fetchedAt } = options
    const at = fetchedAt === undefined ? undefined : parseInstant(fetchedAt)
    const parameters = { files: files.map((file) => resolve(file)), fetched_at: at ?? null }
    return this.#recorded({ command: 'import', parameters }, options, async (session, isResumed) => {
      const begun = session.run.startedAt
      await importStep(session, files, at ?? timestampOf(begun), isResumed)
    })
  }

  /** Brings silver up to bronze and gold up to silver, or one of them; `full` builds anew. Publishes when gold is built. */
  build(
    options: Stoppable & { readonly layer?: 'silver' | 'gold' | undefined; readonly full?: boolean | undefined } = {},
  ): Promise<RunResult> {
    const { layer, full = false } = options
    return this.#recorded(
      { command: 'build', parameters: { layer: layer ?? null, full } },
      options,
      async (session) => {
        if (layer !== 'gold') await silverStep(session, full)
        if (layer === 'silver') return
        await goldStep(session, full)
        await publishStep(session)
      },
    )
  }

  /** What a command would do, and why. Nothing is done. */
  async plan(
    command: 'run' | 'ingest' | 'build',
    options: { readonly layer?: 'silver' | 'gold' | undefined; readonly full?: boolean | undefined } = {},
  ): Promise<Plan> {
    const { ingest } = this.config
    const what =
      ingest.source === 'list'
        ? `${new Set(ingest.movie_ids).size} movies of the list`
        : `${ingest.pages} pages of ${ingest.source}`
    const asks = { step: 'ingest', is_due: true, reason: `asks for ${what}` }
    if (command === 'ingest') return { steps: [asks] }
    if (command === 'run') {
      const follows = (step: string, reason: string) => ({ step, is_due: true, reason })
      return {
        steps: [
          asks,
          follows('silver', 'takes in the new answers'),
          follows('gold', 'follows silver'),
          follows('publish', 'shows readers the new versions'),
        ],
      }
    }
    return this.#planBuild(options)
  }

  /** The KPIs of the published tables, franchises and directors the first `top`. Throws TableError when nothing is published. */
  async kpis({ top = this.config.gold.top }: { readonly top?: number | undefined } = {}): Promise<Kpis> {
    const published = await this.#requirePublished()
    const open = <S>(table: Table<S>): Frame<S> =>
      this.#views.frame(table, { version: published.versions[table.name] ?? 0 })
    return { published, ...(await readKpis(open, rulesOf(this.config), top)) }
  }

  /** All that is known of one movie; undefined when the lake has never heard of it. */
  show(movieId: number): Promise<MovieRecord | undefined> {
    return readMovie(movieId, async (table) =>
      (await this.#parts.engine.state(table.name)) === undefined ? undefined : this.#views.frame(table),
    )
  }

  /** A table as a frame: as it is published, the newest version of it when it has not been, or as it was. Nothing is read before the frame is asked. */
  table<N extends TableName>(name: N, at?: At): FrameOf<N> {
    const table = findTable(name, rulesOf(this.config))
    return this.#views.frame(table, at) as unknown as FrameOf<N>
  }

  /** The rows of SQL over the tables by their names, `select … from silver.movies`; `at` is the state of all of them. Throws EngineError. */
  async sql(
    text: string,
    { at, signal }: Stoppable & { readonly at?: At | undefined } = {},
  ): Promise<{ readonly columns: Fields; readonly rows: readonly Row[] }> {
    for (const table of lakeTables(rulesOf(this.config))) {
      if (!mentions(text, table.name) || (await this.#parts.engine.state(table.name)) === undefined) continue
      await this.#views.bind(table, at)
    }
    const { columns, rows } = await this.#parts.engine.sql(text, signal)
    const all: Row[] = []
    for await (const batch of rows) all.push(...batch)
    return { columns, rows: all }
  }

  /** The tables that are there, in build order. */
  async tables(): Promise<readonly TableSummary[]> {
    const published = await this.published()
    const states = await Promise.all(
      lakeTables(rulesOf(this.config)).map(async (table) => ({
        table,
        state: await this.#parts.engine.state(table.name),
      })),
    )
    return states.flatMap(({ table, state }) =>
      state === undefined
        ? []
        : [
            {
              table: table.name,
              grain: table.grain,
              rows: state.rows,
              version: state.version,
              published: published?.versions[table.name] ?? null,
              committed_at: state.committedAt,
              files: state.files,
              size_bytes: state.sizeBytes,
            },
          ],
    )
  }

  /** The commits of a table, newest first. Throws TableError when it is not there. */
  history(name: string): Promise<readonly HistoryEntry[]> {
    return this.#parts.engine.history(findTable(name, rulesOf(this.config)).name)
  }

  /** The columns of one table, or of all. */
  schema(name?: string): readonly TableSchema[] {
    const rules = rulesOf(this.config)
    const tables = name === undefined ? lakeTables(rules) : [findTable(name, rules)]
    return tables.map((table) => ({
      table: table.name,
      grain: table.grain,
      key: table.key,
      columns: Object.entries(table.columns).map(([column, { type, isNullable, unit, about }]) => ({
        name: column,
        type: typeName(type),
        nullable: isNullable,
        unit: unit ?? null,
        about,
      })),
    }))
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
    signal,
  }: Stoppable & {
    readonly write: (text: string) => Promise<void> | void
    readonly asOf?: string | undefined
  }): Promise<{ readonly movies: number }> {
    let movies = 0
    const stop = signal ?? new AbortController().signal
    for await (const { payload } of readExport(this.#parts.engine, asOf === undefined ? {} : { asOf }, stop)) {
      await write(`${oneLine(payload)}\n`)
      movies += 1
    }
    return { movies }
  }

  /** Removes a lock whose holder is dead, or with `force` any; answers who held it. Throws LockError when the holder is alive. */
  async unlock({ force = false }: { readonly force?: boolean | undefined } = {}): Promise<LockHolder | undefined> {
    const { paths, clock } = this.#parts
    const holder = await readLock(paths.lock)
    if (holder !== undefined && !force && !isStale(holder, clock())) {
      throw new LockError(
        `process ${holder.pid} on ${holder.host} is at work: "${holder.command}" since ${holder.started_at}`,
        {
          hint: 'end it first; --force removes the lock all the same',
        },
      )
    }
    await removeLock(paths.lock)
    return holder
  }

  /** Ends the session with the engine. A lake that was opened twice ends with the second close. */
  async close(): Promise<void> {
    if (this.#parts.release()) await this.#parts.engine.close()
  }

  async #fetching(
    command: 'run' | 'ingest',
    options: Stoppable,
    then: (session: Session) => Promise<void>,
  ): Promise<RunResult> {
    const { secrets, config } = this.#parts
    const signal = options.signal ?? new AbortController().signal
    const source = await openSource(config, secrets, signal, (message) =>
      this.#say({ type: 'warning', at: this.#parts.clock().toISOString(), message }),
    )
    try {
      const { source: from, movie_ids, pages } = config.ingest
      const parameters = from === 'list' ? { source: from, movie_ids } : { source: from, pages }
      return await this.#recorded(
        { command, parameters, sampleUrl: source.sampleUrl },
        { signal },
        async (session, isResumed) => {
          await ingestStep(session, source.tmdb, isResumed)
          await then(session)
        },
      )
    } finally {
      await source.close()
    }
  }

  #recorded(
    request: RunRequest,
    { signal }: Stoppable,
    work: (session: Session, isResumed: boolean) => Promise<void>,
  ): Promise<RunResult> {
    const { engine, config, paths, clock } = this.#parts
    const stop = signal ?? new AbortController().signal
    return withRun(
      { engine, config, rules: rulesOf(config), paths, clock, signal: stop },
      request,
      (event) => this.#say(event),
      work,
    )
  }

  #say(event: LakeEvent): void {
    for (const listener of this.#listeners) listener(event)
  }

  async #planBuild({
    layer,
    full = false,
  }: {
    readonly layer?: 'silver' | 'gold' | undefined
    readonly full?: boolean | undefined
  }): Promise<Plan> {
    const parts = { engine: this.#parts.engine, rules: rulesOf(this.config) }
    const silver = layer === 'gold' ? undefined : await planSilver(parts, full)
    const steps = silver === undefined ? [] : [{ step: 'silver', is_due: silver.isDue, reason: silver.reason }]
    if (layer === 'silver') return { steps }
    if (silver?.isDue === true) return { steps: [...steps, { step: 'gold', is_due: true, reason: 'follows silver' }] }
    const gold = await planGold(parts, full)
    return { steps: [...steps, { step: 'gold', is_due: gold.isDue, reason: gold.reason }] }
  }

  async #requirePublished(): Promise<Published> {
    const published = await this.published()
    if (published !== undefined) return published
    throw new TableError(`${this.root}: nothing has been published yet`, {
      fault: 'missing',
      hint: 'run: movielake run, or after an import: movielake build',
    })
  }
}

/** Whether SQL may speak of a table: its short name stands in it. */
const mentions = (sql: string, table: string): boolean => sql.toLowerCase().includes(table.split('.')[1] ?? table)

// in JSON a line break stands only between tokens: within text it is escaped
const oneLine = (payload: string): string => (payload.includes('\n') ? payload.replaceAll(/[\r\n]+\s*/g, '') : payload)

function parseInstant(value: string | Date): string {
  const at = new Date(value)
  if (Number.isNaN(at.getTime()))
    throw new InputError(`fetchedAt: ${JSON.stringify(value)} is no instant`, {
      hint: 'write it like 2025-12-09 or 2025-12-09T10:45:30Z',
    })
  return timestampOf(at)
}
