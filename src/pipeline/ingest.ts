import { checkPayload } from '../bronze/check-payload.ts'
import { fetchMovieIds, type MovieAnswer, type MovieIdSource, type Tmdb } from '../sources/tmdb/index.ts'
import { BronzeWriter } from './bronze-writer.ts'
import type { Progress, StepOutcome } from './run.ts'
import { payloadRules, type Session } from './session.ts'
import { nothingWritten, readKnownIds, readWritten } from './written.ts'

/** Asks TMDB for movies and keeps every answer. When `isResumed`, movies whose answers this run has already are not asked for again. */
export async function ingest(
  session: Session,
  tmdb: Tmdb,
  source: MovieIdSource,
  isResumed: boolean,
  progress: Progress,
): Promise<StepOutcome> {
  const { batch_size: rows, batch_seconds: seconds } = session.config.ingest
  const writer = new BronzeWriter(session, { rows, seconds, sizeBytes: 256 * 1024 * 1024 })
  const written = isResumed ? await readWritten(session) : nothingWritten
  const recorder = new AnswerRecorder(session, writer)
  let skipped = 0
  const ask = async (id: number, signal: AbortSignal): Promise<void> => {
    if (written.movieIds.has(id)) skipped += 1
    else await recorder.record(await tmdb.fetchMovie(id, signal))
    progress(writer.counts.kept + writer.counts.rejected + skipped)
  }
  try {
    await inParallel(session.config.tmdb.concurrency, fetchMovieIds(tmdb, source, session.signal), session.signal, ask)
  } finally {
    // whatever stopped it, the answers it has are kept
    await writer.flush()
  }
  writer.checkRejections(written)
  const { kept, rejected } = writer.counts
  const parts = [`${kept} kept`, rejected > 0 && `${rejected} refused`, skipped > 0 && `${skipped} were here already`]
  return {
    status: 'ok',
    rows: kept,
    wrote: writer.wrote,
    counts: { kept, rejected, skipped, ...tmdb.counts },
    note: parts.filter((part) => part !== false).join(', '),
  }
}

/** Decides where an answer belongs, by the rules of payloads. */
class AnswerRecorder {
  readonly #session: Session
  readonly #writer: BronzeWriter
  #known: Promise<ReadonlySet<number>> | undefined

  constructor(session: Session, writer: BronzeWriter) {
    this.#session = session
    this.#writer = writer
  }

  async record(answer: MovieAnswer): Promise<void> {
    const { movieId, request, fetchedAt, body, attempts } = answer
    const about = {
      movieId,
      request,
      rejectedAt: fetchedAt,
      attempts,
      ...(answer.status !== undefined && { status: answer.status }),
    }
    const code =
      'tmdbStatusCode' in answer && answer.tmdbStatusCode !== undefined ? { tmdbStatusCode: answer.tmdbStatusCode } : {}
    if (answer.outcome === 'failed') {
      const { reason, message } = answer
      return this.#writer.refuse({ ...about, ...code, reason, message, ...(body !== '' && { body }) })
    }
    const kept = {
      movieId,
      request,
      fetchedAt,
      body,
      status: answer.status,
      ...(answer.etag !== undefined && { etag: answer.etag }),
    }
    if (answer.outcome === 'not_found') {
      await this.#writer.refuse({
        ...about,
        ...code,
        reason: 'not_found',
        message: answer.message ?? 'TMDB has no such movie',
        body,
      })
      // the tombstone of a movie that was there before
      if ((await this.#readKnown()).has(movieId)) await this.#writer.keep(kept)
      return
    }
    const check = checkPayload(body, payloadRules(this.#session.config), movieId)
    if (check.isMovie) return this.#writer.keep(kept)
    await this.#writer.refuse({
      ...about,
      ...(check.tmdbStatusCode !== undefined && { tmdbStatusCode: check.tmdbStatusCode }),
      reason: check.reason,
      message: check.message,
      body,
    })
  }

  #readKnown(): Promise<ReadonlySet<number>> {
    this.#known ??= readKnownIds(this.#session)
    return this.#known
  }
}

/** Works through the items with `count` workers. When one throws, the others are stopped and its error is thrown. */
async function inParallel<T>(
  count: number,
  items: AsyncIterator<T>,
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
