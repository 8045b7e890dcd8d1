import { QualityError, SourceError } from '../errors.ts'
import type { Session } from './session.ts'

/** What became of answers: how many were kept, and how often each reason refused one. */
export interface Tally {
  readonly kept: number
  readonly reasons: ReadonlyMap<string, number>
}

/** How many answers were refused. */
export const rejectedOf = ({ reasons }: Pick<Tally, 'reasons'>): number =>
  [...reasons.values()].reduce((total, n) => total + n, 0)

const noAnswers: ReadonlySet<string> = new Set(['server_error', 'rate_limited', 'timeout', 'network'])

/** Whether the reason is that the source gave no answer, and not that a rule refused one: it may be had later. */
export const isUnanswered = (reason: string): boolean => noAnswers.has(reason)

/**
 * Throws QualityError when more than the allowed share of a run's answers was refused. They stay in
 * bronze.rejected. Throws SourceError when it is so because the source did not answer.
 */
export function checkRejections({ config, run }: Session, ...tallies: readonly Tally[]): void {
  const reasons = new Map<string, number>()
  for (const tally of tallies)
    for (const [reason, n] of tally.reasons) reasons.set(reason, (reasons.get(reason) ?? 0) + n)
  const rejected = rejectedOf({ reasons })
  const total = tallies.reduce((sum, { kept }) => sum + kept, rejected)
  const limit = config.quality.max_rejection_rate
  if (total === 0 || rejected / total <= limit) return
  const unanswered = [...reasons].reduce((sum, [reason, n]) => sum + (isUnanswered(reason) ? n : 0), 0)
  const list = [...reasons].map(([reason, n]) => `${reason} ${n}`).join(', ')
  if ((rejected - unanswered) / total <= limit)
    throw new SourceError(`${unanswered} of ${total} movies could not be had: ${list}`, {
      retryable: true,
      hint: 'look at the network and at tmdb.base_url, and run the same command again later',
    })
  throw new QualityError(
    `${rejected} of ${total} answers were refused, allowed are ${Number((limit * 100).toPrecision(6))} %: ${list}`,
    {
      hint: `${remedyOf(reasons)}look at them: movielake query "select reason, message, count(*) as n from bronze.rejected where run_id = '${run.id}' group by all", or raise quality.max_rejection_rate`,
    },
  )
}

const remedyOf = (reasons: ReadonlyMap<string, number>): string =>
  reasons.has('credits_missing') ? 'payloads without credits are taken with quality.require_credits=false; ' : ''
