import type {
  At,
  CommitNote,
  Committed,
  Engine,
  HistoryEntry,
  MergeScope,
  PendingWrite,
  SavedTable,
  TableState,
  TableUpkeep,
  VacuumRequest,
} from '../engines/engine.ts'
import { EngineError } from '../errors.ts'
import type { Row } from '../frame/engine.ts'
import type { AnyFrame, Frame } from '../frame/index.ts'
import type { Fields } from '../frame/types.ts'
import type { Table } from '../table.ts'

/**
 * An engine that is opened when it is first asked for something: who only looks at run records or settings never waits for it. One whose server has
 * forgotten the session is left for another at the next use; what it was at has failed.
 */
export class LazyEngine implements Engine {
  readonly name: Engine['name']
  readonly dialect: Engine['dialect']
  readonly #start: () => Promise<Engine>
  #opened: Promise<Engine> | undefined
  #isClosed = false

  constructor({ name, dialect }: Pick<Engine, 'name' | 'dialect'>, start: () => Promise<Engine>) {
    this.name = name
    this.dialect = dialect
    this.#start = start
  }

  async *query(sql: string, columns: Fields, signal?: AbortSignal): AsyncGenerator<readonly Row[], void, undefined> {
    yield* (await this.#engine()).query(sql, columns, signal)
  }

  async explain(sql: string): Promise<string> {
    return (await this.#engine()).explain(sql)
  }

  async open<S>(table: Table<S>, at?: At): Promise<Frame<S>> {
    return (await this.#engine()).open(table, at)
  }

  async openAppended<S>(table: Table<S>, since: number): Promise<Frame<S>> {
    return (await this.#engine()).openAppended(table, since)
  }

  async state(table: string): Promise<TableState | undefined> {
    return (await this.#engine()).state(table)
  }

  async history(table: string): Promise<readonly HistoryEntry[]> {
    return (await this.#engine()).history(table)
  }

  async append<S>(table: Table<S>, rows: readonly Row[], note: CommitNote): Promise<Committed> {
    return (await this.#engine()).append(table, rows, note)
  }

  async overwrite<S>(table: Table<S>, frame: Frame<S>): Promise<PendingWrite> {
    return (await this.#engine()).overwrite(table, frame)
  }

  async merge<S>(table: Table<S>, source: Frame<S>, scope?: MergeScope): Promise<PendingWrite> {
    return (await this.#engine()).merge(table, source, scope)
  }

  async optimize(table: string, note: CommitNote): Promise<TableUpkeep> {
    return (await this.#engine()).optimize(table, note)
  }

  async vacuum(table: string, request: VacuumRequest, note: CommitNote): Promise<TableUpkeep> {
    return (await this.#engine()).vacuum(table, request, note)
  }

  async bind(name: string, frame: AnyFrame): Promise<string> {
    return (await this.#engine()).bind(name, frame)
  }

  async sql(text: string, signal?: AbortSignal): ReturnType<Engine['sql']> {
    return (await this.#engine()).sql(text, signal)
  }

  async stage<S>(name: string, frame: Frame<S>): Promise<{ readonly frame: Frame<S>; drop(): Promise<void> }> {
    return (await this.#engine()).stage(name, frame)
  }

  async saveDatabase(path: string, tables: Readonly<Record<string, SavedTable>>): Promise<void> {
    return (await this.#engine()).saveDatabase(path, tables)
  }

  stop(): void {
    void this.#opened?.then(
      (engine) => engine.stop?.(),
      () => {
        // an engine that did not start has nothing to end
      },
    )
  }

  async close(): Promise<void> {
    this.#isClosed = true
    const opened = this.#opened
    this.#opened = undefined
    await (await opened?.catch(() => undefined))?.close()
  }

  async #engine(): Promise<Engine> {
    if (this.#isClosed) throw new EngineError('the lake is closed', { sql: '', hint: 'open it again with openLake' })
    const opened = (this.#opened ??= this.#start())
    const forget = (): void => {
      if (this.#opened === opened) this.#opened = undefined
    }
    const engine = await opened.catch((error: unknown) => {
      // the next who asks tries again: the reason may be gone
      forget()
      throw error
    })
    if (engine.isLost !== true) return engine
    forget()
    void engine.close().catch(() => {
      // there is nobody left to take leave of
    })
    return this.#engine()
  }
}
