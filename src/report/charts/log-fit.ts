import { count, round, when, type Frame } from '../../frame/index.ts'
import { exactSum } from '../../gold/exact.ts'
import type { Film } from './coverage.ts'

// below a thousand dollars amounts were entered in another unit
const leastMusd = 0.001

/** Parts of one that logarithms are added in: they have more digits than money. */
export const billionths = 1e9

/** Whether budget and revenue are known and of a thousand dollars at least. */
export const hasMoney = (f: Film) => f.budget_musd.ge(leastMusd).and(f.revenue_musd.ge(leastMusd))

/**
 * One row: the least squares fit ln(revenue_musd) = intercept + slope · ln(budget_musd) over films with money, and the part r2 of the variance it
 * explains; null where all budgets are one.
 */
export const logFit = (moneyed: Frame<{ ln_budget: 'double' | null; ln_revenue: 'double' | null }>) =>
  moneyed
    .agg((f) => ({
      n: count(),
      x: exactSum(f.ln_budget, billionths),
      y: exactSum(f.ln_revenue, billionths),
      xx: exactSum(f.ln_budget.multiply(f.ln_budget), billionths),
      xy: exactSum(f.ln_budget.multiply(f.ln_revenue), billionths),
      yy: exactSum(f.ln_revenue.multiply(f.ln_revenue), billionths),
    }))
    .as('sums')
    .select((s) => ({
      n: s.n,
      x: s.x,
      y: s.y,
      covariance: s.n.multiply(s.xy).minus(s.x.multiply(s.y)),
      x_variance: s.n.multiply(s.xx).minus(s.x.multiply(s.x)),
      y_variance: s.n.multiply(s.yy).minus(s.y.multiply(s.y)),
    }))
    .as('variances')
    // budgets that are one leave a variance of nothing but rounding
    .withColumns((s) => ({ slope: when(s.x_variance.gt(0.001), s.covariance.divide(s.x_variance)) }))
    .as('sloped')
    .select((s) => ({
      slope: round(s.slope, 6),
      intercept: round(s.y.minus(s.slope.multiply(s.x)).divide(s.n), 6),
      r2: round(s.slope.multiply(s.covariance).divide(s.y_variance), 6),
    }))
