import { bigint, date, int, stored, string, timestamp } from '../table.ts'

/** Every answer that was refused, and why. Only ever appended to. */
export const bronzeRejected = stored({
  name: 'bronze.rejected',
  grain: 'one row per refused answer',
  key: [],
  columns: {
    movie_id: bigint('TMDB id asked for; null when a record of an import names none', { nullable: true }),
    request: string('path and query without secrets, or file and record of an import'),
    reason: string('name of the rule that was broken, such as not_found or title_missing'),
    http_status: int('status of the answer; null when there was none', { nullable: true }),
    tmdb_status_code: int("TMDB's own status code in the body; null when there was none", { nullable: true }),
    attempts: int('requests made'),
    message: string('what was wrong, in words'),
    body: string('body of the answer; null when there was none or it was too large', { nullable: true }),
    run_id: string('run that asked'),
    rejected_at: timestamp('when it was refused'),
    ingestion_date: date('UTC day of rejected_at; the partition'),
  },
})
