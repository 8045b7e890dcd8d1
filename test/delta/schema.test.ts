import { expect, it } from 'vitest'
import {
  checkFields,
  checkPartitions,
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
  expect(() => checkFields([field(`a${character}b`, 'long')], 't')).toThrow(
    expect.objectContaining({ fault: 'unsupported' }),
  )
})

const list = (elementType: DeltaType): DeltaType => ({ type: 'array', elementType, containsNull: true })
const struct = (...fields: readonly DeltaField[]): DeltaType => ({ type: 'struct', fields })

it.each<[string, readonly DeltaField[], string]>([
  ['a type that Delta does not have', [field('id', 'int')], 't.id: there is no type int'],
  ['more digits than a decimal has', [field('price', 'decimal(50,2)')], 't.price: there is no type decimal(50,2)'],
  ['more digits behind the point than there are', [field('price', 'decimal(4,5)')], 'no type decimal(4,5)'],
  ['names that differ in capitals alone', [field('a', 'long'), field('A', 'long')], 't.A: there is another'],
  ['a name deep inside', [field('who', list(struct(field('x y', 'long'))))], 'may not be called "x y"'],
  ['a type deep inside', [field('who', list(struct(field('id', 'int'))))], 't.who.element.id: there is no type'],
])('refuses %s', (_, fields, message) => {
  expect(() => checkFields(fields, 't')).toThrow(message)
})

it.each<[string, readonly string[], string]>([
  ['a column that there is not', ['year'], 'has no column year'],
  ['a list', ['tags'], 'cannot be partitioned by array<string>'],
  ['all columns', ['id', 'tags'], 'cannot be partitioned by'],
])('refuses a partition by %s', (_, names, message) => {
  expect(() => checkPartitions([field('id', 'long'), field('tags', list('string'))], names, 't')).toThrow(message)
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
