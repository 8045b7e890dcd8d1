import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import { duckdbDialect } from '../../src/engines/duckdb/duckdb-dialect.ts'
import { sparkDialect } from '../../src/engines/spark/spark-dialect.ts'
import { length, lit, sha2, sql } from '../../src/frame/index.ts'
import { openEngines } from './engines.ts'
import { one } from './cases/values.ts'

const engines = await openEngines()
afterAll(() => Promise.all(engines.map((engine) => engine.close())))

// prettier-ignore
const pieces = [
  "'", "''", '"', '\\', '\\\\', "\\'", '\0', '${', '${spark.sql.session.timeZone}', '$', '{', '}', '`', '--', '/*', '*/', ';', '\n', '\r\n', '\t', '\b',
  '\u0001', '\u007f', '\u2028', '\ufeff', '\uffff', 'é', 'e\u0301', '😀', '👨‍👩‍👧', 'ß', '\\u0041', '\\0', '%', '_', ':a', '?', '$1', 'a', ' ', '\u{10ffff}', "r'", 'U&',
]
const nasty = fc.array(fc.constantFrom(...pieces), { maxLength: 9 }).map((parts) => parts.join(''))
const text = fc.oneof(nasty, fc.string({ unit: 'binary', maxLength: 12 }))
const sha256 = (value: string): string => createHash('sha256').update(value, 'utf8').digest('hex')

describe.each(engines)('$dialect.name', (engine) => {
  it('holds every text to the letter', async () => {
    const check = async (values: readonly string[]): Promise<void> => {
      const texts = Object.fromEntries(
        values.flatMap((value, n) => [
          [`hash${n}`, sha2(lit(value))],
          [`length${n}`, length(lit(value))],
        ]),
      )
      const row: Record<string, unknown> =
        (await one(engine)
          .select(() => texts)
          .as('texts')
          .distinct()
          .first()) ?? {}
      expect(values.map((_, n) => [row[`hash${n}`], row[`length${n}`]])).toEqual(
        values.map((value) => [sha256(value), [...value].length]),
      )
    }
    await fc.assert(fc.asyncProperty(fc.array(text, { minLength: 1, maxLength: 40 }), check), { numRuns: 50 })
  })

  it('answers every text as it was, but for a byte order mark in front, which the client drops', async () => {
    const check = async (value: string): Promise<void> => {
      const row = await one(engine)
        .select(() => ({ value: lit(value) }))
        .first()
      expect(row?.value).toBe(value.replace(/^\ufeff/, ''))
    }
    await fc.assert(fc.asyncProperty(text, check), { numRuns: 100 })
  })

  it('answers every double as it was', async () => {
    const check = async (value: number): Promise<void> => {
      const row = await one(engine)
        .select(() => ({ value: lit(value, 'double') }))
        .first()
      expect(row?.value).toBe(value === 0 ? row?.value : value)
    }
    await fc.assert(fc.asyncProperty(fc.double(), check), { numRuns: 100 })
  })

  it('takes values into SQL of one’s own', async () => {
    const rows = sql({ a: 'string', b: 'bigint', c: 'double' })`
      select ${"it's"} as a, ${5} as b, ${1.5} as c from ${one(engine)} where ${true} -- the end`
    expect(await rows.collect()).toEqual([{ a: "it's", b: 5, c: 1.5 }])
  })
})

describe('literals', () => {
  it('are written so that no engine reads more into them', () => {
    expect(duckdbDialect.text("it's \0 ${x} \\n")).toBe("'it''s ' || chr(0) || ' ${x} \\n'")
    expect(sparkDialect.text("it's \0 ${x} \\n")).toBe("'it\\'s \\u0000 \\u0024{x} \\\\n'")
  })
  it.each(['\ud800', 'a\udc00b'])('refuse half a surrogate pair: %j', (value) => {
    expect(() => lit(value)).toThrow(TypeError)
  })
  it.each(['2021-02-29', '2021-2-1', '21-02-01', '2021-02-01T00:00:00Z', ''])(
    'refuse a date that is none: %j',
    (value) => {
      expect(() => lit(value, 'date')).toThrow(TypeError)
    },
  )
  it.each([
    '2021-02-29T00:00:00Z',
    '2021-02-01',
    '2021-02-01T24:00:00Z',
    '2021-02-01T00:00:00+01:00',
    '2021-02-01T00:00:00',
  ])('refuse a timestamp that is none: %j', (value) => {
    expect(() => lit(value, 'timestamp')).toThrow(TypeError)
  })
  it('refuse a Date that is none', () => {
    expect(() => lit(new Date(Number.NaN), 'timestamp')).toThrow(TypeError)
  })
  it.each([1.5, 2 ** 31, Number.NaN, Number.POSITIVE_INFINITY])('refuse %d for an int', (value) => {
    expect(() => lit(value, 'int')).toThrow(TypeError)
  })
})
