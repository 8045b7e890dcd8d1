import { bronzeMovies } from '../bronze/movies.ts'
import { bronzeRejected } from '../bronze/rejected.ts'
import { moviePerformance } from '../gold/movie-performance.ts'
import { rankings } from '../gold/rankings.ts'
import { movieMeasures } from '../silver/movie-measures.ts'
import { movies } from '../silver/movies.ts'
import { quarantine } from '../silver/quarantine.ts'
import type { Frame } from '../frame/index.ts'
import type { RowOfTable, Table } from '../table.ts'

/** All that a lake knows of one movie. */
export interface MovieRecord {
  readonly movie_id: number
  /** Null when silver does not keep the movie; `quarantine` or the last answer says why. */
  readonly movie: RowOfTable<typeof movies> | null
  readonly performance: RowOfTable<typeof moviePerformance> | null
  readonly rankings: readonly { readonly ranking: string; readonly rank: number }[]
  readonly measures: readonly RowOfTable<typeof movieMeasures>[]
  readonly quarantine: readonly RowOfTable<typeof quarantine>[]
  readonly answers: readonly Pick<
    RowOfTable<typeof bronzeMovies>,
    'fetched_at' | 'run_id' | 'http_status' | 'sha256' | 'request'
  >[]
  readonly rejections: readonly Pick<
    RowOfTable<typeof bronzeRejected>,
    'rejected_at' | 'run_id' | 'reason' | 'message'
  >[]
}

/** Opens a table as readers see it; undefined when there is none yet. */
export type OpenIfThere = <S>(table: Table<S>) => Promise<Frame<S> | undefined>

/** What there is about a movie, newest answers first; undefined when there is nothing at all. */
export async function readMovie(id: number, open: OpenIfThere): Promise<MovieRecord | undefined> {
  const [movie] = (await (await open(movies))?.filter((m) => m.movie_id.eq(id)).collect()) ?? []
  const [performance] = (await (await open(moviePerformance))?.filter((m) => m.movie_id.eq(id)).collect()) ?? []
  const ranked = (await open(rankings))?.filter((r) => r.movie_id.eq(id)).select('ranking', 'rank')
  const measures = (await open(movieMeasures))?.filter((m) => m.movie_id.eq(id))
  const issues = (await open(quarantine))?.filter((q) => q.movie_id.eq(id))
  const answers = (await open(bronzeMovies))?.filter((a) => a.movie_id.eq(id))
  const rejections = (await open(bronzeRejected))?.filter((r) => r.movie_id.eq(id))
  const record: MovieRecord = {
    movie_id: id,
    movie: movie ?? null,
    performance: performance ?? null,
    rankings: (await ranked?.orderBy((r) => [r.rank, r.ranking]).collect()) ?? [],
    measures: (await measures?.orderBy((m) => [m.measured_on.desc()]).collect()) ?? [],
    quarantine: (await issues?.orderBy((q) => [q.reason]).collect()) ?? [],
    answers:
      (await answers
        ?.select('fetched_at', 'run_id', 'http_status', 'sha256', 'request')
        .orderBy((a) => [a.fetched_at.desc(), a.run_id])
        .collect()) ?? [],
    rejections:
      (await rejections
        ?.select('rejected_at', 'run_id', 'reason', 'message')
        .orderBy((r) => [r.rejected_at.desc()])
        .collect()) ?? [],
  }
  return record.answers.length + record.rejections.length === 0 ? undefined : record
}
