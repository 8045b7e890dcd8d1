import { count, roundToBigint, sum, type Column } from '../frame/index.ts'

type Values = Column<'double' | null>
type Exact = Column<'bigint' | null>
type Result = Column<'double' | null, 'aggregate'>

/** Parts of one that `exact` counts in: TMDB gives money in whole dollars, popularity with six decimals and votes with fewer. */
export const millionths = 1e6

/** The values as whole numbers of parts of one, `scale` parts. Made once a movie where its values are counted for many, such as its actors. */
export const exact = (values: Values, scale = millionths): Exact => roundToBigint(values.multiply(scale))

/**
 * The sum of the values that are known, or of what `exact` has made of them; null when none is. Whole numbers are added and divided once, so
 * that the order of addition, which no engine promises, does not show in the last digits.
 */
export const exactSum = (values: Values | Exact, scale = millionths): Result => sum(whole(values, scale)).divide(scale)

/** The mean of the values that are known, of the sum that `exactSum` takes. */
export const exactMean = (values: Values | Exact, scale = millionths): Result =>
  sum(whole(values, scale)).divide(count(values)).divide(scale)

const whole = (values: Values | Exact, scale: number): Exact =>
  values.type === 'bigint' ? (values as Exact) : exact(values as Values, scale)
