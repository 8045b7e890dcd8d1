import type { Rules } from '../rules.ts'
import { formatNumber, formatShare } from './numbers.ts'
import { reportTable, type ReportTable } from './report-table.ts'

/** What the config asks of an answer before it becomes a row. */
export interface QualityRules {
  readonly required_fields: readonly string[]
  readonly require_credits: boolean
  readonly max_rejection_rate: number
}

/** The rules that refused and counted, as a table. */
export function ruleTable(rules: Rules, quality: QualityRules): ReportTable {
  const rows: readonly (readonly [key: string, value: string, meaning: string])[] = [
    ['quality.required_fields', listed(quality.required_fields), 'fields an answer needs'],
    ['quality.require_credits', quality.require_credits ? 'yes' : 'no', 'whether an answer needs credits'],
    [
      'quality.max_rejection_rate',
      formatShare(quality.max_rejection_rate),
      'share of refused answers beyond which a run fails',
    ],
    [
      'quality.min_budget_usd',
      `$${formatNumber(rules.suspicious_budget_usd, 'count')}`,
      'smaller budgets are kept with a warning',
    ],
    ['silver.keep_status', listed(rules.keep_status), 'statuses of films that are kept'],
    ['silver.min_filled_columns', String(rules.min_filled_columns), 'columns of 22 that a film must fill'],
    ['silver.earliest_release_date', rules.earliest_release_date, 'earlier dates are taken for errors'],
    ['silver.null_texts', listed(rules.null_texts), 'texts that stand for nothing'],
    ['gold.roi_min_budget_musd', `$${rules.roi_min_budget_musd} million`, 'budget from which ROI is counted'],
    ['gold.rating_min_votes', String(rules.rating_min_votes), 'votes from which a rating is ranked'],
    ['gold.top', String(rules.top), 'places of a ranking'],
  ]
  return reportTable(
    'Rules of the config',
    rows.map(([key, value, meaning]) => ({ key, value, meaning })),
    [
      ['key', 'setting'],
      ['value', 'value'],
      ['meaning', 'meaning'],
    ],
  )
}

const listed = (names: readonly string[]): string => (names.length === 0 ? 'none' : names.join(', '))
