import type { DeltaType } from '../../delta/schema.ts'

const ranges: Readonly<Record<string, readonly [bigint, bigint]>> = {
  byte: [-128n, 127n],
  short: [-32_768n, 32_767n],
  integer: [-(2n ** 31n), 2n ** 31n - 1n],
  long: [-(2n ** 63n), 2n ** 63n - 1n],
}

/**
 * A value of the program as text that DuckDB casts to the Delta type without losing anything: JSON for lists, maps and structs. Undefined when it is
 * none of that type, an integer out of its range, or a decimal with more digits than the type has.
 */
export function encodeDelta(type: DeltaType, value: unknown): string | undefined {
  if (typeof type !== 'string') return encodeNested(type, value)
  if (ranges[type] !== undefined) return integerText(value, ranges[type])
  if (type.startsWith('decimal')) return decimalText(type, value)
  switch (type) {
    case 'double':
    case 'float':
      return typeof value === 'number' ? String(value) : undefined
    case 'boolean':
      return typeof value === 'boolean' ? String(value) : undefined
    case 'date':
    case 'timestamp':
    case 'timestamp_ntz':
      return value instanceof Date ? value.toISOString() : textOf(value)
    case 'binary':
      return value instanceof Uint8Array ? blobText(value) : undefined
    default:
      return textOf(value)
  }
}

const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined)

function integerText(value: unknown, [min, max]: readonly [bigint, bigint]): string | undefined {
  if (typeof value !== 'bigint' && !Number.isSafeInteger(value)) return undefined
  const whole = BigInt(value as bigint | number)
  return whole >= min && whole <= max ? String(whole) : undefined
}

function decimalText(type: string, value: unknown): string | undefined {
  const [, precision = 0, scale = 0] = (/\((\d+),\s*(\d+)\)/.exec(type) ?? []).map(Number)
  const text = typeof value === 'number' || typeof value === 'bigint' ? String(value) : textOf(value)
  const [, whole, fraction = ''] = /^[+-]?0*(\d*)(?:\.(\d*?)0*)?$/.exec(text ?? '-') ?? []
  return whole !== undefined && fraction.length <= scale && whole.length <= precision - scale ? text : undefined
}

// as DuckDB writes the bytes of a blob
const blobText = (bytes: Uint8Array): string =>
  Buffer.from(bytes)
    .toString('hex')
    .replaceAll(/../g, (byte) => String.raw`\x${byte}`)

function encodeNested(type: Exclude<DeltaType, string>, value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  if (type.type === 'array') {
    if (!Array.isArray(value)) return undefined
    const items = value.map((item) => jsonOf(type.elementType, item))
    return items.includes(undefined) ? undefined : `[${items.join(',')}]`
  }
  if (type.type === 'map') {
    const entries = value instanceof Map ? [...value] : Object.entries(value)
    return object(entries.map(([key, one]) => [keyOf(type.keyType, key), jsonOf(type.valueType, one)]))
  }
  const given = new Map(Object.entries(value))
  const known = new Set(type.fields.map(({ name }) => name))
  if ([...given.keys()].some((name) => !known.has(name))) return undefined
  return object(type.fields.map((field) => [field.name, jsonOf(field.type, given.get(field.name))]))
}

// the keys of an object are text, those of a Map what they are
const keyOf = (type: DeltaType, key: unknown): string | undefined =>
  encodeDelta(type, key) ??
  (typeof key === 'string' && /^-?\d+$/.test(key) ? encodeDelta(type, BigInt(key)) : undefined)

function object(entries: readonly (readonly [string | undefined, string | undefined])[]): string | undefined {
  const members = entries.map(([key, one]) => (key === undefined || one === undefined ? undefined : `${JSON.stringify(key)}:${one}`)) // prettier-ignore
  return members.includes(undefined) ? undefined : `{${members.join(',')}}`
}

function jsonOf(type: DeltaType, value: unknown): string | undefined {
  if (value === null || value === undefined) return 'null'
  const text = encodeDelta(type, value)
  if (text === undefined || typeof type !== 'string') return text
  const isBare =
    type === 'boolean' || ranges[type] !== undefined || (typeof value === 'number' && Number.isFinite(value))
  return isBare && !type.startsWith('decimal') ? text : JSON.stringify(text)
}
