import {
  array,
  arrayCompact,
  coalesce,
  concat,
  concatWs,
  emptyArray,
  jsonText,
  lit,
  nullif,
  struct,
  structOf,
  substring,
  when,
  type Column,
  type Columns,
} from '../frame/index.ts'
import type { Json } from '../frame/types.ts'
import type { Rules } from '../rules.ts'
import type { payload } from './payload.ts'

type Document = Columns<Json<typeof payload>['struct']>

const numbers = ['budget', 'revenue', 'runtime', 'popularity', 'vote_average', 'vote_count'] as const
const lists = ['genres', 'production_companies', 'production_countries', 'spoken_languages'] as const

/** The fields that hold something else than the number or list they should, each with what it holds; null when all is well. */
export function mistypedFields(text: Column<'string'>, m: Document): Column<'string' | null> {
  // the text is parsed again, so only where the field has no value: CASE leaves out the others, AND would not
  const found = (isMissing: Column<'boolean'>, field: string) =>
    when(isMissing, concat(`${field} is `, substring(jsonText(text, `$.${field}`), 1, 60)))
  const { cast, crew } = m.credits.fields
  const all = concatWs(
    ', ',
    found(cast.isNull(), 'credits.cast'),
    found(crew.isNull(), 'credits.crew'),
    ...numbers.map((field) => found(m[field].isNull(), field)),
    ...lists.map((field) => found(m[field].isNull(), field)),
  )
  return nullif(all, '')
}

const reasoned = { reason: 'string', detail: 'string' } as const

/** What an answer is judged by: what came of its fields, beside some of them as they came. */
interface Facts {
  readonly release_date_text: Column<'string' | null>
  readonly release_date: Column<'date' | null>
  readonly budget_musd: Column<'double' | null>
  readonly budget_text: Column<'string' | null>
  readonly mistyped: Column<'string' | null>
}

/** What is odd about an answer that silver keeps nevertheless: a list of reason and detail, empty when all is well. */
export function warningList(m: Facts, rules: Rules) {
  const warning = (reason: string, detail: Column<'string' | null>) => struct({ reason: lit(reason), detail })
  const hasLostDate = m.release_date.isNull().and(m.release_date_text.isNotNull())
  const isSuspicious = coalesce(m.budget_musd.lt(rules.suspicious_budget_usd / 1e6), false)
  const isMistyped = m.mistyped.isNotNull()
  const all = arrayCompact(
    array(
      when(hasLostDate, warning('release_date_invalid', concat('release_date is ', coalesce(m.release_date_text, '')))),
      when(isSuspicious, warning('budget_suspicious', concat('budget is ', coalesce(m.budget_text, ''), ' USD'))),
      when(isMistyped, warning('field_mistyped', m.mistyped)),
    ),
  )
  return when(hasLostDate.or(isSuspicious).or(isMistyped), all).otherwise(emptyArray(structOf(reasoned)))
}
