import { expect, it } from 'vitest'
import type { DeltaField, DeltaType } from '../../src/delta/schema.ts'
import { renderStatistics, statisticsOf, type ColumnStatistics } from '../../src/delta/statistics.ts'

const field = (name: string, type: DeltaType): DeltaField => ({ name, type, nullable: true, metadata: {} })
const schema = [
  field('id', 'long'),
  field('d', 'double'),
  field('s', 'string'),
  field('at', 'timestamp'),
  field('local', 'timestamp_ntz'),
  field('who', { type: 'struct', fields: [field('name', 'string')] }),
  field('genres', { type: 'array', elementType: 'string', containsNull: true }),
]
const render = (...columns: readonly ColumnStatistics[]): string => renderStatistics({ rows: 3, columns }, schema)
const file = (stats: string) => ({
  path: 'a',
  partitionValues: {},
  size: 1,
  modificationTime: 0,
  dataChange: true,
  stats,
})

it('writes integers beyond 2^53 digit by digit', () => {
  expect(render({ path: ['id'], min: '9007199254740993', max: '9007199254740995' })).toContain(
    '"minValues":{"id":9007199254740993},"maxValues":{"id":9007199254740995}',
  )
})

it('leaves out the bounds of a column with NaN or an infinity', () => {
  expect(render({ path: ['d'], min: '1', max: '5', hasNan: true, nullCount: '0' })).toContain(
    '"minValues":{},"maxValues":{}',
  )
  expect(render({ path: ['d'], min: '1', max: 'inf' })).toContain('"maxValues":{}')
})

it('cuts text at 32 code points, and lifts a cut upper bound above all that begins like it', () => {
  const long = '😀'.repeat(40)
  const stats: unknown = JSON.parse(render({ path: ['s'], min: long, max: long }))
  expect(stats).toMatchObject({ minValues: { s: '😀'.repeat(32) }, maxValues: { s: `${'😀'.repeat(32)}\u{10FFFF}` } })
})

it.each([
  ['\u{10FFFF}b', '\u{10FFFF}\u{10FFFF}'],
  ['\u{10FFFF}\u{10FFFF}bc', '\u{10FFFF}\u{10FFFF}\u{10FFFF}'],
  ['\u{10FFFF}\u{10FFFF}', '\u{10FFFF}\u{10FFFF}'],
  ['b\u{10FFFF}', '\u{10FFFF}'],
  ['', ''],
])('cuts no upper bound of text in front of U+10FFFF, above which there is nothing: %j', (rest, bound) => {
  const start = 'a'.repeat(32)
  const stats: unknown = JSON.parse(render({ path: ['s'], min: 'a', max: start + rest }))
  expect(stats).toMatchObject({ maxValues: { s: start + bound } })
})

it('rounds instants to milliseconds, down below and up above', () => {
  const at = '2025-12-31 23:59:59.999001+00'
  expect(render({ path: ['at'], min: at, max: at })).toContain(
    '"minValues":{"at":"2025-12-31T23:59:59.999Z"},"maxValues":{"at":"2026-01-01T00:00:00.000Z"}',
  )
})

it('rounds instants before 1970 to the same sides', () => {
  const at = '1969-12-31 23:59:59.9999+00'
  expect(render({ path: ['at'], min: at, max: at })).toContain(
    '"minValues":{"at":"1969-12-31T23:59:59.999Z"},"maxValues":{"at":"1970-01-01T00:00:00.000Z"}',
  )
})

it('gives instants without a zone none', () => {
  const at = '0001-01-01 10:00:00'
  expect(render({ path: ['local'], min: at, max: at })).toContain('"minValues":{"local":"0001-01-01T10:00:00.000"}')
})

it('leaves text as it is that looks like an instant', () => {
  const text = '2025-12-09 10:45:30+00'
  expect(render({ path: ['s'], min: text, max: text })).toContain(`"minValues":{"s":"${text}"}`)
})

it('leaves out the bounds of instants up to the end of the year 9999', () => {
  const at = '9999-12-31 23:59:59.999999+00'
  expect(render({ path: ['at'], min: at, max: at })).toContain('"minValues":{},"maxValues":{}')
})

it('nests the bounds of structs and leaves out those of lists', () => {
  const stats = render(
    { path: ['who', 'name'], min: 'a', max: 'b', nullCount: '1' },
    { path: ['genres', 'element'], min: 'Drama', max: 'War', nullCount: '7' },
  )
  expect(stats).toContain(
    '"minValues":{"who":{"name":"a"}},"maxValues":{"who":{"name":"b"}},"nullCount":{"who":{"name":1}}',
  )
})

it('reads bounds digit by digit, which JSON.parse would round', () => {
  const stats = '{"numRecords":2,"minValues":{"id":9007199254740993,"who":{"age":-1.50}},"nullCount":{"id":0}}'
  expect(statisticsOf(file(stats))(['id'])).toEqual({ rows: 2n, nulls: 0n, min: '9007199254740993' })
  expect(statisticsOf(file(stats))(['who', 'age'])).toEqual({ rows: 2n, min: '-1.50' })
  expect(statisticsOf(file('not json'))(['id'])).toEqual({})
})
