import { expect, it } from 'vitest'
import type { DeltaField, DeltaType } from '../../src/delta/schema.ts'
import { checkTypeChanges, isWidening, withWiderType } from '../../src/delta/type-widening.ts'

it.each([
  ['byte', 'short'],
  ['byte', 'long'],
  ['integer', 'double'],
  ['float', 'double'],
  ['date', 'timestamp_ntz'],
  ['decimal(5,2)', 'decimal(7,4)'],
  ['integer', 'decimal(12,2)'],
  ['long', 'decimal(20,0)'],
])('knows that %s widens to %s', (from, to) => {
  expect(isWidening(from, to)).toBe(true)
})

it.each([
  ['long', 'integer'],
  ['long', 'double'],
  ['date', 'timestamp'],
  ['decimal(5,2)', 'decimal(6,4)'],
  ['decimal(5,2)', 'decimal(5,1)'],
  ['integer', 'decimal(10,1)'],
  ['long', 'decimal(19,0)'],
  ['string', 'long'],
])('knows that %s does not widen to %s', (from, to) => {
  expect(isWidening(from, to)).toBe(false)
})

const changed = (name: string, type: DeltaType, ...list: readonly unknown[]): DeltaField => ({
  name,
  type,
  nullable: true,
  metadata: { 'delta.typeChanges': list },
})

it('names the column whose type changed to one that cannot be read, at any depth', () => {
  const inner = changed('id', 'string', { fromType: 'long', toType: 'string' })
  const list: DeltaType = { type: 'array', elementType: { type: 'struct', fields: [inner] }, containsNull: true }
  expect(() => checkTypeChanges([changed('cast', list)], 't')).toThrow(
    't.cast.id: its type changed from long to string',
  )
})

it('takes a list of changes that is none for damage', () => {
  expect(() => checkTypeChanges([changed('id', 'long', 7)], 't')).toThrow(expect.objectContaining({ fault: 'corrupt' }))
})

const list = (elementType: DeltaType): DeltaType => ({ type: 'array', elementType, containsNull: true })
const struct = (...fields: readonly DeltaField[]): DeltaType => ({ type: 'struct', fields })
const map = (keyType: DeltaType, valueType: DeltaType): DeltaType => ({
  type: 'map',
  keyType,
  valueType,
  valueContainsNull: true,
})
const plain = (name: string, type: DeltaType): DeltaField => ({ name, type, nullable: true, metadata: {} })
const note = (fromType: string, toType: string, fieldPath?: string) => ({
  fromType,
  toType,
  ...(fieldPath && { fieldPath }),
})

it('notes each change of a column, the newest last', () => {
  const once = withWiderType([plain('id', 'byte'), plain('n', 'long')], ['id'], 'short', 't')
  expect(withWiderType(once, ['id'], 'long', 't')).toEqual([
    changed('id', 'long', note('byte', 'short'), note('short', 'long')),
    plain('n', 'long'),
  ])
})

it('notes changes within lists and maps at the column, those within structs at the field', () => {
  const widened = (type: DeltaType, path: readonly string[], to = 'long') =>
    withWiderType([plain('c', type)], ['c', ...path], to, 't')[0]
  expect(widened(list('integer'), ['element'])).toEqual(changed('c', list('long'), note('integer', 'long', 'element')))
  expect(widened(map('float', list('integer')), ['value', 'element'])).toEqual(
    changed('c', map('float', list('long')), note('integer', 'long', 'value.element')),
  )
  expect(widened(map('float', 'string'), ['key'], 'double')).toEqual(
    changed('c', map('double', 'string'), note('float', 'double', 'key')),
  )
  expect(widened(list(struct(plain('age', 'integer'))), ['element', 'age'])).toEqual(
    plain('c', list(struct(changed('age', 'long', note('integer', 'long'))))),
  )
})

it.each([
  [['n'], 'integer', 't.n: a column of type long does not widen to integer', 'unsupported'],
  [['who'], 'long', 't.who: a column of type struct<age integer> does not widen to long', 'unsupported'],
  [['who', 'aeg'], 'long', 't.who: has no column aeg', 'mismatch'],
  [['n', 'element'], 'long', 't.n: has no field element', 'mismatch'],
  [['m'], 'long', 't: has no column m', 'mismatch'],
])('refuses to widen %j to %s', (path, to, message, fault) => {
  const fields = [plain('n', 'long'), plain('who', struct(plain('age', 'integer')))]
  expect(() => withWiderType(fields, path, to, 't')).toThrow(
    expect.objectContaining({ fault, message, hint: expect.any(String) }),
  )
})
