import { TableError } from '../errors.ts'

// the formats: https://github.com/RoaringBitmap/RoaringFormatSpec and, around it, Delta's RoaringBitmapArray
const arrayMagic = 1_681_511_377
const plainCookie = 12_346
const runCookie = 12_347
const mostInArray = 4096
const bitmapBytes = 8192

/** Row numbers as Delta keeps them: a 64-bit Roaring bitmap in its portable form. The numbers ascend and none is there twice. */
export function encodeBitmap(rows: readonly number[]): Buffer {
  const high = grouped(rows, 2 ** 32)
  const head = Buffer.alloc(12)
  head.writeUInt32LE(arrayMagic, 0)
  head.writeBigUInt64LE(BigInt(high.size), 4)
  const parts: Buffer[] = [head]
  for (const [key, low] of high) {
    const prefix = Buffer.alloc(4)
    prefix.writeUInt32LE(key)
    parts.push(prefix, encode32(low))
  }
  return Buffer.concat(parts)
}

function grouped(numbers: readonly number[], size: number): Map<number, number[]> {
  const groups = new Map<number, number[]>()
  for (const number of numbers) {
    const key = Math.floor(number / size)
    const group = groups.get(key) ?? []
    group.push(number % size)
    groups.set(key, group)
  }
  return groups
}

function encode32(numbers: readonly number[]): Buffer {
  const containers = [...grouped(numbers, 65_536)]
  const head = Buffer.alloc(8 + containers.length * 8)
  head.writeUInt32LE(plainCookie, 0)
  head.writeUInt32LE(containers.length, 4)
  const bodies = containers.map(([, low]) => encodeContainer(low))
  let offset = head.length
  containers.forEach(([key, low], i) => {
    head.writeUInt16LE(key, 8 + i * 4)
    head.writeUInt16LE(low.length - 1, 10 + i * 4)
    head.writeUInt32LE(offset, 8 + containers.length * 4 + i * 4)
    offset += bodies[i]?.length ?? 0
  })
  return Buffer.concat([head, ...bodies])
}

function encodeContainer(low: readonly number[]): Buffer {
  if (low.length <= mostInArray) return Buffer.from(Uint16Array.from(low).buffer)
  const bits = Buffer.alloc(bitmapBytes)
  for (const number of low) bits.writeUInt8(bits.readUInt8(number >> 3) | (1 << (number & 7)), number >> 3)
  return bits
}

/** The row numbers in a bitmap, ascending. Throws TableError `corrupt` when the bytes are none. */
export function decodeBitmap(bytes: Buffer, file: string): readonly number[] {
  try {
    if (bytes.readUInt32LE(0) !== arrayMagic) throw new RangeError(`magic number ${bytes.readUInt32LE(0)}`)
    const rows: number[] = []
    let at = 12
    for (let n = Number(bytes.readBigUInt64LE(4)); n > 0; n -= 1)
      at = decode32(bytes, at + 4, bytes.readUInt32LE(at) * 2 ** 32, rows)
    return rows
  } catch (cause) {
    throw new TableError(`${file}: not a deletion vector`, { fault: 'corrupt', cause })
  }
}

/** Adds the numbers of the 32-bit bitmap that begins at `start`; answers where it ends. */
function decode32(bytes: Buffer, start: number, base: number, rows: number[]): number {
  const cookie = bytes.readUInt32LE(start)
  const hasRuns = (cookie & 0xffff) === runCookie
  if (!hasRuns && cookie !== plainCookie) throw new RangeError(`cookie ${cookie}`)
  const count = hasRuns ? (cookie >>> 16) + 1 : bytes.readUInt32LE(start + 4)
  const flags = start + 4
  const heads = hasRuns ? flags + ((count + 7) >> 3) : start + 8
  let at = heads + count * 4 + (!hasRuns || count >= 4 ? count * 4 : 0)
  for (let i = 0; i < count; i += 1) {
    const first = base + bytes.readUInt16LE(heads + i * 4) * 65_536
    const size = bytes.readUInt16LE(heads + i * 4 + 2) + 1
    const isRun = hasRuns && (bytes.readUInt8(flags + (i >> 3)) & (1 << (i & 7))) !== 0
    at = (isRun ? decodeRuns : size <= mostInArray ? decodeArray : decodeBits)(bytes, at, first, rows, size)
  }
  return at
}

function decodeRuns(bytes: Buffer, start: number, first: number, rows: number[]): number {
  const runs = bytes.readUInt16LE(start)
  for (let i = 0; i < runs; i += 1) {
    const from = first + bytes.readUInt16LE(start + 2 + i * 4)
    const more = bytes.readUInt16LE(start + 4 + i * 4)
    for (let n = 0; n <= more; n += 1) rows.push(from + n)
  }
  return start + 2 + runs * 4
}

function decodeArray(bytes: Buffer, start: number, first: number, rows: number[], size: number): number {
  const end = start + size * 2
  if (end > bytes.length) throw new RangeError(`an array of ${size} numbers is cut off`)
  // a copy, as it must begin at an even address
  for (const low of new Uint16Array(new Uint8Array(bytes.subarray(start, end)).buffer)) rows.push(first + low)
  return end
}

function decodeBits(bytes: Buffer, start: number, first: number, rows: number[]): number {
  for (let byte = 0; byte < bitmapBytes; byte += 1) {
    const bits = bytes.readUInt8(start + byte)
    for (let bit = 0; bits >> bit !== 0; bit += 1) if ((bits >> bit) & 1) rows.push(first + byte * 8 + bit)
  }
  return start + bitmapBytes
}
