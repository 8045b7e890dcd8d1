import { describe, expect, it } from 'vitest'
import type { Comparison, Condition, Literal } from '../../src/delta/condition.ts'
import type { DeltaType } from '../../src/delta/schema.ts'
import { between, filesThatMayHold, mayHold } from '../../src/delta/skipping.ts'
import type { Snapshot } from '../../src/delta/snapshot.ts'
import { bounds, file, snapshotOf } from './test-snapshot.ts'

const within = (snapshot: Snapshot, column: string, min: string, max: string): readonly string[] =>
  filesThatMayHold(snapshot, between(snapshot.schema, column, min, max)).map(({ path }) => path)

it('leaves out files whose bounds lie beside the values', () => {
  const snapshot = snapshotOf([file('low', bounds('id', 1, 9)), file('high', bounds('id', 10, 20))])
  expect(within(snapshot, 'id', '2', '9')).toEqual(['low'])
  expect(within(snapshot, 'id', '9', '10')).toEqual(['low', 'high'])
})

it('keeps files of which nothing is known, or nothing of the kind', () => {
  const snapshot = snapshotOf([
    file('none'),
    file('text', bounds('id', 'a', 'b')),
    file('null', bounds('id', null, null)),
  ])
  expect(within(snapshot, 'id', '1', '2')).toEqual(['none', 'text', 'null'])
})

it('compares text by its bytes, where U+FF5E comes before 😀', () => {
  const snapshot = snapshotOf([file('emoji', bounds('name', '😀', '😀'))])
  expect(within(snapshot, 'name', '～', '😀')).toEqual(['emoji'])
})

it('leaves out partitions by their values', () => {
  const files = ['2025-12-09', '2025-12-10', null].map((day) => file(`day=${day}`, undefined, { day }))
  expect(within(snapshotOf(files, ['day']), 'day', '2025-12-10', '2025-12-31')).toEqual(['day=2025-12-10'])
})

it('parses the statistics of a file once, whatever the condition compares, and not for a condition without comparisons', () => {
  let parsed = 0
  const counted = {
    ...file('f'),
    get stats() {
      parsed += 1
      return JSON.stringify(bounds('id', 1, 9))
    },
  }
  const snapshot = { ...snapshotOf([]), files: new Map([['f', counted]]) }
  expect(within(snapshot, 'id', '2', '3')).toEqual(['f'])
  expect(parsed).toBe(1)
  expect(mayHold(snapshot, counted, { all: [] })).toBe(true)
  expect(parsed).toBe(1)
})

/** Whether a file is read whose column `c` has these statistics, as JSON. */
function isRead(type: DeltaType, stats: string, condition: Condition): boolean {
  const snapshot = { ...snapshotOf([]), schema: [{ name: 'c', type, nullable: true, metadata: {} }] }
  return mayHold(snapshot, { ...file('f'), stats }, condition)
}
const compare = (is: Comparison['is'], kind: Literal['kind'], text: string): Condition => ({
  column: ['c'],
  is,
  value: { kind, text },
})
const from = (min: string, max: string): string => `{"minValues":{"c":${min}},"maxValues":{"c":${max}}}`

describe('at the edges of bounds', () => {
  const ten = from('10', '20')
  it.each([
    ['=', '9', false],
    ['=', '10', true],
    ['=', '20', true],
    ['=', '21', false],
    ['<', '10', false],
    ['<=', '10', true],
    ['>', '20', false],
    ['>=', '20', true],
  ] as const)('c %s %s', (is, text, expected) => {
    expect(isRead('long', ten, compare(is, 'integer', text))).toBe(expected)
  })
})

it.each([
  ['long', '9007199254740993', '9007199254740993', 'integer', '9007199254740992'],
  [
    'decimal(38,10)',
    '12345678901234567890.0000000002',
    '12345678901234567890.0000000003',
    'decimal',
    '12345678901234567890.0000000001',
  ],
  ['decimal(38,10)', '1.5E+2', '1.6E+2', 'decimal', '149.9999999999'],
  ['timestamp', '"2025-12-09T10:45:30.001Z"', '"2025-12-09T10:45:30.002Z"', 'timestamp', '2025-12-09 10:45:30.000999'],
  [
    'timestamp',
    '"2025-12-09T10:45:30.001+02:00"',
    '"2025-12-09T10:45:30.002+02:00"',
    'timestamp',
    '2025-12-09 08:45:30.000999+00',
  ],
  ['timestamp_ntz', '"0001-01-02T00:00:00.000"', '"0001-01-02T00:00:00.000"', 'timestamp', '0001-01-01'],
  ['date', '"0001-01-02"', '"9999-12-31"', 'date', '0001-01-01'],
] as const)('knows a %s to the last digit', (type, min, max, kind, below) => {
  const stats = from(min, max)
  expect(isRead(type, stats, compare('<=', kind, below))).toBe(false)
  expect(isRead(type, stats, compare('>', kind, below))).toBe(true)
  expect(isRead(type, stats, compare('=', kind, min.replaceAll('"', '').replace('+02:00', '')))).toBe(
    !min.includes('+02'),
  )
})

it('does not take an instant for one beyond the millisecond to which bounds are cut', () => {
  const stats = from('"2025-12-09T10:45:30.001Z"', '"2025-12-09T10:45:30.001Z"')
  expect(isRead('timestamp', stats, compare('=', 'timestamp', '2025-12-09T10:45:30.001999Z'))).toBe(true)
  expect(isRead('timestamp', stats, compare('=', 'timestamp', '2025-12-09T10:45:30.002Z'))).toBe(false)
})

it('does not trust the upper bound of doubles, which some writers give without regard to NaN', () => {
  const stats = from('1.5', '2.5')
  expect(isRead('double', stats, compare('>', 'decimal', '3.0'))).toBe(true)
  expect(isRead('double', stats, compare('<', 'decimal', '1.5'))).toBe(false)
  expect(isRead('double', stats, compare('=', 'double', '1e300'))).toBe(false)
  expect(isRead('double', stats, compare('=', 'double', 'NaN'))).toBe(true)
  expect(isRead('double', stats, compare('<=', 'double', '-Infinity'))).toBe(false)
  expect(isRead('double', stats, compare('<', 'double', 'inf'))).toBe(true)
})

it.each([
  ['123456789012345e-15', false],
  ['123456789012345e-22', false],
  ['000123456789012345e-15', false],
  ['1234567890123456e-16', true],
  ['0.00000000000000000000001', true],
])('takes no decimal for a double that others may not make of it: %s', (text, expected) => {
  expect(isRead('double', from('1.5', '2.5'), compare('<=', 'decimal', text))).toBe(expected)
})

it('reads a file where a literal of another kind would be cast', () => {
  expect(isRead('long', from('1', '2'), compare('=', 'double', '1e3'))).toBe(true)
  expect(isRead('string', from('"a"', '"b"'), compare('=', 'integer', '5'))).toBe(true)
  expect(
    isRead(
      'timestamp',
      from('"2025-12-09T00:00:00Z"', '"2025-12-09T00:00:00Z"'),
      compare('=', 'timestamp', '2020-01-01T00:00:00+05:00'),
    ),
  ).toBe(true)
  expect(isRead('boolean', from('false', 'false'), compare('=', 'text', 'true'))).toBe(true)
})

it('leaves out files by their nulls', () => {
  const [none, some, all] = [0, 1, 2].map((n) => `{"numRecords":2,"nullCount":{"c":${n}}}`) as [string, string, string]
  const isNull = (yes: boolean): Condition => ({ column: ['C'], isNull: yes })
  expect([none, some, all].map((stats) => isRead('long', stats, isNull(true)))).toEqual([false, true, true])
  expect([none, some, all].map((stats) => isRead('long', stats, isNull(false)))).toEqual([true, true, false])
  expect(isRead('long', all, compare('=', 'integer', '1'))).toBe(false)
  expect(isRead('long', '{"numRecords":2}', isNull(true))).toBe(true)
})

it('takes AND and OR apart', () => {
  const [yes, no] = [compare('=', 'integer', '1'), compare('=', 'integer', '5')]
  const stats = from('1', '2')
  expect(isRead('long', stats, { all: [yes, no] })).toBe(false)
  expect(isRead('long', stats, { any: [yes, no] })).toBe(true)
  expect(isRead('long', stats, { any: [] })).toBe(false)
  expect(isRead('long', stats, { all: [] })).toBe(true)
})
