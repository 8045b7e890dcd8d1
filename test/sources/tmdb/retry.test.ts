import { describe, expect, it } from 'vitest'
import { backoffMs, retryAfterMs, RetryBudget } from '../../../src/sources/tmdb/retry.ts'

describe('backoff', () => {
  it('is spread over 0 to half a second, doubled with each attempt, at most half a minute', () => {
    for (const [attempt, longestMs] of [
      [1, 500],
      [2, 1000],
      [5, 8000],
      [7, 30_000],
      [50, 30_000],
    ] as const) {
      expect(backoffMs(attempt, () => 0)).toBe(0)
      expect(backoffMs(attempt, () => 0.5)).toBe(longestMs / 2)
      const waits = Array.from({ length: 200 }, () => backoffMs(attempt, Math.random))
      expect(Math.max(...waits)).toBeLessThan(longestMs)
    }
  })
})

describe('Retry-After', () => {
  const nowMs = Date.UTC(2026, 10, 22, 10, 0, 0)

  it.each([
    ['7', 7000],
    ['0', 0],
    ['86400', 60_000],
    ['Sun, 22 Nov 2026 10:00:09 GMT', 9000],
    ['Sun, 22 Nov 2026 09:00:00 GMT', 0],
    ['Mon, 23 Nov 2026 10:00:00 GMT', 60_000],
    ['-5', undefined],
    ['soon', undefined],
    ['', undefined],
    [null, undefined],
  ])('of %s asks for %s ms', (header, waitMs) => {
    expect(retryAfterMs(header, nowMs)).toBe(waitMs)
  })
})

describe('the retry budget', () => {
  it('gives the free ones first, then a share of all requests', () => {
    const budget = new RetryBudget(0.2, 3)
    expect([1, 2, 3, 4].map(() => budget.spend())).toEqual([true, true, true, false])
    for (let n = 0; n < 16; n++) budget.recordRequest()
    expect([1, 2].map(() => budget.spend())).toEqual([true, false])
  })

  it('of 1 is no limit', () => {
    const budget = new RetryBudget(1, 0)
    budget.recordRequest()
    expect(Array.from({ length: 50 }, () => budget.spend())).not.toContain(false)
  })
})
