import { bigint, date, int, stored, string, timestamp } from '../table.ts'

/** Every answer about a movie, as it came. Only ever appended to. */
export const bronzeMovies = stored({
  name: 'bronze.movies',
  grain: 'one row per answer',
  key: ['movie_id', 'fetched_at', 'run_id'],
  columns: {
    movie_id: bigint('TMDB id asked for'),
    fetched_at: timestamp('when the answer came'),
    ingestion_date: date('UTC day of fetched_at; the partition'),
    run_id: string('run that asked'),
    request: string('path and query without secrets, or file and record of an import'),
    http_status: int('200, or 404 for a movie that is gone (a tombstone)'),
    etag: string('version TMDB gave the answer; null when it gave none', { nullable: true }),
    sha256: string('SHA-256 of the payload, hexadecimal'),
    payload: string('body of the answer, unchanged'),
  },
})

/** The rows of bronze.movies that a build has not taken in yet; all of them when it starts anew. */
export const newBronzeMovies: typeof bronzeMovies = { ...bronzeMovies }
