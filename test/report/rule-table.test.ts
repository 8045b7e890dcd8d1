import { expect, it } from 'vitest'
import { ruleTable } from '../../src/report/rule-table.ts'
import { defaultRules } from '../../src/rules.ts'

it('has shares and amounts as people write them', () => {
  const quality = { required_fields: ['id'], require_credits: false, max_rejection_rate: 0.07 }
  const values = new Map(
    ruleTable({ ...defaultRules, suspicious_budget_usd: 25_000 }, quality).rows.map(([key, value]) => [key, value]),
  )
  expect(values.get('quality.max_rejection_rate')).toBe('7%')
  expect(values.get('quality.min_budget_usd')).toBe('$25,000')
})
