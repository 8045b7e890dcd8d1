import { expect, it } from 'vitest'
import type { DeltaField, DeltaType } from '../../src/delta/schema.ts'
import { checkTypeChanges, isWidening } from '../../src/delta/type-widening.ts'

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
