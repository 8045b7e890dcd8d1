import { checkPayload } from '../bronze/check-payload.ts'
import type { MovieAnswer } from '../sources/tmdb/index.ts'
import { readKnownIds } from './answered.ts'
import type { BronzeWriter } from './bronze-writer.ts'
import { payloadRules, type Session } from './session.ts'

/** Decides where an answer belongs, by the rules of payloads. */
export class AnswerRecorder {
  readonly #session: Session
  readonly #writer: BronzeWriter
  #known: Promise<ReadonlySet<number>> | undefined

  constructor(session: Session, writer: BronzeWriter) {
    this.#session = session
    this.#writer = writer
  }

  /** Takes an answer to bronze.movies, or to bronze.rejected with the reason; a 404 for a movie that was there before is in both. */
  async record(answer: MovieAnswer): Promise<void> {
    const { movieId, request, fetchedAt, body, attempts, status, etag } = answer
    const refuse = (reason: string, message: string, tmdbStatusCode?: number): Promise<void> =>
      this.#writer.refuse({
        movieId,
        request,
        rejectedAt: fetchedAt,
        attempts,
        reason,
        message,
        ...(status !== undefined && { status }),
        ...(tmdbStatusCode !== undefined && { tmdbStatusCode }),
        ...(body !== '' && { body }),
      })
    if (answer.outcome === 'failed') return refuse(answer.reason, answer.message, answer.tmdbStatusCode)
    const kept = { movieId, request, fetchedAt, body, status: answer.status, ...(etag !== undefined && { etag }) }
    if (answer.outcome === 'not_found') {
      // looked up first: both rows belong to one batch
      const wasKnown = (await this.#readKnown()).has(movieId)
      const refused = refuse('not_found', answer.message ?? 'TMDB has no such movie', answer.tmdbStatusCode)
      await Promise.all([refused, ...(wasKnown ? [this.#writer.keep(kept)] : [])])
      return
    }
    const check = checkPayload(body, payloadRules(this.#session.config), movieId)
    if (check.isMovie) return this.#writer.keep(kept)
    return refuse(check.reason, check.message, check.tmdbStatusCode)
  }

  #readKnown(): Promise<ReadonlySet<number>> {
    this.#known ??= readKnownIds(this.#session)
    return this.#known
  }
}
