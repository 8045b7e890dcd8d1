import { expect, it } from 'vitest'
import {
  checkNames,
  evolvedSchema,
  parseSchema,
  renderSchema,
  type DeltaField,
  type DeltaType,
} from '../../src/delta/schema.ts'

const field = (name: string, type: DeltaType): DeltaField => ({ name, type, nullable: true, metadata: {} })

it('reads back the schema it wrote', () => {
  const fields = [field('id', 'long'), field('genres', { type: 'array', elementType: 'string', containsNull: true })]
  expect(parseSchema(renderSchema(fields), 't')).toEqual(fields)
})

it.each([' ', ',', ';', '{', '}', '(', ')', '\n', '\t', '='])('refuses the character %j in a name', (character) => {
  expect(() => checkNames([field(`a${character}b`, 'long')], 't')).toThrow(
    expect.objectContaining({ fault: 'unsupported' }),
  )
})

it('puts new columns behind those the table has', () => {
  const evolved = evolvedSchema([field('b', 'long')], [field('a', 'string'), field('b', 'long')], 't')
  expect(evolved.map(({ name }) => name)).toEqual(['b', 'a'])
})

it('refuses a column of another type, also deep inside', () => {
  const struct = (type: DeltaType): DeltaField => field('who', { type: 'struct', fields: [field('id', type)] })
  expect(() => evolvedSchema([struct('long')], [struct('string')], 't')).toThrow(
    't.who: stored as struct<id long>, declared as struct<id string>',
  )
})

it('refuses to write a table that has a column nobody declared', () => {
  expect(() => evolvedSchema([field('a', 'long'), field('b', 'long')], [field('a', 'long')], 't')).toThrow(
    expect.objectContaining({
      fault: 'mismatch',
      message: 't: the stored table has a column b, which is not declared',
    }),
  )
})

it('says corrupt when the schema is no schema', () => {
  expect(() => parseSchema('{"type":"struct"}', 't')).toThrow(expect.objectContaining({ fault: 'corrupt' }))
})
