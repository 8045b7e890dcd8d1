import { Column, lift, type Kind, type TypeOf } from './column.ts'
import { comparable } from './json.ts'
import type { FunctionName } from './dialect.ts'
import { ordered } from './record-order.ts'
import type { ArrayOf, Numeric, Type } from './types.ts'

type Any = Column<unknown>
type Num = Column<Numeric | null>
type Bool = Column<'boolean' | null>
type Total<T> = 'double' extends T ? 'double' : 'bigint'

const aggregate = (name: FunctionName, type: Type, ...args: readonly Column<unknown, Kind>[]): Column<never, never> =>
  new Column({ op: 'call', name, args: args.map((arg) => arg.node), isAggregate: true }, type)

/** How many rows there are; with a column, in how many it is not null. */
export const count = (column?: Any): Column<'bigint', 'aggregate'> =>
  column === undefined ? aggregate('count_all', 'bigint') : aggregate('count', 'bigint', column)
/** In how many rows the condition is true. */
export const countIf = (condition: Bool): Column<'bigint', 'aggregate'> =>
  aggregate(
    'count',
    'bigint',
    new Column(
      { op: 'call', name: 'case', args: [condition.node, { op: 'literal', value: true, type: 'boolean' }] },
      'boolean',
    ),
  )
/** How many different values there are, null not counted. */
export const countDistinct = (column: Any): Column<'bigint', 'aggregate'> =>
  aggregate('count_distinct', 'bigint', comparable(column))
/** The total: bigint of integers, double of doubles. Null when every value is. */
export const sum = <C extends Num>(column: C): Column<Total<TypeOf<C>> | null, 'aggregate'> =>
  column.type === 'double' ? aggregate('sum_double', 'double', column) : aggregate('sum_bigint', 'bigint', column)
/** The mean, as a double. */
export const avg = (column: Num): Column<'double' | null, 'aggregate'> => aggregate('avg', 'double', column)
/** The smallest value. */
export const min = <C extends Any>(column: C): Column<TypeOf<C> | null, 'aggregate'> =>
  aggregate('min', comparable(column).type, column)
/** The largest value. */
export const max = <C extends Any>(column: C): Column<TypeOf<C> | null, 'aggregate'> =>
  aggregate('max', comparable(column).type, column)
/** The exact median, the mean of the two middle values of an even count. */
export const median = (column: Num): Column<'double' | null, 'aggregate'> => aggregate('median', 'double', column)
/** The exact percentile with linear interpolation; `part` from 0 to 1, else RangeError. */
export const percentile = (column: Num, part: number): Column<'double' | null, 'aggregate'> => {
  if (!(part >= 0 && part <= 1)) throw new RangeError(`percentile: part ${part}, must be from 0 to 1`)
  return aggregate('percentile', 'double', column, lift(part, 'double'))
}
/** The sample standard deviation, null for fewer than two values. */
export const stddev = (column: Num): Column<'double' | null, 'aggregate'> => aggregate('stddev', 'double', column)
/** Whether the condition is true wherever it is known. */
export const boolAnd = (condition: Bool): Column<'boolean' | null, 'aggregate'> =>
  aggregate('bool_and', 'boolean', condition)
/** Whether the condition is true somewhere. */
export const boolOr = (condition: Bool): Column<'boolean' | null, 'aggregate'> =>
  aggregate('bool_or', 'boolean', condition)
/** The values that are not null, in ascending order, since no engine promises another. */
export const collectList = <C extends Any>(column: C): Column<ArrayOf<Exclude<TypeOf<C>, null>>, 'aggregate'> =>
  ordered(aggregate('collect_list', { array: comparable(column).type }, column))

/** 1, 2, 3 … in the window's order. */
export const rowNumber = (): Column<'int', 'ranking'> => aggregate('row_number', 'int')
/** As rowNumber, but ties share the lowest place and the places after them are skipped. */
export const rank = (): Column<'int', 'ranking'> => aggregate('rank', 'int')
/** As rank, with no places skipped. */
export const denseRank = (): Column<'int', 'ranking'> => aggregate('dense_rank', 'int')
/** The number, 1 to `n`, of the equal part the row falls into. */
export const ntile = (n: number): Column<'int', 'ranking'> => {
  if (n < 1) throw new RangeError(`ntile: ${n} parts, must be 1 or more`)
  return aggregate('ntile', 'int', lift(n, 'int'))
}
/** (rank - 1) / (rows - 1). */
export const percentRank = (): Column<'double', 'ranking'> => aggregate('percent_rank', 'double')
/** The value `n` rows before in the window's order, null where there is none. */
export const lag = <C extends Any>(column: C, n = 1): Column<TypeOf<C> | null, 'ranking'> =>
  aggregate('lag', column.type, column, lift(n, 'int'))
/** The value `n` rows after in the window's order, null where there is none. */
export const lead = <C extends Any>(column: C, n = 1): Column<TypeOf<C> | null, 'ranking'> =>
  aggregate('lead', column.type, column, lift(n, 'int'))
