import { bronzeMovies } from '../bronze/movies.ts'
import type { At, Engine } from '../engines/engine.ts'
import { newestPerMovie } from '../silver/newest.ts'
import { noAnswers } from './build-silver.ts'

/**
 * Hands the newest payload of every movie that is not gone to `write`, one a line in order of movie ids; answers how many.
 * Throws TableError when there are no answers.
 */
export async function exportPayloads(
  engine: Engine,
  at: At,
  write: (text: string) => Promise<void> | void,
  signal: AbortSignal,
): Promise<number> {
  if ((await engine.state(bronzeMovies.name)) === undefined) throw noAnswers()
  const bronze = await engine.open(bronzeMovies, at)
  const newest = bronze
    .join(newestPerMovie(bronze), ['movie_id', 'fetched_at', 'run_id'], 'semi')
    .filter((m) => m.http_status.eq(200))
    .select('movie_id', 'payload')
    .orderBy((m) => [m.movie_id])
  let movies = 0
  for await (const { payload } of newest.rows(signal)) {
    await write(`${oneLine(payload)}\n`)
    movies += 1
  }
  return movies
}

// in JSON a line break stands only between tokens: within text it is escaped
const oneLine = (payload: string): string => (payload.includes('\n') ? payload.replaceAll(/[\r\n]+\s*/g, '') : payload)
