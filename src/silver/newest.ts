import { max, struct, type Column, type Frame, type StructOf } from '../frame/index.ts'

interface Answer {
  movie_id: 'bigint'
  fetched_at: 'timestamp'
  ingestion_date: 'date'
  run_id: 'string'
}
type Stamp = StructOf<{ fetched_at: 'timestamp'; run_id: 'string' }>

/** Which answer counts for each movie: the one fetched last, ties by run id. Found on narrow columns, before any JSON is parsed. */
export const newestPerMovie = (answers: Frame<Answer>) =>
  answers
    .select((a) => ({ movie_id: a.movie_id, stamp: struct({ fetched_at: a.fetched_at, run_id: a.run_id }) }))
    .groupBy('movie_id')
    .agg((a) => ({ stamp: max(a.stamp) }))
    .select((a) => ({ movie_id: a.movie_id, ...stampOf(a.stamp) }))
    .as('newest')

/** Which answer counts for each movie and ingestion date: the last of the day. */
export const newestPerDay = (answers: Frame<Answer>) =>
  answers
    .select((a) => ({
      movie_id: a.movie_id,
      ingestion_date: a.ingestion_date,
      stamp: struct({ fetched_at: a.fetched_at, run_id: a.run_id }),
    }))
    .groupBy('movie_id', 'ingestion_date')
    .agg((a) => ({ stamp: max(a.stamp) }))
    .select((a) => ({ ingestion_date: a.ingestion_date, movie_id: a.movie_id, ...stampOf(a.stamp) }))
    .as('last_of_days')

const stampOf = (stamp: Column<Stamp | null>) => ({ fetched_at: stamp.fields.fetched_at, run_id: stamp.fields.run_id })
