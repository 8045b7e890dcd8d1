import { bronzeMovies } from '../bronze/movies.ts'
import { fetchMovieIds, type MovieIdSource, type Tmdb } from '../sources/tmdb/index.ts'
import { AnswerRecorder } from './answer-recorder.ts'
import { nothingAnswered, readAnswered } from './answered.ts'
import { BronzeWriter } from './bronze-writer.ts'
import { checkRejections } from './rejection-rate.ts'
import type { StepOutcome, StepTeller } from './run.ts'
import type { Session } from './session.ts'

/**
 * Asks TMDB for movies and keeps every answer. When `isResumed`, movies whose answers this run has already are not asked for again.
 * Throws QualityError when too many answers were refused; whatever stops it, the answers it has are kept.
 */
export async function ingest(
  session: Session,
  tmdb: Tmdb,
  sources: readonly MovieIdSource[],
  isResumed: boolean,
  tell: StepTeller,
): Promise<StepOutcome> {
  const { batch_size: size, batch_seconds: seconds } = session.config.ingest
  const workers = Math.min(session.config.tmdb.concurrency, size)
  // with the answers that workers wait for, no more than a batch is ever asked for and not written
  const rows = Math.max(1, size - workers)
  const writer = new BronzeWriter(session, { rows, seconds, sizeBytes: 128 * 1024 * 1024, isOverlapped: false })
  const answered = isResumed ? await readAnswered(session) : nothingAnswered
  const recorder = new AnswerRecorder(session, writer)
  let skipped = 0
  const outcome = (): StepOutcome => {
    const { kept, rejected, wrote } = writer
    const counts = { kept, rejected, skipped, ...tmdb.counts }
    return { status: 'ok', rows: kept, wrote, counts, note: noteOf(kept, rejected, skipped) }
  }
  tell.onEarlyEnd(outcome)
  const ask = async (id: number, signal: AbortSignal): Promise<void> => {
    if (answered.movieIds.has(id)) skipped += 1
    else await recorder.record(await tmdb.fetchMovie(id, signal))
    tell.progress(writer.kept + writer.rejected + skipped)
  }
  try {
    await inParallel(workers, fetchMovieIds(tmdb, sources, session.signal), session.signal, ask)
  } finally {
    await writer.flush()
  }
  checkRejections(session, writer, answered)
  // silver can be built from nothing at all, but not without a table
  if ((await session.engine.state(bronzeMovies.name)) === undefined)
    await session.engine.append(bronzeMovies, [], { runId: session.run.id, partitionBy: ['ingestion_date'] })
  return outcome()
}

/** How many answers were kept, refused and passed over, for people. */
export function noteOf(kept: number, rejected: number, skipped: number): string {
  const parts = [`${kept} kept`, rejected > 0 && `${rejected} refused`, skipped > 0 && `${skipped} were here already`]
  return parts.filter((part) => part !== false).join(', ')
}

/** Works through the items with `count` workers. When one throws, the others are stopped and its error is thrown. */
async function inParallel<T>(
  count: number,
  items: AsyncGenerator<T>,
  signal: AbortSignal,
  work: (item: T, signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const failed = new AbortController()
  const either = AbortSignal.any([signal, failed.signal])
  let error: unknown
  const worker = async (): Promise<void> => {
    try {
      for (;;) {
        either.throwIfAborted()
        const { value, done } = await items.next()
        if (done === true) return
        await work(value, either)
      }
    } catch (cause) {
      error ??= cause
      failed.abort(cause)
    }
  }
  await Promise.all(Array.from({ length: count }, worker))
  if (error !== undefined) throw error
}
