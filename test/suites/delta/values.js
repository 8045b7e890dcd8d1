// values as the suite writes them in JSON: integers, floats and decimals as text, binary in hexadecimal digits, maps as pairs

/** A type as SQL and messages name it. */
export function typeName(type) {
  if (typeof type === 'string') return type
  if (type.type === 'array') return `array<${typeName(type.elementType)}>`
  if (type.type === 'map') return `map<${typeName(type.keyType)},${typeName(type.valueType)}>`
  return `struct<${type.fields.map((field) => `${field.name}:${typeName(field.type)}`).join(',')}>`
}

/** A value of JSON as the program has it. */
export function parseValue(type, value) {
  if (value === null) return null
  if (typeof type !== 'string') return parseNested(type, value)
  if (['byte', 'short', 'integer', 'long'].includes(type)) return type === 'long' ? BigInt(value) : Number(value)
  if (type === 'float' || type === 'double') return Number(value)
  return type === 'binary' ? Buffer.from(value, 'hex') : value
}

function parseNested(type, value) {
  if (type.type === 'array') return value.map((item) => parseValue(type.elementType, item))
  if (type.type === 'map')
    return new Map(value.map(([key, item]) => [parseValue(type.keyType, key), parseValue(type.valueType, item)]))
  return Object.fromEntries(type.fields.map((field) => [field.name, parseValue(field.type, value[field.name])]))
}

/** A value of the program as JSON. */
export function renderValue(type, value) {
  if (value === null) return null
  if (typeof type !== 'string') return renderNested(type, value)
  if (type === 'binary') return value.toString('hex')
  return typeof value === 'number' || typeof value === 'bigint' ? numberText(value) : value
}

function renderNested(type, value) {
  if (type.type === 'array') return value.map((item) => renderValue(type.elementType, item))
  if (type.type === 'map')
    return [...value].map(([key, item]) => [renderValue(type.keyType, key), renderValue(type.valueType, item)])
  return Object.fromEntries(type.fields.map((field) => [field.name, renderValue(field.type, value[field.name])]))
}

const numberText = (value) => (Object.is(value, -0) ? '-0' : String(value))

/** The same text for the same row, whoever has written its JSON: floats as JavaScript writes them, maps in the order of their keys. */
export const rowText = (fields, row) =>
  JSON.stringify(Object.fromEntries(fields.map(({ name, type }) => [name, uniform(type, row[name])])))

function uniform(type, value) {
  if (value === null || value === undefined) return null
  if (type === 'float' || type === 'double') return numberText(Number(String(value).replace(/^(-?)inf$/, '$1Infinity')))
  if (typeof type === 'string') return value
  if (type.type === 'array') return value.map((item) => uniform(type.elementType, item))
  if (type.type === 'map')
    return value
      .map(([key, item]) => [uniform(type.keyType, key), uniform(type.valueType, item)])
      .toSorted(([a], [b]) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1))
  return Object.fromEntries(type.fields.map((field) => [field.name, uniform(field.type, value[field.name])]))
}

/** What two lists of rows differ in: the first row that only one of them has, and what the other has under its `id`. Undefined when they hold the same rows, in whatever order. */
export function firstDifference(fields, expected, found) {
  const left = new Map()
  const count = (row, by) => {
    const text = rowText(fields, row)
    left.set(text, { row, times: (left.get(text)?.times ?? 0) + by })
  }
  for (const row of expected) count(row, 1)
  for (const row of found) count(row, -1)
  const [text, { row, times } = {}] = [...left].find(([, one]) => one.times !== 0) ?? []
  if (text === undefined) return undefined
  const total = `${found.length} rows, ${expected.length} expected`
  if (times < 0) return `has beyond what is expected ${text} (${total})`
  const other = found.find(({ id }) => id === row.id)
  if (other === undefined) return `lacks ${text} (${total})`
  const different = fields.filter((field) => rowText([field], row) !== rowText([field], other))
  return `has for id ${row.id} ${rowText(different, other)}, not ${rowText(different, row)} (${total})`
}
