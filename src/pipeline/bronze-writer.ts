import { bronzeMovies } from '../bronze/movies.ts'
import { bronzeRejected } from '../bronze/rejected.ts'
import {
  movieRow,
  rejectedRow,
  type KeptAnswer,
  type MovieRow,
  type RefusedAnswer,
  type RejectedRow,
} from '../bronze/rows.ts'
import type { Committed } from '../engines/engine.ts'
import { rejectedOf, type Tally } from './rejection-rate.ts'
import type { Session } from './session.ts'

/** How large a batch may grow before it is written. */
export interface BatchLimits {
  readonly rows: number
  readonly sizeBytes: number
  readonly seconds: number
  /** Whether the next batch fills while one is written. Otherwise answers wait, and no more than one batch is ever lost. */
  readonly isOverlapped: boolean
}

/** Collects answers of one run and writes them in batches: one commit a table and batch, each visible at once and for good. */
export class BronzeWriter implements Tally {
  readonly #session: Session
  readonly #limits: BatchLimits
  #rows: MovieRow[] = []
  #rejected: RejectedRow[] = []
  #sizeBytes = 0
  #since: number
  #writing: Promise<void> = Promise.resolve()
  /** The commits so far. */
  readonly wrote: Committed[] = []
  /** Refusals so far by reason, written or not. */
  readonly reasons = new Map<string, number>()
  #kept = 0

  constructor(session: Session, limits: BatchLimits) {
    this.#session = session
    this.#limits = limits
    this.#since = session.clock().getTime()
  }

  /** Answers kept so far, written or not. */
  get kept(): number {
    return this.#kept
  }

  /** Answers refused so far, written or not. */
  get rejected(): number {
    return rejectedOf(this)
  }

  /** Takes an answer. Resolves when there is room for more. */
  async keep(answer: KeptAnswer): Promise<void> {
    this.#rows.push(movieRow(answer, this.#session.run.id))
    this.#sizeBytes += answer.body.length
    this.#kept += 1
    await this.#writeIfFull()
  }

  /** Takes a refusal. Resolves as `keep` does. */
  async refuse(refused: RefusedAnswer): Promise<void> {
    this.#rejected.push(rejectedRow(refused, this.#session.run.id))
    this.#sizeBytes += refused.body?.length ?? 0
    this.reasons.set(refused.reason, (this.reasons.get(refused.reason) ?? 0) + 1)
    await this.#writeIfFull()
  }

  /** Everything taken is written. */
  async flush(): Promise<void> {
    await this.#writing
    this.#startBatch()
    await this.#writing
  }

  async #writeIfFull(): Promise<void> {
    if (this.#isFull()) {
      await this.#writing
      // others that waited here may have started it
      if (this.#isFull()) this.#startBatch()
    }
    if (!this.#limits.isOverlapped) await this.#writing
  }

  #isFull(): boolean {
    const { rows, sizeBytes, seconds } = this.#limits
    const count = this.#rows.length + this.#rejected.length
    const isOld = this.#session.clock().getTime() - this.#since >= seconds * 1000
    return count >= rows || this.#sizeBytes >= sizeBytes || (isOld && count > 0)
  }

  #startBatch(): void {
    const [rows, rejected] = [this.#rows, this.#rejected]
    this.#rows = []
    this.#rejected = []
    this.#sizeBytes = 0
    this.#since = this.#session.clock().getTime()
    this.#writing = this.#write(rows, rejected)
    // thrown by whoever awaits the writing next
    this.#writing.catch(() => undefined)
  }

  // refusals first: a run that is taken up again asks for a movie whose tombstone is missing, see readAnswered
  async #write(rows: readonly MovieRow[], rejected: readonly RejectedRow[]): Promise<void> {
    const { engine, run } = this.#session
    const note = (name: string) => ({
      runId: run.id,
      partitionBy: ['ingestion_date'],
      filePrefix: `movies_${name}_${run.id.slice(9, 15)}`,
    })
    if (rejected.length > 0) this.wrote.push(await engine.append(bronzeRejected, rejected, note('rejected')))
    if (rows.length > 0) this.wrote.push(await engine.append(bronzeMovies, rows, note('raw')))
  }
}
