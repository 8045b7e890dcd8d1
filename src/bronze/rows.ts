import { createHash } from 'node:crypto'
import type { RowOfTable } from '../table.ts'
import type { bronzeMovies } from './movies.ts'
import type { bronzeRejected } from './rejected.ts'

/** A row of bronze.movies. */
export type MovieRow = RowOfTable<typeof bronzeMovies>
/** A row of bronze.rejected. */
export type RejectedRow = RowOfTable<typeof bronzeRejected>

/** An answer about a movie, from TMDB or from a file. `fetchedAt` is ISO in UTC with six digits. */
export interface KeptAnswer {
  readonly movieId: number
  readonly fetchedAt: string
  readonly request: string
  readonly status: number
  readonly etag?: string
  readonly body: string
  /** Of the body, when it is known already. */
  readonly sha256?: string
}

/** An answer that is refused, or the lack of one. */
export interface RefusedAnswer {
  readonly movieId: number | undefined
  readonly rejectedAt: string
  readonly request: string
  readonly reason: string
  readonly message: string
  readonly attempts: number
  readonly status?: number
  readonly tmdbStatusCode?: number
  readonly body?: string
}

/** The answer as a row of bronze.movies, its ingestion date the UTC day it was fetched on. */
export const movieRow = (answer: KeptAnswer, runId: string): MovieRow => ({
  movie_id: answer.movieId,
  fetched_at: answer.fetchedAt,
  ingestion_date: answer.fetchedAt.slice(0, 10),
  run_id: runId,
  request: answer.request,
  http_status: answer.status,
  etag: answer.etag ?? null,
  sha256: answer.sha256 ?? sha256(answer.body),
  payload: answer.body,
})

/** The refusal as a row of bronze.rejected. */
export const rejectedRow = (refused: RefusedAnswer, runId: string): RejectedRow => ({
  movie_id: refused.movieId ?? null,
  request: refused.request,
  reason: refused.reason,
  http_status: refused.status ?? null,
  tmdb_status_code: refused.tmdbStatusCode ?? null,
  attempts: refused.attempts,
  message: refused.message,
  body: refused.body ?? null,
  run_id: runId,
  rejected_at: refused.rejectedAt,
  ingestion_date: refused.rejectedAt.slice(0, 10),
})

/** SHA-256 of the text's UTF-8 bytes, hexadecimal. */
export const sha256 = (text: string): string => createHash('sha256').update(text, 'utf8').digest('hex')
