import { bronzeMovies } from '../bronze/movies.ts'
import { bronzeRejected } from '../bronze/rejected.ts'
import type { Session } from './session.ts'

/** What a run has in bronze already, when it is taken up again. */
export interface Written {
  /** Requests that were answered: of an import, file and record. */
  readonly requests: ReadonlySet<string>
  readonly movieIds: ReadonlySet<number>
  readonly kept: number
  readonly rejected: number
}

/** Nothing: a run that starts anew. */
export const nothingWritten: Written = { requests: new Set(), movieIds: new Set(), kept: 0, rejected: 0 }

/** What the run of this session has written. A refusal of a movie known before counts only together with its tombstone, which is written after it. */
export async function readWritten(session: Session): Promise<Written> {
  const kept = await readKept(session)
  const known = await readKnownIds(session)
  const keptIds = new Set(kept.map((row) => row.movie_id))
  const rejected = (await readRejected(session)).filter(
    ({ movie_id, reason }) =>
      reason !== 'not_found' || movie_id === null || keptIds.has(movie_id) || !known.has(movie_id),
  )
  const rows = [...kept, ...rejected]
  return {
    requests: new Set(rows.map((row) => row.request)),
    movieIds: new Set(rows.flatMap((row) => (row.movie_id === null ? [] : [row.movie_id]))),
    kept: kept.length,
    rejected: rejected.length,
  }
}

/** The movies TMDB has ever answered with a payload. */
export async function readKnownIds({ engine, signal }: Session): Promise<ReadonlySet<number>> {
  if ((await engine.state(bronzeMovies.name)) === undefined) return new Set()
  const movies = await engine.open(bronzeMovies)
  const rows = await movies
    .filter((m) => m.http_status.eq(200))
    .select('movie_id')
    .distinct()
    .collect(signal)
  return new Set(rows.map((row) => row.movie_id))
}

async function readKept({ engine, run, signal }: Session) {
  if ((await engine.state(bronzeMovies.name)) === undefined) return []
  const movies = await engine.open(bronzeMovies)
  return movies
    .filter((m) => m.run_id.eq(run.id))
    .select('movie_id', 'request')
    .collect(signal)
}

async function readRejected({ engine, run, signal }: Session) {
  if ((await engine.state(bronzeRejected.name)) === undefined) return []
  const rejected = await engine.open(bronzeRejected)
  return rejected
    .filter((r) => r.run_id.eq(run.id))
    .select('movie_id', 'request', 'reason')
    .collect(signal)
}
