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
import { QualityError } from '../errors.ts'
import type { Committed } from '../engines/engine.ts'
import type { Session } from './session.ts'

/** How large a batch may grow before it is written. */
export interface BatchLimits {
  readonly rows: number
  readonly sizeBytes: number
  readonly seconds: number
}

/** Collects answers of one run and writes them in batches: one commit a table and batch, each visible at once and for good. */
export class BronzeWriter {
  readonly #session: Session
  readonly #limits: BatchLimits
  #kept: MovieRow[] = []
  #rejected: RejectedRow[] = []
  #sizeBytes = 0
  #since: number
  #writing: Promise<void> = Promise.resolve()
  readonly wrote: Committed[] = []
  readonly reasons = new Map<string, number>()
  #keptCount = 0

  constructor(session: Session, limits: BatchLimits) {
    this.#session = session
    this.#limits = limits
    this.#since = session.clock().getTime()
  }

  /** Answers kept and refused so far, written or not. */
  get counts(): { readonly kept: number; readonly rejected: number } {
    return { kept: this.#keptCount, rejected: [...this.reasons.values()].reduce((total, n) => total + n, 0) }
  }

  /** Takes an answer. Resolves when there is room for more: a full batch is being written while the next one fills. */
  async keep(answer: KeptAnswer): Promise<void> {
    this.#kept.push(movieRow(answer, this.#session.run.id))
    this.#sizeBytes += answer.body.length
    this.#keptCount += 1
    await this.#flushIfFull()
  }

  /** Takes a refusal. Resolves as `keep` does. */
  async refuse(refused: RefusedAnswer): Promise<void> {
    this.#rejected.push(rejectedRow(refused, this.#session.run.id))
    this.#sizeBytes += refused.body?.length ?? 0
    this.reasons.set(refused.reason, (this.reasons.get(refused.reason) ?? 0) + 1)
    await this.#flushIfFull()
  }

  /** Everything taken is written. */
  async flush(): Promise<void> {
    this.#start()
    await this.#writing
  }

  /** Throws QualityError when more than the allowed share of a run's answers was refused; they have been written by then. */
  checkRejections(earlier: { readonly kept: number; readonly rejected: number }): void {
    const rejected = this.counts.rejected + earlier.rejected
    const total = this.counts.kept + earlier.kept + rejected
    const limit = this.#session.config.quality.max_rejection_rate
    if (total === 0 || rejected / total <= limit) return
    const reasons = [...this.reasons].map(([reason, n]) => `${reason} ${n}`).join(', ')
    throw new QualityError(`${rejected} of ${total} answers were refused, allowed are ${limit * 100} %: ${reasons}`, {
      hint: `look at them: movielake query "select reason, message, count(*) as n from bronze.rejected where run_id = '${this.#session.run.id}' group by all", or raise quality.max_rejection_rate`,
    })
  }

  async #flushIfFull(): Promise<void> {
    const { rows, sizeBytes, seconds } = this.#limits
    const isOld = this.#session.clock().getTime() - this.#since >= seconds * 1000
    if (this.#kept.length + this.#rejected.length < rows && this.#sizeBytes < sizeBytes && !isOld) return
    await this.#writing
    this.#start()
  }

  #start(): void {
    const [kept, rejected] = [this.#kept, this.#rejected]
    this.#kept = []
    this.#rejected = []
    this.#sizeBytes = 0
    this.#since = this.#session.clock().getTime()
    if (kept.length + rejected.length === 0) return
    const before = this.#writing
    this.#writing = before.then(() => this.#write(kept, rejected))
    // thrown by whoever awaits the writing next
    this.#writing.catch(() => undefined)
  }

  // refusals first: a run that is taken up again asks for a movie whose tombstone is missing, see readWritten
  async #write(kept: readonly MovieRow[], rejected: readonly RejectedRow[]): Promise<void> {
    const { engine, run } = this.#session
    const stamp = run.id.slice(9, 15)
    const partitionBy = ['ingestion_date']
    if (rejected.length > 0)
      this.wrote.push(
        await engine.append(bronzeRejected, rejected, {
          runId: run.id,
          partitionBy,
          filePrefix: `movies_rejected_${stamp}`,
        }),
      )
    if (kept.length > 0)
      this.wrote.push(
        await engine.append(bronzeMovies, kept, { runId: run.id, partitionBy, filePrefix: `movies_raw_${stamp}` }),
      )
  }
}
