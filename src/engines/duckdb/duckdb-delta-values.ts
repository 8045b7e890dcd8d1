import {
  DuckDBBlobValue,
  DuckDBListValue,
  DuckDBMapValue,
  DuckDBStructValue,
  DuckDBTimestampTZValue,
  DuckDBTimestampValue,
  type DuckDBValue,
} from '@duckdb/node-api'
import type { DeltaField, DeltaType } from '../../delta/schema.ts'
import { instant } from '../exact-values.ts'

/**
 * A row by the names of its columns, whose values come first, each as JavaScript has it, exactly: a long beyond 2^53 as bigint, decimals as text, dates as
 * `2025-12-09`, instants in UTC with microseconds as `2025-12-09T10:45:30.000000Z`, those without a zone without the `Z`, binary as Buffer, maps as Map.
 */
export const decodeRow = (
  schema: readonly DeltaField[],
  values: readonly DuckDBValue[],
): Readonly<Record<string, unknown>> =>
  Object.fromEntries(schema.map(({ name, type }, i) => [name, decodeDelta(type, values[i] ?? null)]))

function decodeDelta(type: DeltaType, value: DuckDBValue): unknown {
  if (value === null) return null
  if (typeof type !== 'string') return decodeNested(type, value)
  if (type === 'long') return safe(BigInt(String(value)))
  if (type.startsWith('decimal') || type === 'date') return String(value)
  if (value instanceof DuckDBTimestampTZValue) return instant(value.micros)
  if (value instanceof DuckDBTimestampValue) return instant(value.micros).slice(0, -1)
  if (value instanceof DuckDBBlobValue) return Buffer.from(value.bytes)
  return value
}

function decodeNested(type: Exclude<DeltaType, string>, value: DuckDBValue): unknown {
  if (type.type === 'array')
    return value instanceof DuckDBListValue ? value.items.map((item) => decodeDelta(type.elementType, item)) : null
  if (type.type === 'map')
    return value instanceof DuckDBMapValue
      ? new Map(
          value.entries.map((entry) => [
            decodeDelta(type.keyType, entry.key),
            decodeDelta(type.valueType, entry.value),
          ]),
        )
      : null
  const entries = value instanceof DuckDBStructValue ? value.entries : {}
  return Object.fromEntries(
    type.fields.map((field) => [field.name, decodeDelta(field.type, entries[field.name] ?? null)]),
  )
}

const safe = (value: bigint): number | bigint => {
  const number = Number(value)
  return Number.isSafeInteger(number) ? number : value
}
