// random schemas and rows, of every type that Delta tables have

const scalars = [
  'byte',
  'short',
  'integer',
  'long',
  'float',
  'double',
  'decimal(5,2)',
  'decimal(18,0)',
  'decimal(38,10)',
  'boolean',
  'string',
  'binary',
  'date',
  'timestamp',
]
const partitionTypes = ['string', 'integer', 'long', 'short', 'boolean', 'date', 'timestamp', 'decimal(5,2)']
const names = ['title', 'Größe', 'camelCase', 'UPPER', '日付', 'a-b', 'select', 'x1', 'né', 'with.dot']
const texts = [
  '',
  'a',
  'Ü😀',
  'it\'s "so"\n',
  '%+=/:\\&@$,;<',
  '__HIVE_DEFAULT_PARTITION__',
  'null',
  ' ',
  'a'.repeat(40),
  '😀'.repeat(33),
]
// days and instants at which calendars, epochs and types have their edges; the Julian calendar ended in 1582
const days = [
  '0001-01-01',
  '1582-10-04',
  '1582-10-10',
  '1582-10-15',
  '1899-12-31',
  '1969-12-31',
  '1970-01-01',
  '2024-02-29',
  '9999-12-31',
]
const nearDays = days.slice(4, -1)
const times = ['00:00:00.000000', '00:00:00.000001', '23:59:59.999999', '12:34:56.789012', '10:45:30.500000']

/** A column, or a field of a struct. */
export const fieldOf = (name, type, nullable = true) => ({ name, type, nullable, metadata: {} })

/** Columns: a key `id`, a number `n`, and some of any type, with instants without a zone where a table may have them. */
export function randomFields(random, { hasNtz, count }) {
  const known = hasNtz ? [...scalars, 'timestamp_ntz'] : scalars
  const others = random.some(names, count).map((name) => fieldOf(name, randomType(random, known, 2)))
  return [fieldOf('id', 'long'), fieldOf('n', 'integer'), ...others]
}

/** A column that a table gets later. */
export const randomField = (random, name) => fieldOf(name, randomType(random, scalars, 1))

function randomType(random, known, depth) {
  const kind = depth === 0 ? 3 : random.below(7)
  if (kind === 0) return { type: 'array', elementType: randomType(random, known, depth - 1), containsNull: true }
  if (kind === 1)
    return {
      type: 'map',
      keyType: random.pick(['string', 'integer', 'long', 'date']),
      valueType: randomType(random, known, depth - 1),
      valueContainsNull: true,
    }
  if (kind === 2)
    return {
      type: 'struct',
      fields: random
        .some(['first', 'Zweite', 'third'], random.between(1, 3))
        .map((name) => fieldOf(name, randomType(random, known, depth - 1))),
    }
  return random.pick(known)
}

/** Columns to lay a table out by, none in most tables. */
export function randomPartition(random, fields) {
  if (random.chance(0.6)) return []
  const fit = fields.filter(({ name, type }) => name !== 'id' && name !== 'n' && partitionTypes.includes(type))
  return random.some(fit, random.between(1, 2)).map(({ name }) => name)
}

/** Rows with these keys. Where `isNear`, instants lie between 1677 and 2262. */
export const randomRows = (random, { fields, partition, isNear }, ids) =>
  ids.map((id) =>
    Object.fromEntries(
      fields.map((field) => [
        field.name,
        field.name === 'id' ? String(id) : columnValue(isNear ? { ...random, isNear } : random, field, partition),
      ]),
    ),
  )

function columnValue(random, { name, type, nullable }, partition) {
  if (name === 'n') return random.chance(0.1) && nullable ? null : String(random.between(-9, 9))
  if (nullable && random.chance(0.15)) return null
  const value = randomValue(random, type)
  if (!partition.includes(name) || type !== 'string') return value
  // a partition's empty text is null, and what delta-rs makes of a long one is too long for a folder's name
  return value === '' ? 'leer' : value.slice(0, 20)
}

function randomValue(random, type) {
  if (typeof type === 'string') return randomScalar(random, type)
  const item = (of) => (random.chance(0.15) ? null : randomValue(random, of))
  if (type.type === 'array') return Array.from({ length: random.below(4) }, () => item(type.elementType))
  if (type.type === 'map') {
    const keys = new Set(Array.from({ length: random.below(3) }, () => randomScalar(random, type.keyType)))
    return [...keys].map((key) => [key, item(type.valueType)])
  }
  return Object.fromEntries(type.fields.map((field) => [field.name, item(field.type)]))
}

const bits = { byte: 8n, short: 16n, integer: 32n, long: 64n }

function randomScalar(random, type) {
  if (type in bits) {
    const end = 2n ** (bits[type] - 1n)
    return String(
      random.pick([-end, end - 1n, 0n, BigInt(random.between(-100, 100)), (end / 1000n) * BigInt(random.below(1000))]),
    )
  }
  if (type === 'float' || type === 'double') return floatText(random, type)
  if (type.startsWith('decimal')) return decimalText(random, type)
  if (type === 'boolean') return random.chance(0.5)
  if (type === 'string') return random.chance(0.5) ? random.pick(texts) : `text ${random.below(20)}`
  if (type === 'binary') return random.pick(['', '00', 'ff00fe', '41', 'c3a4', '0a0d'])
  const isFar = type === 'date' || random.isNear !== true
  const day = random.chance(0.4)
    ? random.pick(isFar ? days : nearDays)
    : `20${random.between(10, 29)}-0${random.between(1, 9)}-1${random.below(9)}`
  if (type === 'date') return day
  return `${day}T${random.pick(times)}${type === 'timestamp' ? 'Z' : ''}`
}

function floatText(random, type) {
  const value = random.pick([NaN, Infinity, -Infinity, 0, -0, 0.1, -1.5, 1e30, 1e-30, random.between(-1000, 1000) / 8])
  const held = type === 'float' ? Math.fround(value) : value
  return Object.is(held, -0) ? '-0' : String(held)
}

function decimalText(random, type) {
  const [precision, scale] = type.match(/\d+/g).map(Number)
  const digits = random.pick(['0', '1', '9'.repeat(precision), String(random.below(10 ** Math.min(precision, 9)))])
  const padded = digits.padStart(scale + 1, '0')
  const text = scale === 0 ? padded : `${padded.slice(0, -scale)}.${padded.slice(-scale)}`
  return random.chance(0.3) && digits !== '0' ? `-${text}` : text
}
