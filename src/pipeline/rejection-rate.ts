import { QualityError } from '../errors.ts'
import type { Session } from './session.ts'

/** What became of answers: how many were kept, and how often each reason refused one. */
export interface Tally {
  readonly kept: number
  readonly reasons: ReadonlyMap<string, number>
}

/** How many answers were refused. */
export const rejectedOf = ({ reasons }: Pick<Tally, 'reasons'>): number =>
  [...reasons.values()].reduce((total, n) => total + n, 0)

/** Throws QualityError when more than the allowed share of a run's answers was refused. They stay in bronze.rejected. */
export function checkRejections({ config, run }: Session, ...tallies: readonly Tally[]): void {
  const reasons = new Map<string, number>()
  for (const tally of tallies)
    for (const [reason, n] of tally.reasons) reasons.set(reason, (reasons.get(reason) ?? 0) + n)
  const rejected = rejectedOf({ reasons })
  const total = tallies.reduce((sum, { kept }) => sum + kept, rejected)
  const limit = config.quality.max_rejection_rate
  if (total === 0 || rejected / total <= limit) return
  const list = [...reasons].map(([reason, n]) => `${reason} ${n}`).join(', ')
  throw new QualityError(`${rejected} of ${total} answers were refused, allowed are ${limit * 100} %: ${list}`, {
    hint: `look at them: movielake query "select reason, message, count(*) as n from bronze.rejected where run_id = '${run.id}' group by all", or raise quality.max_rejection_rate`,
  })
}
