import { DataType, type RecordBatch, type Schema } from 'apache-arrow'
import { EngineError } from '../../errors.ts'
import type { Row } from '../../frame/engine.ts'
import type { Fields, Type } from '../../frame/types.ts'
import { columnReaders, type ReadLong, type ReadValue, type SparkValue } from './connect/arrow-values.ts'

// a number is exact while its upper half has at most 21 bits beside the sign
const readLong: ReadLong = (high, low, name) => {
  const number = high * 2 ** 32 + (low >>> 0)
  if (Number.isSafeInteger(number)) return number
  throw new RangeError(`${name}: ${(BigInt(high) << 32n) | BigInt(low >>> 0)} is beyond 2^53`)
}

/** The rows of a batch as frames describe them. Throws EngineError, naming the column, for an integer beyond 2^53. */
export function frameRows(batch: RecordBatch, columns: Fields, sql: string): readonly Row[] {
  try {
    return readRows(batch, columns)
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause
    throw new EngineError(`spark: ${cause.message}`, { sql, cause, hint: 'cast it to string' })
  }
}

/** The columns of a batch with types that hold them; names that come twice are numbered, as `title_1`. */
export function columnsOf({ schema }: RecordBatch): Fields {
  return Object.fromEntries(schema.fields.map(({ type }, i) => [uniqueNames(schema)[i] ?? '', frameType(type)]))
}

function uniqueNames({ fields }: Schema): readonly string[] {
  const used = new Set<string>()
  return fields.map(({ name }) => {
    let unique = name
    for (let i = 1; used.has(unique); i += 1) unique = `${name}_${i}`
    used.add(unique)
    return unique
  })
}

function readRows(batch: RecordBatch, columns: Fields): readonly Row[] {
  const readers = columnReaders(batch, readLong)
  const places = new Map(uniqueNames(batch.schema).map((name, i) => [name, i]))
  const wanted = Object.entries(columns).map(([name, type]): readonly [string, ReadValue] => {
    const place = places.get(name)
    const read = place === undefined ? undefined : readers[place]
    if (place === undefined || read === undefined) throw new Error(`the answer has no column ${name}`)
    return [name, asDeclared(type, batch.schema.fields[place]?.type, read)]
  })
  return Array.from({ length: batch.numRows }, (_, row) => {
    const values: Record<string, unknown> = {}
    for (const [name, read] of wanted) values[name] = read(row)
    return values
  })
}

/** What a person's SQL answers may be of another type than a frame was told: a decimal where a double was meant. */
function asDeclared(type: Type, arrow: DataType | undefined, read: ReadValue): ReadValue {
  const isNumeric = type === 'double' || type === 'int' || type === 'bigint'
  if (isNumeric && DataType.isDecimal(arrow)) return (row) => mapped(read(row), Number)
  if (type === 'string' && !DataType.isUtf8(arrow)) return (row) => mapped(read(row), shown)
  return read
}

const mapped = (value: SparkValue, by: (value: SparkValue) => SparkValue): SparkValue =>
  value === null ? null : by(value)

const shown = (value: SparkValue): string =>
  typeof value === 'object'
    ? JSON.stringify(value, (_, inner: unknown) => (typeof inner === 'bigint' ? String(inner) : inner))
    : String(value)

/** The frame type that holds values of an Arrow type; what frames do not know (maps, intervals, bytes) is text. */
function frameType(type: DataType): Type {
  if (DataType.isInt(type)) return type.bitWidth === 64 ? 'bigint' : 'int'
  if (DataType.isFloat(type) || DataType.isDecimal(type)) return 'double'
  if (DataType.isBool(type)) return 'boolean'
  if (DataType.isDate(type)) return 'date'
  if (DataType.isTimestamp(type)) return 'timestamp'
  const [element] = type.children ?? []
  if (DataType.isList(type) && element !== undefined) return { array: frameType(element.type) }
  if (!DataType.isStruct(type)) return 'string'
  return { struct: Object.fromEntries(type.children.map((field) => [field.name, frameType(field.type)])) }
}
