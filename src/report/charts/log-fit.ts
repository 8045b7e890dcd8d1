import { count, ln, round, when } from '../../frame/index.ts'
import { exactSum } from '../../gold/exact.ts'
import type { Film, Films } from './coverage.ts'

// below a thousand dollars amounts were entered in another unit
const leastMusd = 0.001

// logarithms have more digits than money
const billionths = 1e9

/** Whether budget and revenue are known and of a thousand dollars at least. */
export const hasMoney = (f: Film) => f.budget_musd.ge(leastMusd).and(f.revenue_musd.ge(leastMusd))

/**
 * One row: the films, those with money, and over these the least squares fit ln(revenue_musd) = intercept + slope · ln(budget_musd) with the part r2 of
 * the variance it explains; null where all budgets are one.
 */
export const logFit = (films: Films) =>
  films
    .select((f) => ({ x: when(hasMoney(f), ln(f.budget_musd)), y: when(hasMoney(f), ln(f.revenue_musd)) }))
    .agg((f) => ({
      films: count(),
      shown: count(f.x),
      x: exactSum(f.x, billionths),
      y: exactSum(f.y, billionths),
      xx: exactSum(f.x.multiply(f.x), billionths),
      xy: exactSum(f.x.multiply(f.y), billionths),
      yy: exactSum(f.y.multiply(f.y), billionths),
    }))
    .select((s) => ({
      films: s.films,
      shown: s.shown,
      x: s.x,
      y: s.y,
      covariance: s.shown.multiply(s.xy).minus(s.x.multiply(s.y)),
      x_variance: s.shown.multiply(s.xx).minus(s.x.multiply(s.x)),
      y_variance: s.shown.multiply(s.yy).minus(s.y.multiply(s.y)),
    }))
    .as('sums')
    // budgets that are one leave a variance of nothing but rounding
    .withColumns((s) => ({ slope: when(s.x_variance.gt(0.001), s.covariance.divide(s.x_variance)) }))
    .select((s) => ({
      films: s.films,
      shown: s.shown,
      slope: round(s.slope, 6),
      intercept: round(s.y.minus(s.slope.multiply(s.x)).divide(s.shown), 6),
      r2: round(s.slope.multiply(s.covariance).divide(s.y_variance), 6),
    }))
