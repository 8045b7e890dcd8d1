import { expect, it } from 'vitest'
import { parseCondition } from '../../src/delta/constraint-expression.ts'
import type { DeltaField, DeltaType } from '../../src/delta/schema.ts'

const field = (name: string, type: DeltaType): DeltaField => ({ name, type, nullable: true, metadata: {} })
const schema = [
  field('id', 'long'),
  field('Price', 'decimal(10,2)'),
  field('ratio', 'double'),
  field('name', 'string'),
  field('is_new', 'boolean'),
  field('day', 'date'),
  field('at', 'timestamp'),
  field('key words', { type: 'array', elementType: 'string', containsNull: true }),
  field('who', { type: 'struct', fields: [field('age', 'integer')] }),
]

it.each([
  'id > 0',
  'ID >= -5 AND NOT (id = 7 OR id <> 8)',
  'id between 1 and 5 and name not in ("a", \'b\')',
  "day > '1900-01-01' and day <= date '2100-12-31'",
  'price > 0.5 and ratio < id',
  "name LIKE 'a%' OR name NOT LIKE '_b'",
  'length(name) <= 10',
  'who.age is not null and `key words` is null',
  'is_new or is_new = false or not is_new',
  'id + 1 < id * 2 - 3',
  'id <=> 5 and id != 6 and id == id',
])('understands %s', (sql) => {
  expect(parseCondition(sql, schema)).toBeDefined()
})

it.each([
  ['', 'nothing'],
  ['id', 'no condition'],
  ['id > 0 id', 'something left over'],
  ['nope > 0', 'an unknown column'],
  ['who.nope > 0', 'an unknown field'],
  ["id > '5'", 'a number beside a text'],
  ['name > 5', 'a text beside a number'],
  ['name = day', 'a text column beside a date'],
  ["day > '1900'", 'a date that is cut short'],
  ["at > '1900-01-01'", 'an instant, whose text is read in the zone of a session'],
  ["name = 'a\\'b'", 'an escape'],
  ["name = 'a' 'b'", 'two texts that Spark joins'],
  ['id > 1 -- 5', 'a comment'],
  ['id / 2 > 1', 'a division'],
  ['price + 1 > 2.5', 'arithmetic with decimals'],
  ['id = NULL', 'null as a value'],
  ["name RLIKE 'a'", 'a regular expression'],
  ['upper(name) = name', 'a function'],
  ['CAST(id AS STRING) = name', 'a cast'],
  ['id > 12345678901234567890', 'a number beyond all integers'],
  ['id > 1L', 'a typed number'],
  ['who = who', 'a struct as a value'],
  ['id LIKE name', 'a pattern that is a column'],
])('does not claim to understand %s: %s', (sql) => {
  expect(parseCondition(sql, schema)).toBeUndefined()
})

it('binds AND before OR, and NOT before both', () => {
  expect(parseCondition('is_new or not is_new and is_new', schema)).toMatchObject({
    operator: 'OR',
    right: { operator: 'AND', left: { node: 'not' } },
  })
})
