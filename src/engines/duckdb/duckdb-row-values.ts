import {
  BIGINT,
  BLOB,
  BOOLEAN,
  DOUBLE,
  DuckDBBlobValue,
  DuckDBListValue,
  DuckDBMapValue,
  DuckDBStructValue,
  FLOAT,
  INTEGER,
  LIST,
  MAP,
  SMALLINT,
  STRUCT,
  TINYINT,
  VARCHAR,
  type DuckDBType,
  type DuckDBValue,
} from '@duckdb/node-api'
import type { DeltaType } from '../../delta/schema.ts'

const scalars: Readonly<Record<string, DuckDBType>> = {
  byte: TINYINT,
  short: SMALLINT,
  integer: INTEGER,
  long: BIGINT,
  float: FLOAT,
  double: DOUBLE,
  boolean: BOOLEAN,
  binary: BLOB,
}

/** The type in which values of the program go into DuckDB: decimals, dates and times as text, which is converted all at once. */
export function loadedType(type: DeltaType): DuckDBType {
  if (typeof type === 'string') return scalars[type] ?? VARCHAR
  if (type.type === 'array') return LIST(loadedType(type.elementType))
  if (type.type === 'map') return MAP(loadedType(type.keyType), loadedType(type.valueType))
  return STRUCT(Object.fromEntries(type.fields.map(({ name, type: inner }) => [name, loadedType(inner)])))
}

/**
 * A value of the program as DuckDB's, for a column of `loadedType`; null for undefined too. Throws RangeError, with the place inside of the value, for one
 * that is not of the type. Takes what reading answers: a long as number or bigint, decimals and times as text, binary as bytes, maps as Map; beside that
 * decimals as number, times as Date, maps with text for keys as object.
 */
export function loadedValue(type: DeltaType, value: unknown, place = ''): DuckDBValue {
  if (value === null || value === undefined) return null
  if (typeof type === 'string') return scalarValue(type, value, place)
  if (type.type === 'array') {
    if (!Array.isArray(value)) throw new RangeError(place)
    return new DuckDBListValue(value.map((item: unknown, i) => loadedValue(type.elementType, item, `${place}[${i}]`)))
  }
  if (typeof value !== 'object') throw new RangeError(place)
  if (type.type === 'map') {
    const entries: readonly (readonly [unknown, unknown])[] = value instanceof Map ? [...value] : Object.entries(value)
    return new DuckDBMapValue(
      entries.map(([key, inner]) => {
        if (key === null || key === undefined) throw new RangeError(place)
        const at = `${place}[${typeof key === 'object' ? '…' : String(key)}]`
        return { key: loadedValue(type.keyType, key, at), value: loadedValue(type.valueType, inner, at) }
      }),
    )
  }
  const given = new Map<string, unknown>(Object.entries(value))
  const fields = type.fields.map(({ name, type: inner }) => {
    const entry = [name, loadedValue(inner, given.get(name), `${place}.${name}`)] as const
    given.delete(name)
    return entry
  })
  const [unknown] = given.keys()
  if (unknown !== undefined || Array.isArray(value))
    throw new RangeError(unknown === undefined ? place : `${place}.${unknown}`)
  return new DuckDBStructValue(Object.fromEntries(fields))
}

const bits: Readonly<Record<string, number>> = { byte: 8, short: 16, integer: 32 }

function scalarValue(type: string, value: unknown, place: string): DuckDBValue {
  const found = type in bits || type === 'long' ? integerValue(type, value) : otherValue(type, value)
  if (found === undefined) throw new RangeError(place)
  return found
}

function integerValue(type: string, value: unknown): DuckDBValue | undefined {
  const size = bits[type]
  if (size !== undefined)
    return typeof value === 'number' &&
      Number.isInteger(value) &&
      value >= -(2 ** (size - 1)) &&
      value < 2 ** (size - 1)
      ? value
      : undefined
  if (typeof value === 'number') return Number.isSafeInteger(value) ? BigInt(value) : undefined
  return typeof value === 'bigint' && BigInt.asIntN(64, value) === value ? value : undefined
}

function otherValue(type: string, value: unknown): DuckDBValue | undefined {
  switch (type) {
    case 'float':
    case 'double':
      return typeof value === 'number' ? value : undefined
    case 'boolean':
      return typeof value === 'boolean' ? value : undefined
    case 'string':
      return typeof value === 'string' ? value : undefined
    case 'binary':
      return value instanceof Uint8Array ? new DuckDBBlobValue(value) : undefined
    case 'date':
    case 'timestamp':
    case 'timestamp_ntz':
      return timeText(type, value)
    default:
      return decimalText(type, value)
  }
}

function timeText(type: string, value: unknown): string | undefined {
  if (typeof value === 'string') return value
  if (!(value instanceof Date)) return undefined
  return type === 'timestamp_ntz' ? value.toISOString().slice(0, -1) : value.toISOString()
}

/** The text of a number that a decimal holds without rounding. */
function decimalText(type: string, value: unknown): string | undefined {
  const text = typeof value === 'number' || typeof value === 'bigint' ? String(value) : value
  const [, precision = '10', scale = '0'] = /^decimal(?:\((\d+),\s*(\d+)\))?$/.exec(type) ?? []
  const [, whole = '', rest = ''] = (typeof text === 'string' ? /^-?0*(\d*)(?:\.(\d*?)0*)?$/.exec(text) : null) ?? []
  if (typeof text !== 'string' || !/\d/.test(text) || (whole === '' && rest === '' && !/0/.test(text))) return undefined
  return whole.length <= Number(precision) - Number(scale) && rest.length <= Number(scale) ? text : undefined
}
