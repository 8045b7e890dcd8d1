import { bronzeMovies } from '../bronze/movies.ts'
import { bronzeRejected } from '../bronze/rejected.ts'
import { openIfThere } from './open-if-there.ts'
import { isUnanswered, type Tally } from './rejection-rate.ts'
import type { Session } from './session.ts'

/** The answers a run has in bronze already, when it is taken up again. */
export interface Answered extends Tally {
  readonly movieIds: ReadonlySet<number>
}

/** No answers: a run that starts anew. */
export const nothingAnswered: Answered = { movieIds: new Set(), kept: 0, reasons: new Map() }

/** What the run of this session has written. Movies that could not be had are to be asked for again. A refusal of a movie known before counts only together with its tombstone, which is written after it. */
export async function readAnswered(session: Session): Promise<Answered> {
  const { engine, run, signal } = session
  const movieIds = new Set<number>()
  let kept = 0
  const movies = await openIfThere(engine, bronzeMovies)
  const ofRun = movies?.filter((m) => m.run_id.eq(run.id)).select('movie_id')
  for await (const { movie_id } of ofRun?.rows(signal) ?? []) {
    movieIds.add(movie_id)
    kept += 1
  }
  const known = await readKnownIds(session)
  const reasons = new Map<string, number>()
  const rejected = await openIfThere(engine, bronzeRejected)
  const refusals = rejected?.filter((r) => r.run_id.eq(run.id)).select('movie_id', 'reason')
  for await (const { movie_id: id, reason } of refusals?.rows(signal) ?? []) {
    if (isUnanswered(reason)) continue
    if (id !== null && reason === 'not_found' && known.has(id) && !movieIds.has(id)) continue
    reasons.set(reason, (reasons.get(reason) ?? 0) + 1)
    if (id !== null) movieIds.add(id)
  }
  return { movieIds, kept, reasons }
}

/** The movies TMDB has ever answered with a payload. */
export async function readKnownIds({ engine, signal }: Session): Promise<ReadonlySet<number>> {
  const ids = new Set<number>()
  const movies = await openIfThere(engine, bronzeMovies)
  const known = movies
    ?.filter((m) => m.http_status.eq(200))
    .select('movie_id')
    .distinct()
  for await (const { movie_id } of known?.rows(signal) ?? []) ids.add(movie_id)
  return ids
}
