import { bronzeMovies } from '../bronze/movies.ts'
import { bronzeRejected } from '../bronze/rejected.ts'
import { openIfThere } from './open-if-there.ts'
import type { Session } from './session.ts'

/**
 * What bronze has from one instant, and what an import of that instant has added since: which payloads of each movie, and which records
 * were refused. Two payloads of one movie are a microsecond apart, in the order they came; the last counts.
 */
export class ImportedBefore {
  // by movie the first 52 bits of each payload's hash: a million movies take 50 MB
  readonly #payloads = new Map<number, number | number[]>()
  readonly #refusals = new Set<string>()

  /** What is there from `fetchedAt`, which has whole milliseconds. */
  static async read({ engine, signal }: Session, fetchedAt: string): Promise<ImportedBefore> {
    const before = new ImportedBefore()
    const movies = await openIfThere(engine, bronzeMovies)
    const payloads = movies
      ?.filter((m) => m.fetched_at.between(fetchedAt, fetchedAt.replace('000Z', '999Z')))
      .select('movie_id', 'sha256')
    for await (const { movie_id, sha256 } of payloads?.rows(signal) ?? []) before.take(movie_id, sha256)
    const rejected = await openIfThere(engine, bronzeRejected)
    const refusals = rejected?.filter((r) => r.rejected_at.eq(fetchedAt)).select('request', 'reason')
    for await (const { request, reason } of refusals?.rows(signal) ?? []) before.#refusals.add(`${reason} ${request}`)
    return before
  }

  /** `here` when the payload is there, else its place among those of the movie: 0 is the first. `too many` when microseconds have run out. */
  take(movieId: number, sha256: string): number | 'here' | 'too many' {
    const hash = Number.parseInt(sha256.slice(0, 13), 16)
    const present = this.#payloads.get(movieId)
    if (present === undefined) {
      this.#payloads.set(movieId, hash)
      return 0
    }
    const hashes = typeof present === 'number' ? [present] : present
    if (hashes.includes(hash)) return 'here'
    if (hashes.length >= 1000) return 'too many'
    this.#payloads.set(movieId, hashes)
    return hashes.push(hash) - 1
  }

  /** Whether this record was refused for that reason. */
  hasRefused(request: string, reason: string): boolean {
    return this.#refusals.has(`${reason} ${request}`)
  }
}
