import { describe, expect, it } from 'vitest'
import { StoppedError } from '../../../src/errors.ts'
import { openSpark, SparkError, type SparkSession } from '../../../src/engines/spark/connect/index.ts'
import { failure } from './server.ts'

/** A query that takes half an hour, whose tasks often look whether they were stopped. */
export const endless = 'SELECT sum(id % 7) FROM range(1000000000000)'

/** Expressions, and what they are here. */
const values: readonly (readonly [sql: string, value: unknown])[] = [
  ['CAST(1 AS TINYINT)', 1],
  ['-2147483648', -2147483648],
  ['9223372036854775807L', 9223372036854775807n],
  ['-9223372036854775808L', -9223372036854775808n],
  ['0.1D + 0.2D', 0.1 + 0.2],
  ['CAST(1.5 AS FLOAT)', 1.5],
  ["double('NaN')", NaN],
  ['CAST(-0.01 AS DECIMAL(38, 2))', '-0.01'],
  ['12345678901234567890123456789012345678', '12345678901234567890123456789012345678'],
  ["'\\uFEFFé😀'", '\uFEFFé😀'],
  ["''", ''],
  ["X'00ff'", Uint8Array.of(0, 255)],
  ["DATE '0001-01-01'", '0001-01-01'],
  ["DATE '9999-12-31'", '9999-12-31'],
  ["TIMESTAMP '2025-12-09T10:45:30.000001Z'", '2025-12-09T10:45:30.000001Z'],
  ["TIMESTAMP '1969-12-31T23:59:59.999999Z'", '1969-12-31T23:59:59.999999Z'],
  ["TIMESTAMP_NTZ '2025-12-09 10:45:30'", '2025-12-09T10:45:30.000000Z'],
  ["INTERVAL '1' DAY", 86_400_000_000n],
  ["INTERVAL '2-1' YEAR TO MONTH", 25],
  ['array(array(1), array(), null)', [[1], [], null]],
  ["named_struct('a', 1L, 'b', array(named_struct('c', null)))", { a: 1n, b: [{ c: null }] }],
  ["map('k', 1, 'l', null)", [['k', 1], ['l', null]]], // prettier-ignore
  ['CAST(NULL AS STRING)', null],
  ['NULL', null],
]

/** What the client does with any server of the protocol; expressions that this one knows not, or has other values of, are left out. */
export function describeClient(session: SparkSession, without: readonly string[] = []): void {
  describe('values', () => {
    it.each(values.filter(([sql]) => !without.includes(sql)))('%s', async (sql, value) => {
      expect(await session.collect(`SELECT ${sql} AS x`)).toEqual([{ x: value }])
    })

    it('come back as they went up', async () => {
      const rows = [
        { n: 2n ** 63n - 1n, i: -1, d: 5e-324, s: '\uFEFF\0é😀', b: false, on: '1960-02-29', at: '1960-02-29T23:59:59.999999Z', l: [1n, null], r: { a: [{ c: 'x' }, null] } }, // prettier-ignore
        { n: null, i: null, d: null, s: null, b: null, on: null, at: null, l: null, r: null },
        { n: 0n, i: 0, d: -1.5, s: '', b: true, on: '9999-12-31', at: '0001-01-01T00:00:00.000000Z', l: [], r: { a: null } }, // prettier-ignore
      ]
      await session.upload(
        'went_up',
        {
          n: 'bigint',
          i: 'int',
          d: 'double',
          s: 'string',
          b: 'boolean',
          on: 'date',
          at: 'timestamp',
          l: { array: 'bigint' },
          r: { struct: { a: { array: { struct: { c: 'string' } } } } },
        },
        rows,
      )
      expect(await session.collect('SELECT * FROM went_up')).toEqual(rows)
    })

    it('of no rows have columns', async () => {
      const columns: string[][] = []
      for await (const batch of session.batches('SELECT 1 AS a, 2 AS b WHERE false'))
        columns.push(batch.schema.fields.map(({ name }) => name))
      expect(columns).toEqual([['a', 'b']])
    })
  })

  it('a session knows the version of its server', () => {
    expect(session.version).toMatch(/^\d+\.\d+\.\d+/)
  })

  it('a big result comes batch by batch, each row once and in order', async () => {
    let next = 0n
    let batchCount = 0
    for await (const rows of session.rows('SELECT id, id * 2 AS twice FROM range(1000000) ORDER BY id')) {
      batchCount += 1
      for (const { id, twice } of rows) {
        if (id !== next || twice !== next * 2n) expect.fail(`${String(id)} and ${String(twice)} came for ${next}`)
        next += 1n
      }
    }
    expect(next).toBe(1_000_000n)
    expect(batchCount).toBeGreaterThan(3)
  })

  it('statements are run, and answer what they report', async () => {
    await session.run('CREATE OR REPLACE TEMPORARY VIEW three AS SELECT * FROM range(3)')
    expect(await session.run('SELECT count(*) AS n FROM three')).toEqual([{ n: 3n }])
    await session.run('DROP VIEW three')
    expect(await failure(session.collect('SELECT * FROM three'))).toBeInstanceOf(SparkError)
  })

  it('queries explain themselves', async () => {
    expect(await session.explain('SELECT 1 AS one')).toContain('== Physical Plan ==')
  })

  it('an error has a message, and the SQL that it is about', async () => {
    const error = await failure(session.collect('SELECT *\nFROM nowhere'))
    expect(error).toBeInstanceOf(SparkError)
    expect(error).toMatchObject({ fault: 'query', sql: 'SELECT *\nFROM nowhere', exitCode: 1 })
    expect(error.message).toMatch(/^spark sc:\S+: .*nowhere/s)
  })

  it('two sessions have settings and views of their own', async () => {
    await using other = await openSpark(session.address)
    await session.writeConfig({ 'spark.sql.shuffle.partitions': '3' })
    const found = await Promise.all([session, other].map((one) => one.readConfig('spark.sql.shuffle.partitions')))
    expect(found[0]).toEqual({ 'spark.sql.shuffle.partitions': '3' })
    expect(found[1]).not.toEqual(found[0])
    await Promise.all([session, other].map((one, id) => one.upload('mine', { id: 'int' }, [{ id }])))
    const rows = await Promise.all([session, other].map((one) => one.collect('SELECT id FROM mine')))
    expect(rows).toEqual([[{ id: 0 }], [{ id: 1 }]])
  })

  it('a query ends when it is aborted, and the session goes on', async () => {
    const controller = new AbortController()
    const stopped = failure(session.collect(endless, { signal: controller.signal }))
    setTimeout(() => controller.abort(), 500)
    const began = Date.now()
    expect(await stopped).toBeInstanceOf(StoppedError)
    // a server that tells of no job is given time to have one
    expect(Date.now() - began).toBeLessThan(15_000)
    expect(await session.collect('SELECT 1 AS one')).toEqual([{ one: 1 }])
  })

  it('a query whose reader has left leaves the session to go on', async () => {
    for await (const rows of session.rows('SELECT id FROM range(0, 3000000, 1, 300)')) {
      expect(rows.length).toBeGreaterThan(0)
      break
    }
    expect(await session.collect('SELECT 1 AS one')).toEqual([{ one: 1 }])
  })
}
