import type { Committed } from '../engines/engine.ts'
import type { RunStatus } from './events.ts'

/** One step of a run: what it read, what it wrote, how it went. */
export interface StepRecord {
  readonly step: string
  readonly status: 'ok' | 'unchanged' | 'failed' | 'stopped'
  readonly started_at: string
  readonly duration_ms: number
  /** Versions of the tables it read, by name. */
  readonly read: Readonly<Record<string, number>>
  readonly wrote: readonly Committed[]
  /** Counts the step wants to be known, such as `fetched`, `rejected`, `duplicates`. */
  readonly counts: Readonly<Record<string, number>>
}

/** The record of a run, kept as runs/<run id>/run.json from its first moment on. */
export interface RunRecord {
  readonly format: 1
  readonly run_id: string
  readonly command: string
  /** What was asked for; a run that was cut off is taken up only by the same command with the same parameters. */
  readonly parameters: Readonly<Record<string, unknown>>
  readonly status: RunStatus
  readonly started_at: string
  readonly ended_at: string | null
  readonly duration_ms: number | null
  readonly process: { readonly pid: number; readonly host: string; readonly version: string }
  /** Set when the answers came from the sample server. */
  readonly is_sample: boolean
  readonly steps: readonly StepRecord[]
  readonly error: {
    readonly name: string
    readonly message: string
    readonly hint: string | null
    readonly exit_code: number
  } | null
  /** Versions published at the end, by table. */
  readonly published: Readonly<Record<string, number>>
}

/** What `run`, `ingest`, `import` and `build` answer. */
export interface RunResult {
  readonly run_id: string
  readonly status: RunStatus
  readonly is_sample: boolean
  readonly duration_ms: number
  readonly steps: readonly StepRecord[]
  readonly published: Readonly<Record<string, number>>
}

/** What would be done and why, without doing it. */
export interface Plan {
  readonly steps: readonly { readonly step: string; readonly is_due: boolean; readonly reason: string }[]
}
