import { bronzeMovies } from '../bronze/movies.ts'
import type { At, Engine } from '../engines/engine.ts'
import { newestPerMovie } from '../silver/newest.ts'

/** The newest payload of a movie, unchanged. */
export interface ExportedPayload {
  readonly movie_id: number
  readonly fetched_at: string
  readonly payload: string
}

/** The newest payload of every movie that is not gone, in order of movie ids. Throws TableError when there are no answers. */
export async function* readExport(
  engine: Engine,
  at: At,
  signal: AbortSignal,
): AsyncGenerator<ExportedPayload, void, undefined> {
  const bronze = await engine.open(bronzeMovies, at)
  const newest = bronze
    .join(newestPerMovie(bronze), ['movie_id', 'fetched_at', 'run_id'], 'semi')
    .filter((m) => m.http_status.eq(200))
    .select('movie_id', 'fetched_at', 'payload')
    .orderBy((m) => [m.movie_id])
  yield* newest.rows(signal)
}
