import { count, round, sum, type Column } from '../frame/index.ts'

type Values = Column<'double' | null>
type Result = Column<'double' | null, 'aggregate'>

// TMDB gives money in whole dollars, popularity with six decimals and votes with fewer
const millionths = 1e6

/**
 * The sum of the values that are known, taken to `scale` parts of one; null when none is. Whole numbers are added and divided once, so that
 * the order of addition, which no engine promises, does not show in the last digits.
 */
export const exactSum = (values: Values, scale = millionths): Result => sum(scaled(values, scale)).divide(scale)

/** The mean of the values that are known, of the sum that `exactSum` takes. */
export const exactMean = (values: Values, scale = millionths): Result =>
  sum(scaled(values, scale)).divide(count(values)).divide(scale)

const scaled = (values: Values, scale: number) => round(values.multiply(scale)).tryCast('bigint')
