import {
  array,
  arrayCompact,
  coalesce,
  concat,
  jsonText,
  lit,
  struct,
  when,
  type Column,
  type Columns,
} from '../frame/index.ts'
import type { Json } from '../frame/types.ts'
import type { Rules } from '../rules.ts'
import type { payload } from './payload.ts'

type Document = Columns<Json<typeof payload>['struct']>

const numbers = ['budget', 'revenue', 'runtime', 'popularity', 'vote_average', 'vote_count'] as const

/** What is odd about an answer that silver keeps nevertheless: a list of reason and detail, empty when all is well. */
export function warningList(text: Column<'string'>, m: Document, released: Column<'date' | null>, rules: Rules) {
  const date = coalesce(m.release_date, '')
  const warning = (reason: string, detail: Column<'string' | null>) => struct({ reason: lit(reason), detail })
  const mistyped = numbers.map((field) =>
    when(
      m[field].isNull().and(jsonText(text, `$.${field}`).isNotNull()),
      warning(`${field}_mistyped`, concat(field, ' is ', jsonText(text, `$.${field}`))),
    ),
  )
  const [first, ...others] = [
    when(
      date.ne('').and(coalesce(released.ge(rules.earliest_release_date), false).not()),
      warning('release_date_invalid', concat('release_date is ', date)),
    ),
    when(
      m.budget.gt(0).and(m.budget.lt(rules.suspicious_budget_usd)),
      warning('budget_suspicious', concat('budget is ', m.budget.cast('string'), ' USD')),
    ),
    ...mistyped,
  ]
  if (first === undefined) throw new Error('no warnings')
  return arrayCompact(array(first, ...others))
}
