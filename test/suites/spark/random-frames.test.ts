import fc from 'fast-check'
import { afterAll, expect, it } from 'vitest'
import type { QueryEngine } from '../../../src/frame/engine.ts'
import type { Scalar } from '../../../src/frame/types.ts'
import * as f from '../../../src/frame/index.ts'
import type { Column, Columns, Frame } from '../../../src/frame/index.ts'
import { openSparkQueries } from '../../../src/engines/spark/spark-session.ts'
import { lit, one } from '../../frame/cases/values.ts'
import { openEngine } from '../../frame/engines.ts'
import { sparkUrl } from './server.ts'

const spark = await openSparkQueries(sparkUrl)
const duckdb = await openEngine()
afterAll(() => Promise.all([spark.session.close(), duckdb.close()]))

/** A column of each kind; every step answers the same, so that steps go in any order. */
type Shape = {
  k: 'int' | null
  n: 'bigint' | null
  d: 'double' | null
  s: 'string' | null
  b: 'boolean' | null
  on: 'date' | null
}
type Step = (frame: Frame<Shape>) => Frame<Shape>
interface Given {
  readonly k: number | null
  readonly n: number | null
  readonly d: number | null
  readonly s: string | null
  readonly b: boolean | null
  readonly on: string | null
}

const text = fc.oneof(
  fc.constantFrom('', ' a ', 'B', 'é', 'ς', 'İ', '12', '7.0', '1e3', 'a|b|', "it's", '${x}', '\\', '😀', '2020-02-29'),
  fc.string({ unit: 'grapheme', maxLength: 4 }).filter((one) => !/\uFEFF/.test(one)),
)
const orNull = <T>(values: fc.Arbitrary<T>): fc.Arbitrary<T | null> => fc.option(values, { freq: 3 })
const given: fc.Arbitrary<Given> = fc.record({
  k: orNull(fc.integer({ min: -3, max: 3 })),
  n: orNull(fc.integer({ min: -(2 ** 40), max: 2 ** 40 })),
  d: orNull(fc.integer({ min: -64, max: 64 }).map((eighths) => eighths / 8)),
  s: orNull(text),
  b: orNull(fc.boolean()),
  on: orNull(fc.constantFrom('1969-12-31', '2000-02-29', '2024-12-30', '2025-01-01')),
})

const value = <T extends Scalar>(of: string | number | boolean | null, type: T): Column<T | null, never> =>
  lit(of as never, type as never) as Column<T | null, never>

const tableOf = (engine: QueryEngine, rows: readonly Given[]): Frame<Shape> => {
  const records = rows.map(({ k, n, d, s, b, on }) =>
    f.struct({
      k: value(k, 'int'),
      n: value(n, 'bigint'),
      d: value(d, 'double'),
      s: value(s, 'string'),
      b: value(b, 'boolean'),
      on: value(on, 'date'),
    }),
  )
  return one(engine)
    .select(() => ({ all: f.array(...(records as [Column<f.StructOf<Shape>, never>])) }))
    .explode('all', 'r')
    .select(({ r: { fields: r } }) => ({ k: r.k, n: r.n, d: r.d, s: r.s, b: r.b, on: r.on }))
}

const byAll = (c: Columns<Shape>) => [c.k, c.n.desc(), c.d, c.s.desc(), c.b, c.on] as const
const small = fc.integer({ min: -3, max: 3 })

const steps: fc.Arbitrary<readonly [name: string, step: Step]> = fc.oneof(
  small.map((v) => [`k > ${v}`, (t: Frame<Shape>) => t.filter((c) => c.k.gt(v))] as const),
  text.map((v) => [`s > ${v}`, (t: Frame<Shape>) => t.filter((c) => c.s.gt(v).or(c.b))] as const),
  text.map((v) => [`s ?= ${v}`, (t: Frame<Shape>) => t.filter((c) => c.s.eqNullSafe(lit(v)).not())] as const),
  small.map((v) => [`n + ${v}`, (t: Frame<Shape>) => t.withColumns((c) => ({ n: c.n.plus(c.k).minus(v) }))] as const),
  small.map((v) => [`k % ${v}`, (t: Frame<Shape>) => t.withColumns((c) => ({ k: c.k.mod(v) }))] as const),
  {
    weight: 20,
    arbitrary: fc.constantFrom<readonly [string, Step]>(
    ['d / k', (t) => t.withColumns((c) => ({ d: c.d.divide(c.k) }))],
    ['round', (t) => t.withColumns((c) => ({ d: f.round(c.d, 1), n: f.roundToBigint(c.d) }))],
    ['floor', (t) => t.withColumns((c) => ({ d: f.floor(c.d), k: f.ceil(c.d).tryCast('int') }))],
    ['sqrt', (t) => t.withColumns((c) => ({ d: f.sqrt(c.d), b: c.d.lt(c.k) }))],
    ['lower', (t) => t.withColumns((c) => ({ s: f.lower(f.trim(c.s)) }))],
    ['length', (t) => t.withColumns((c) => ({ s: f.substring(c.s, 2, 2), k: f.length(c.s) }))],
    ['concat', (t) => t.withColumns((c) => ({ s: f.concatWs('|', c.s, c.k.cast('string'), c.on.cast('string')) }))],
    ['tryCast', (t) => t.withColumns((c) => ({ k: c.s.tryCast('int'), d: c.s.tryCast('double'), on: c.s.tryCast('date') }))],
    ['split', (t) => t.withColumns((c) => ({ s: f.elementAt(f.split(c.s, '|'), -1), k: f.size(f.split(c.s, '|')) }))],
    ['replace', (t) => t.withColumns((c) => ({ s: f.regexpReplace(f.replace(c.s, 'a', "'"), '[0-9]+', '#') }))],
    ['date', (t) => t.withColumns((c) => ({ k: f.dayOfWeek(c.on), on: f.dateAdd(f.dateTrunc('month', c.on), 40) }))],
    ['when', (t) => t.withColumns((c) => ({ s: f.when(c.b, c.s).when(c.k.isin([0, 1]), 'few').otherwise('many') }))],
    ['coalesce', (t) => t.withColumns((c) => ({ k: f.coalesce(c.k, f.greatest(f.length(c.s), c.k)), b: c.b.and(c.k.ge(0)) }))],
    ['distinct', (t) => t.distinct()],
    ['last of k', (t) => t.dropDuplicates(['k'], byAll)],
    ['first two', (t) => t.orderBy(byAll).limit(2).filter(() => lit(true))],
    ['place', (t) => t.withColumns((c) => ({ n: f.rowNumber().over({ partitionBy: [c.b], orderBy: byAll(c) }).cast('bigint') }))],
    ['before', (t) => t.withColumns((c) => ({ s: f.lag(c.s).over({ orderBy: byAll(c) }), k: f.denseRank().over({ orderBy: [c.d.desc()] }) }))],
    ['running', (t) => t.withColumns((c) => ({ n: f.sum(c.n).over({ partitionBy: [c.k], orderBy: byAll(c), rows: [-1, 0] }) }))],
    [
      'per k',
      (t) =>
        t.groupBy('k').agg((c) => ({
          n: f.sum(c.n),
          d: f.median(c.d),
          s: f.arrayJoin(f.arrayDistinct(f.collectList(c.s)), ','),
          b: f.boolOr(c.b),
          on: f.min(c.on),
        })),
    ],
    [
      'over all',
      (t) =>
        t.agg((c) => ({
          k: f.countDistinct(c.s).tryCast('int'),
          n: f.countIf(c.b),
          d: f.percentile(c.d, 0.3),
          s: f.max(c.s),
          b: f.boolAnd(c.b),
          on: f.max(c.on),
        })),
    ],
    ['with itself', (t) => t.unionByName(t.filter((c) => c.b))],
    [
      'beside itself',
      (t) => t.drop('n').join(t.groupBy('k').agg((c) => ({ n: f.count(c.s) })), ['k'], 'left').pick('k', 'n', 'd', 's', 'b', 'on'),
    ],
    ['without itself', (t) => t.join(t.filter((c) => c.b.not()).pick('s').distinct(), ['s'], 'anti')],
  ),
  },
) // prettier-ignore

/** The rows whatever their order, doubles to the last digits but one; or that there was an error, as both must have it. */
async function outcome(frame: Frame<Shape>): Promise<readonly string[] | 'refused'> {
  try {
    const rows = await frame.collect()
    return rows
      .map((row) => JSON.stringify({ ...row, d: row.d === null ? null : Number(row.d.toPrecision(12)) + 0 }))
      .toSorted()
  } catch (error) {
    if (/overflow|out of range|beyond 2\^53/i.test(String(error))) return 'refused'
    throw error
  }
}

// Spark plans a chain of steps for seconds
it('random frames over random tables have the same rows on both engines', { timeout: 1_800_000 }, async () => {
  const tables = fc.array(given, { minLength: 1, maxLength: 6 })
  const chains = fc.array(steps, { minLength: 1, maxLength: 3 })
  await fc.assert(
    fc.asyncProperty(tables, chains, async (rows, chain) => {
      const on = (engine: QueryEngine): Promise<readonly string[] | 'refused'> =>
        outcome(chain.reduce((frame, [, step]) => step(frame), tableOf(engine, rows)))
      const [expected, found] = await Promise.all([on(duckdb), on(spark)])
      expect(found, chain.map(([name]) => name).join(', ')).toEqual(expected)
    }),
    { numRuns: Number(process.env['RANDOM_FRAMES'] ?? 20), seed: Number(process.env['SEED'] ?? 7), endOnFailure: true },
  )
})
