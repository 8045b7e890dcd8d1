import {
  Bool,
  DateDay,
  Field,
  Float64,
  Int32,
  Int64,
  List,
  makeData,
  RecordBatch,
  RecordBatchStreamWriter,
  Schema,
  Struct,
  TimestampMicrosecond,
  Utf8,
  type Data,
  type DataType,
} from 'apache-arrow'
import { typeName, type Fields, type Type } from '../../../frame/types.ts'

/** A row of the program: numbers or bigints, text, booleans, dates and timestamps as text, arrays, objects; null and undefined are null. */
export type UploadRow = Readonly<Record<string, unknown>>

/** Rows as an Arrow IPC stream. Throws RangeError, naming row and column, for a value that is not of its column's type. */
export function encodeRows(columns: Fields, rows: readonly UploadRow[]): Uint8Array {
  const fields = Object.entries(columns).map(([name, type]) => new Field(name, arrowType(type), true))
  const children = Object.entries(columns).map(([name, type]) =>
    encode(
      type,
      rows.map((row) => row[name]),
      name,
    ),
  )
  const type = new Struct(fields)
  const data = makeData({ type, length: rows.length, nullCount: 0, children })
  const writer = RecordBatchStreamWriter.writeAll([new RecordBatch(new Schema(fields), data)])
  return writer.toUint8Array(true)
}

function arrowType(type: Type): DataType {
  if (typeof type !== 'string') {
    if ('json' in type) return arrowType(type.json)
    if ('array' in type) return new List(new Field('element', arrowType(type.array), true))
    return new Struct(Object.entries(type.struct).map(([name, inner]) => new Field(name, arrowType(inner), true)))
  }
  switch (type) {
    case 'int':
      return new Int32()
    case 'bigint':
      return new Int64()
    case 'double':
      return new Float64()
    case 'boolean':
      return new Bool()
    case 'date':
      return new DateDay()
    case 'timestamp':
      return new TimestampMicrosecond('UTC')
    case 'string':
      return new Utf8()
  }
}

function encode(type: Type, values: readonly unknown[], name: string): Data {
  const { length } = values
  const nullBitmap = new Uint8Array(Math.ceil(length / 8))
  let nullCount = 0
  for (let row = 0; row < length; row += 1)
    if (values[row] === null || values[row] === undefined) nullCount += 1
    else nullBitmap[row >> 3] = (nullBitmap[row >> 3] ?? 0) | (1 << (row & 7))
  const common = { length, nullCount, nullBitmap }
  if (typeof type !== 'string') {
    if ('json' in type) return encode(type.json, values, name)
    if ('array' in type) return encodeLists(type.array, values, name, common)
    return encodeStructs(type.struct, values, name, common)
  }
  const given = <T>(read: (value: unknown) => T | undefined, row: number, none: T): T => {
    const value = values[row]
    if (value === null || value === undefined) return none
    const found = read(value)
    if (found === undefined) throw wrong(value, type, name, row)
    return found
  }
  switch (type) {
    case 'int':
      return makeData({ ...common, type: new Int32(), data: Int32Array.from(values, (_, i) => given(int, i, 0)) })
    case 'bigint':
      return makeData({ ...common, type: new Int64(), data: BigInt64Array.from(values, (_, i) => given(long, i, 0n)) })
    case 'double':
      return makeData({
        ...common,
        type: new Float64(),
        data: Float64Array.from(values, (_, i) => given(double, i, 0)),
      })
    case 'boolean': {
      const data = new Uint8Array(Math.ceil(length / 8))
      for (let row = 0; row < length; row += 1)
        if (given(boolean, row, false)) data[row >> 3] = (data[row >> 3] ?? 0) | (1 << (row & 7))
      return makeData({ ...common, type: new Bool(), data })
    }
    case 'date':
      return makeData({ ...common, type: new DateDay(), data: Int32Array.from(values, (_, i) => given(days, i, 0)) })
    case 'timestamp':
      return makeData({
        ...common,
        type: new TimestampMicrosecond('UTC'),
        data: BigInt64Array.from(values, (_, i) => given(micros, i, 0n)),
      })
    case 'string':
      return encodeTexts(
        values.map((_, row) => given(text, row, '')),
        common,
      )
  }
}

interface Common {
  readonly length: number
  readonly nullCount: number
  readonly nullBitmap: Uint8Array
}

function encodeTexts(texts: readonly string[], common: Common): Data {
  const valueOffsets = new Int32Array(texts.length + 1)
  for (const [i, one] of texts.entries()) valueOffsets[i + 1] = (valueOffsets[i] ?? 0) + Buffer.byteLength(one)
  const data = Buffer.alloc(valueOffsets[texts.length] ?? 0)
  for (const [i, one] of texts.entries()) data.write(one, valueOffsets[i] ?? 0)
  return makeData({ ...common, type: new Utf8(), valueOffsets, data })
}

function encodeLists(element: Type, values: readonly unknown[], name: string, common: Common): Data {
  const valueOffsets = new Int32Array(values.length + 1)
  const items: unknown[] = []
  for (const [row, value] of values.entries()) {
    if (Array.isArray(value)) for (const item of value) items.push(item)
    else if (value !== null && value !== undefined) throw wrong(value, { array: element }, name, row)
    valueOffsets[row + 1] = items.length
  }
  const type = new List(new Field('element', arrowType(element), true))
  return makeData({ ...common, type, valueOffsets, child: encode(element, items, name) })
}

function encodeStructs(fields: Fields, values: readonly unknown[], name: string, common: Common): Data {
  const records = values.map((value, row) => {
    if (value === null || value === undefined) return undefined
    if (typeof value !== 'object' || Array.isArray(value)) throw wrong(value, { struct: fields }, name, row)
    return value as UploadRow
  })
  const children = Object.entries(fields).map(([field, type]) =>
    encode(
      type,
      records.map((record) => record?.[field]),
      `${name}.${field}`,
    ),
  )
  const type = new Struct(Object.entries(fields).map(([field, inner]) => new Field(field, arrowType(inner), true)))
  return makeData({ ...common, type, children })
}

const int = (value: unknown): number | undefined =>
  (typeof value === 'number' || typeof value === 'bigint') && (Number(value) | 0) === Number(value)
    ? Number(value)
    : undefined

function long(value: unknown): bigint | undefined {
  if (typeof value === 'bigint') return BigInt.asIntN(64, value) === value ? value : undefined
  return typeof value === 'number' && Number.isSafeInteger(value) ? BigInt(value) : undefined
}

const double = (value: unknown): number | undefined =>
  typeof value === 'number' || typeof value === 'bigint' ? Number(value) : undefined

const boolean = (value: unknown): boolean | undefined => (typeof value === 'boolean' ? value : undefined)

// half a surrogate pair would become another character
const text = (value: unknown): string | undefined =>
  typeof value === 'string' && !/\p{Surrogate}/u.test(value) ? value : undefined

function days(value: unknown): number | undefined {
  if (typeof value !== 'string' || !/^\d{4}-\d{2}-\d{2}$/.test(value)) return undefined
  const ms = Date.parse(value)
  return !Number.isNaN(ms) && new Date(ms).toISOString().startsWith(value) ? ms / 86_400_000 : undefined
}

function micros(value: unknown): bigint | undefined {
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? undefined : BigInt(value.getTime()) * 1000n
  const [, second, fraction = ''] =
    /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2})(?:\.(\d{1,6}))?Z$/.exec(typeof value === 'string' ? value : '') ?? []
  const ms = second === undefined ? NaN : Date.parse(`${second}Z`)
  if (second === undefined || Number.isNaN(ms) || !new Date(ms).toISOString().startsWith(second)) return undefined
  return BigInt(ms) * 1000n + BigInt(fraction.padEnd(6, '0'))
}

const wrong = (value: unknown, type: Type, name: string, row: number): RangeError =>
  new RangeError(`row ${row + 1}: ${name} is ${shown(value)}, not a ${typeName(type)}`)

const shown = (value: unknown): string =>
  (typeof value === 'bigint' ? `${value}n` : (JSON.stringify(value) ?? typeof value)).slice(0, 60)
