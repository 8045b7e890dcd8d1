import {
  array,
  arrayCompact,
  arrayJoin,
  coalesce,
  concat,
  jsonText,
  lit,
  nullif,
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

/** The number fields that hold something else than a number, each with what it holds; null when all is well. */
export function mistypedFields(text: Column<'string'>, m: Document): Column<'string' | null> {
  const [first, ...others] = numbers.map((field) =>
    // the text is parsed again, so only where the field has no value: CASE leaves out the others, AND would not
    when(m[field].isNull(), concat(field, ' is ', jsonText(text, `$.${field}`))),
  )
  if (first === undefined) throw new Error('no number fields')
  return nullif(arrayJoin(arrayCompact(array(first, ...others)), ', '), '')
}

/** What a date is judged by: the text as it came, and what became of it. */
interface Facts {
  readonly release_date_text: Column<'string' | null>
  readonly release_date: Column<'date' | null>
  readonly budget_musd: Column<'double' | null>
  readonly mistyped: Column<'string' | null>
}

/** What is odd about an answer that silver keeps nevertheless: a list of reason and detail, empty when all is well. */
export function warningList(m: Facts, rules: Rules) {
  const warning = (reason: string, detail: Column<'string' | null>) => struct({ reason: lit(reason), detail })
  const hasLostDate = m.release_date.isNull().and(m.release_date_text.isNotNull())
  const isSuspicious = coalesce(m.budget_musd.lt(rules.suspicious_budget_usd / 1e6), false)
  return arrayCompact(
    array(
      when(hasLostDate, warning('release_date_invalid', concat('release_date is ', coalesce(m.release_date_text, '')))),
      when(isSuspicious, warning('budget_suspicious', lit(`budget is below ${rules.suspicious_budget_usd} USD`))),
      when(m.mistyped.isNotNull(), warning('field_mistyped', m.mistyped)),
    ),
  )
}
