import type { At, HistoryEntry } from '../engines/engine.ts'
import type { Fields } from '../frame/types.ts'
import type { Listener } from '../pipeline/events.ts'
import type { Plan, RunRecord, RunResult } from '../pipeline/results.ts'

type Row = Readonly<Record<string, unknown>>

/** The KPIs of the published tables. */
export interface Kpis {
  readonly published: {
    readonly run_id: string
    readonly at: string
    readonly versions: Readonly<Record<string, number>>
  }
  readonly rankings: Readonly<
    Record<
      string,
      readonly { readonly rank: number; readonly movie_id: number; readonly title: string; readonly value: number }[]
    >
  >
  readonly searches: Readonly<Record<string, readonly (Row & { readonly title: string })[]>>
  readonly franchise_vs_standalone: readonly Row[]
  readonly franchises: readonly Row[]
  readonly directors: readonly Row[]
  readonly genres: readonly Row[]
  readonly years: readonly Row[]
}

/** A table as `tables` lists it. */
export interface TableLine {
  readonly table: string
  readonly rows: number
  readonly version: number
  readonly published: number | null
  readonly committed_at: string
  readonly files: number
  readonly size_bytes: number
}

/** The lake as commands use it. */
export interface Lake {
  run(options?: object): Promise<RunResult>
  ingest(options?: object): Promise<RunResult>
  import(files: readonly string[], options?: { readonly fetchedAt?: string }): Promise<RunResult>
  export(options: {
    readonly write: (text: string) => Promise<void> | void
    readonly asOf?: string
  }): Promise<{ readonly movies: number }>
  build(options?: { readonly layer?: 'silver' | 'gold'; readonly full?: boolean }): Promise<RunResult>
  plan(command: 'run' | 'ingest' | 'build', options?: object): Promise<Plan>
  kpis(options?: { readonly top?: number }): Promise<Kpis>
  show(id: number): Promise<object | undefined>
  sql(
    text: string,
    options?: { readonly at?: At; readonly signal?: AbortSignal },
  ): Promise<{ readonly columns: Fields; readonly rows: readonly Row[] }>
  tables(): Promise<readonly TableLine[]>
  history(name: string): Promise<readonly HistoryEntry[]>
  schema(name?: string): readonly { readonly table: string; readonly columns: readonly Row[] }[]
  runs(): Promise<readonly RunRecord[]>
  unlock(options?: { readonly force?: boolean }): Promise<object | undefined>
  close(): Promise<void>
}

/** Stands in until the library is there. */
export async function openLake(options: object): Promise<Lake> {
  throw new Error(`there is no library yet for ${Object.keys(options).join()}`)
}

export type { Listener, Plan, RunRecord, RunResult }
