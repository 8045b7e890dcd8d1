import { DataType, type Data, type Field, type RecordBatch } from 'apache-arrow'
import { instant } from '../../exact-values.ts'

/**
 * A value as Spark had it, nothing rounded: bigint for BIGINT, text for decimals (`'1.50'`), dates (`'2009-12-18'`) and timestamps
 * (`'2025-12-09T10:45:30.000000Z'`, in UTC), bytes for BINARY, microseconds for day intervals, months for year intervals, pairs for maps.
 */
export type SparkValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | Uint8Array
  | readonly SparkValue[]
  | { readonly [field: string]: SparkValue }

/** The value in a row, counted from 0. */
export type ReadValue = (row: number) => SparkValue

/** How a BIGINT is handed over, given its two halves. */
export type ReadLong = (high: number, low: number, name: string) => SparkValue

const asBigint: ReadLong = (high, low) => (BigInt(high) << 32n) | BigInt(low >>> 0)

/** Readers of a batch's columns, in order. `name` of a field inside of another is `outer.inner`. */
export function columnReaders(batch: RecordBatch, readLong: ReadLong = asBigint): readonly ReadValue[] {
  return batch.schema.fields.map((field, i) => {
    const data = batch.data.children[i]
    return data === undefined ? () => null : reader(data, field.name, readLong)
  })
}

/** The rows of a batch, values as `SparkValue` says. */
export function batchRows(batch: RecordBatch): readonly Readonly<Record<string, SparkValue>>[] {
  const names = batch.schema.fields.map((field: Field) => field.name)
  const readers = columnReaders(batch)
  return Array.from({ length: batch.numRows }, (_, row) => {
    const values: Record<string, SparkValue> = {}
    for (const [i, name] of names.entries()) values[name] = readers[i]?.(row) ?? null
    return values
  })
}

function reader(data: Data, name: string, readLong: ReadLong): ReadValue {
  const read = valueReader(data, name, readLong)
  const { nullBitmap, offset } = data
  if (DataType.isNull(data.type)) return () => null
  if (data.nullCount === 0 || nullBitmap.length === 0) return read
  return (row) => {
    const bit = row + offset
    return ((nullBitmap[bit >> 3] ?? 0) >> (bit & 7)) & 1 ? read(row) : null
  }
}

function valueReader(data: Data, name: string, readLong: ReadLong): ReadValue {
  const { type } = data
  if (DataType.isBool(type)) return booleans(data)
  if (DataType.isUtf8(type) || DataType.isLargeUtf8(type)) return texts(data)
  if (DataType.isBinary(type) || DataType.isLargeBinary(type)) return bytes(data)
  if (DataType.isInt(type) && type.bitWidth === 64) return longs(data, (high, low) => readLong(high, low, name))
  if (DataType.isTimestamp(type)) return longs(data, (high, low) => instant(asBigint(high, low, name) as bigint))
  if (DataType.isTime(type)) return longs(data, (high, low) => timeOfDay(asBigint(high, low, name) as bigint))
  if (DataType.isDuration(type)) return longs(data, (high, low) => asBigint(high, low, name))
  if (DataType.isDecimal(type)) return decimals(data, type.bitWidth / 32, type.scale)
  if (DataType.isDate(type)) return dates(data)
  if (DataType.isList(type)) return lists(data, name, readLong)
  if (DataType.isStruct(type)) return structs(data, name, readLong)
  if (DataType.isMap(type)) return maps(data, name, readLong)
  const { values } = data
  return (row) => values[row] ?? null
}

function booleans({ values, offset }: Data): ReadValue {
  return (row) => {
    const bit = row + offset
    return (((values[bit >> 3] ?? 0) >> (bit & 7)) & 1) === 1
  }
}

function texts({ values, valueOffsets }: Data): ReadValue {
  // a TextDecoder takes U+FEFF at the beginning away
  const buffer = Buffer.from(values.buffer, values.byteOffset, values.byteLength)
  return (row) => buffer.toString('utf8', Number(valueOffsets[row]), Number(valueOffsets[row + 1]))
}

function bytes({ values, valueOffsets }: Data): ReadValue {
  // a copy, or one value would keep the whole batch in memory
  return (row) => Uint8Array.from(values.subarray(Number(valueOffsets[row]), Number(valueOffsets[row + 1])))
}

function longs({ values }: Data, read: (high: number, low: number) => SparkValue): ReadValue {
  const halves = new Int32Array(values.buffer, values.byteOffset, values.byteLength / 4)
  return (row) => read(halves[2 * row + 1] ?? 0, halves[2 * row] ?? 0)
}

function decimals({ values }: Data, words: number, scale: number): ReadValue {
  return (row) => {
    let whole = 0n
    for (let word = words - 1; word >= 0; word -= 1)
      whole = (whole << 32n) | BigInt((values[row * words + word] ?? 0) >>> 0)
    whole = BigInt.asIntN(words * 32, whole)
    const digits = (whole < 0n ? -whole : whole).toString().padStart(scale + 1, '0')
    const text = scale === 0 ? digits : `${digits.slice(0, -scale)}.${digits.slice(-scale)}`
    return whole < 0n ? `-${text}` : text
  }
}

const DAY_MS = 86_400_000

function dates({ values }: Data): ReadValue {
  const seen = new Map<number, string>()
  return (row) => {
    const days = Number(values[row])
    const known = seen.get(days)
    if (known !== undefined) return known
    const text = new Date(days * DAY_MS).toISOString().slice(0, 10)
    seen.set(days, text)
    return text
  }
}

const timeOfDay = (nanos: bigint): string => instant(nanos / 1000n).slice(11, -1)

function lists({ valueOffsets, children }: Data, name: string, readLong: ReadLong): ReadValue {
  const read = children[0] === undefined ? () => null : reader(children[0], name, readLong)
  return (row) => {
    const from = valueOffsets[row] ?? 0
    return Array.from({ length: (valueOffsets[row + 1] ?? from) - from }, (_, i) => read(from + i))
  }
}

function structs({ type, children }: Data, name: string, readLong: ReadLong): ReadValue {
  const fields = (type.children as readonly Field[]).map((field, i) => {
    const data = children[i]
    return [field.name, data === undefined ? () => null : reader(data, `${name}.${field.name}`, readLong)] as const
  })
  return (row) => {
    const values: Record<string, SparkValue> = {}
    for (const [field, read] of fields) values[field] = read(row)
    return values
  }
}

function maps({ valueOffsets, children }: Data, name: string, readLong: ReadLong): ReadValue {
  const [keys, values] = (children[0]?.children ?? []).map((data) => reader(data, name, readLong))
  return (row) => {
    const from = valueOffsets[row] ?? 0
    const length = (valueOffsets[row + 1] ?? from) - from
    return Array.from({ length }, (_, i) => [keys?.(from + i) ?? null, values?.(from + i) ?? null])
  }
}
