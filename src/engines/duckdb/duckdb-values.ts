import {
  DuckDBDateValue,
  DuckDBListValue,
  DuckDBStructValue,
  DuckDBTimestampTZValue,
  DuckDBTimestampValue,
  DuckDBTypeId,
  type DuckDBType,
  type DuckDBValue,
} from '@duckdb/node-api'
import type { Fields, Type } from '../../frame/types.ts'
import { exact, instant } from '../exact-values.ts'

/** DuckDB's value as frames describe it. Throws RangeError, naming the column, for an integer beyond 2^53. */
export function decode(type: Type, value: DuckDBValue, name: string): unknown {
  if (value === null) return null
  if (typeof type !== 'string') return decodeNested(type, value, name)
  switch (type) {
    case 'boolean':
      return value
    case 'int':
    case 'bigint':
      return typeof value === 'number' ? value : exact(BigInt(String(value)), name)
    case 'double':
      return typeof value === 'number' ? value : Number(value)
    case 'timestamp':
      return value instanceof DuckDBTimestampTZValue || value instanceof DuckDBTimestampValue
        ? instant(value.micros)
        : String(value)
    case 'date':
      return value instanceof DuckDBDateValue ? value.toString() : String(value)
    case 'string':
      return typeof value === 'string' ? value : String(value)
  }
}

function decodeNested(type: Exclude<Type, string>, value: DuckDBValue, name: string): unknown {
  if ('json' in type) return decode(type.json, value, name)
  if ('array' in type)
    return value instanceof DuckDBListValue ? value.items.map((item) => decode(type.array, item, name)) : []
  const entries = value instanceof DuckDBStructValue ? value.entries : {}
  return Object.fromEntries(
    Object.entries(type.struct).map(([field, inner]) => [
      field,
      decode(inner, entries[field] ?? null, `${name}.${field}`),
    ]),
  )
}

const integers = new Set([
  DuckDBTypeId.BIGINT,
  DuckDBTypeId.UINTEGER,
  DuckDBTypeId.UBIGINT,
  DuckDBTypeId.HUGEINT,
  DuckDBTypeId.UHUGEINT,
])
const smallIntegers = new Set([
  DuckDBTypeId.TINYINT,
  DuckDBTypeId.SMALLINT,
  DuckDBTypeId.INTEGER,
  DuckDBTypeId.UTINYINT,
  DuckDBTypeId.USMALLINT,
])

/** The frame type that holds values of a DuckDB type; what frames do not know (maps, intervals, blobs) is text. */
export function frameType(type: DuckDBType): Type {
  if (integers.has(type.typeId)) return 'bigint'
  if (smallIntegers.has(type.typeId)) return 'int'
  switch (type.typeId) {
    case DuckDBTypeId.DOUBLE:
    case DuckDBTypeId.FLOAT:
    case DuckDBTypeId.DECIMAL:
      return 'double'
    case DuckDBTypeId.BOOLEAN:
      return 'boolean'
    case DuckDBTypeId.DATE:
      return 'date'
    case DuckDBTypeId.TIMESTAMP:
    case DuckDBTypeId.TIMESTAMP_TZ:
      return 'timestamp'
    default:
      return nestedType(type)
  }
}

function nestedType(type: DuckDBType): Type {
  if (type.typeId === DuckDBTypeId.LIST && 'valueType' in type) return { array: frameType(type.valueType) }
  if (type.typeId !== DuckDBTypeId.STRUCT || !('entryNames' in type)) return 'string'
  const fields: Fields = Object.fromEntries(
    type.entryNames.map((name, i) => [name, frameType(type.entryTypes[i] ?? type)]),
  )
  return { struct: fields }
}
