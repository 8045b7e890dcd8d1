import { appendFile, mkdir } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { LakeError, StoppedError } from '../errors.ts'
import type { Committed } from '../engines/engine.ts'
import { version } from '../version.ts'
import type { Clock } from './clock.ts'
import type { LakeEvent, Listeners, RunStatus } from './events.ts'
import type { RunRecord, RunResult, StepRecord } from './results.ts'
import { writeRunRecord } from './run-record.ts'
import { StepProgress, type StepSize } from './step-progress.ts'

/** What a step answers about itself. */
export interface StepOutcome {
  readonly status: 'ok' | 'unchanged'
  /** Rows it is about, for people: fetched, written. */
  readonly rows: number
  readonly read?: Readonly<Record<string, number>>
  readonly wrote?: readonly Committed[]
  readonly counts?: Readonly<Record<string, number>>
  readonly note?: string
}

/** What a step tells while it works. */
export interface StepTeller {
  /** How far it has come. */
  progress(done: number, note?: string): void
  /** Where its record is to look when the step fails or is stopped: what it has done by then. */
  onEarlyEnd(soFar: () => Omit<StepOutcome, 'status'>): void
}

interface RunStart {
  readonly runId: string
  readonly command: string
  readonly parameters: Readonly<Record<string, unknown>>
  readonly sampleUrl: string | undefined
  /** The run that is taken up again. */
  readonly cutOff: RunRecord | undefined
  readonly folder: string
  readonly clock: Clock
  readonly listeners: Listeners
}

/** A run under way: its steps, what it says, and the record that is kept of it from its first moment, however it ends. */
export class Run {
  readonly id: string
  readonly #start: RunStart
  /** When it began; of a run that was taken up again, when its first part did. */
  readonly startedAt: Date
  readonly #startedMs = performance.now()
  readonly #steps: StepRecord[] = []
  readonly #committed = new Map<string, Committed>()
  #published: Readonly<Record<string, number>> = {}
  #events: Promise<void> = Promise.resolve()

  private constructor(start: RunStart) {
    this.#start = start
    this.id = start.runId
    this.startedAt = new Date(start.cutOff?.started_at ?? start.clock())
  }

  /** Starts the run and its record. */
  static async open(start: RunStart): Promise<Run> {
    const run = new Run(start)
    await mkdir(join(start.folder, start.runId), { recursive: true })
    await writeRunRecord(start.folder, run.#record('running'))
    const { sampleUrl, cutOff } = start
    run.say({
      type: 'run.started',
      run_id: run.id,
      command: start.command,
      ...(sampleUrl !== undefined && { sample: { url: sampleUrl } }),
      ...(cutOff !== undefined && { is_resumed: true }),
    })
    return run
  }

  /** Tells the listeners, and writes it down in the run's folder. */
  say(event: WithoutTime<LakeEvent>): void {
    const said = { at: this.#start.clock().toISOString(), ...event } as LakeEvent
    const warnings = this.#start.listeners.tell(said)
    const lines = [said, ...warnings].filter(({ type }) => type !== 'step.progress')
    if (lines.length === 0) return
    const path = join(this.#start.folder, this.id, 'events.ndjson')
    const text = lines.map((line) => `${JSON.stringify(line)}\n`).join('')
    this.#events = this.#events.then(() => appendFile(path, text))
    // a failure is thrown by close, not lost: the promise is awaited there
    this.#events.catch(() => undefined)
  }

  /** Says what is odd but no error. */
  warn(message: string, hint?: string): void {
    this.say({ type: 'warning', message, ...(hint !== undefined && { hint }) })
  }

  /** Does one step and records how it went, also when it throws. */
  async step(
    name: string,
    work: (tell: StepTeller) => Promise<StepOutcome>,
    size: StepSize = {},
  ): Promise<StepOutcome> {
    const startedAt = this.#start.clock().toISOString()
    const startedMs = performance.now()
    this.say({ type: 'step.started', step: name, ...size })
    const progress = new StepProgress(size, (done, note) =>
      this.say({ type: 'step.progress', step: name, done, ...size, ...(note !== undefined && { note }) }),
    )
    let soFar: () => Omit<StepOutcome, 'status'> = () => ({ rows: 0 })
    const ended = (status: StepRecord['status'], outcome: Omit<StepOutcome, 'status'>): void => {
      progress.end()
      const duration_ms = Math.round(performance.now() - startedMs)
      const { read = {}, wrote = [], counts = {}, rows, note } = outcome
      this.#steps.push({ step: name, status, started_at: startedAt, duration_ms, read, wrote, counts })
      for (const commit of wrote) this.#committed.set(commit.table, commit)
      this.say({ type: 'step.ended', step: name, status, rows, duration_ms, ...(note !== undefined && { note }) })
    }
    try {
      const outcome = await work({
        progress: (done, note) => progress.tell(done, note),
        onEarlyEnd: (look) => void (soFar = look),
      })
      ended(outcome.status, outcome)
      await writeRunRecord(this.#start.folder, this.#record('running'))
      return outcome
    } catch (error) {
      ended(error instanceof StoppedError ? 'stopped' : 'failed', soFar())
      throw error
    }
  }

  /** Whether this run did the step before it was cut off: it then counts as done, under its old record. */
  passOver(name: string): boolean {
    const done = this.#start.cutOff?.steps.find(({ step, status }) => step === name && status === 'ok')
    if (done === undefined) return false
    this.#steps.push(done)
    this.say({ type: 'step.started', step: name })
    this.say({
      type: 'step.ended',
      step: name,
      status: 'ok',
      rows: 0,
      duration_ms: 0,
      note: 'done before the run was cut off',
    })
    return true
  }

  /** The last commit to each table that the steps have changed since this process took the run up. */
  get committed(): ReadonlyMap<string, Committed> {
    return this.#committed
  }

  /** Notes what readers see from now on. */
  publish(versions: Readonly<Record<string, number>>): void {
    this.#published = versions
  }

  /** Ends the run: its record says how, and why if it failed. */
  async close(error?: unknown): Promise<RunResult> {
    const status = this.#status(error)
    await writeRunRecord(this.#start.folder, this.#record(status, error))
    this.say({ type: 'run.ended', run_id: this.id, status, duration_ms: this.#durationMs() })
    await this.#events
    return {
      run_id: this.id,
      status,
      is_sample: this.#start.sampleUrl !== undefined,
      duration_ms: this.#durationMs(),
      steps: this.#steps,
      published: this.#published,
    }
  }

  #status(error: unknown): RunStatus {
    if (error instanceof StoppedError) return 'stopped'
    if (error !== undefined) return 'failed'
    // answers that say nothing new are kept all the same: what counts is what came of them
    const after = this.#steps.filter(({ step }) => step !== 'ingest')
    return (after.length === 0 ? this.#steps : after).every(({ status }) => status === 'unchanged') ? 'unchanged' : 'ok'
  }

  #durationMs(): number {
    return Math.round(performance.now() - this.#startedMs)
  }

  #record(status: RunStatus, error?: unknown): RunRecord {
    const hasEnded = status !== 'running'
    const again = new Set(this.#steps.map(({ step }) => step))
    return {
      format: 1,
      run_id: this.id,
      command: this.#start.command,
      parameters: this.#start.parameters,
      status,
      started_at: this.startedAt.toISOString(),
      ended_at: hasEnded ? this.#start.clock().toISOString() : null,
      duration_ms: hasEnded ? this.#durationMs() : null,
      process: { pid: process.pid, host: hostname(), version },
      is_sample: this.#start.sampleUrl !== undefined,
      // what was done before it was cut off stays known, should it be cut off again
      steps: [...(this.#start.cutOff?.steps ?? []).filter(({ step }) => !again.has(step)), ...this.#steps],
      error: error === undefined ? null : described(error),
      published: this.#published,
    }
  }
}

type WithoutTime<E> = E extends LakeEvent ? Omit<E, 'at'> : never

function described(error: unknown): RunRecord['error'] {
  if (error instanceof LakeError)
    return { name: error.name, message: error.message, hint: error.hint ?? null, exit_code: error.exitCode }
  return { name: error instanceof Error ? error.name : 'Error', message: String(error), hint: null, exit_code: 1 }
}
