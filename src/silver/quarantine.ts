import { lit } from '../frame/index.ts'
import { bigint, string, table, timestamp } from '../table.ts'
import { answers } from './answers.ts'

/**
 * What is wrong with the newest answers: of severity error what silver leaves out, of severity warning what is odd in what it keeps.
 * A state, not a log: a movie that is put right leaves it.
 */
export const quarantine = table({
  name: 'silver.quarantine',
  grain: 'one row per movie and reason',
  key: ['movie_id', 'run_id', 'reason'],
  from: { answers },
  columns: {
    movie_id: bigint('TMDB id of the movie'),
    run_id: string('run that asked for the answer'),
    fetched_at: timestamp('when the answer came'),
    reason: string('name of the rule, such as not_released or fewer_than_10_filled'),
    detail: string('what was found'),
    severity: string('error: not in silver; warning: in silver, but odd'),
  },
  build: ({ answers }) => {
    const stamped = ['movie_id', 'run_id', 'fetched_at'] as const
    const refused = answers
      .filter((a) => a.refusal.ne('gone'))
      .select((a) => ({
        movie_id: a.movie_id,
        run_id: a.run_id,
        fetched_at: a.fetched_at,
        reason: a.refusal,
        detail: a.refusal_detail,
        severity: lit('error'),
      }))
    const odd = answers
      .filter((a) => a.refusal.isNull())
      .select(...stamped, 'warnings')
      .explode('warnings', 'warning')
      .select((a) => ({
        movie_id: a.movie_id,
        run_id: a.run_id,
        fetched_at: a.fetched_at,
        reason: a.warning.fields.reason,
        detail: a.warning.fields.detail,
        severity: lit('warning'),
      }))
    return refused.unionByName(odd).dropNulls('reason', 'detail')
  },
})
