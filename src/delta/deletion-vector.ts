import { randomUUID } from 'node:crypto'
import { open } from 'node:fs/promises'
import path from 'node:path'
import { crc32 } from 'node:zlib'
import { TableError } from '../errors.ts'
import type { AddFile, DeletionVector } from './actions.ts'
import { writeDurably } from './log.ts'
import { decodePath } from './path-encoding.ts'
import { decodeBitmap, encodeBitmap } from './roaring.ts'

const z85Digits = '0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-:+=^!/*?&<>()[]{}@%$#'

/** The text of bytes whose number is a multiple of four, in ZeroMQ's base 85. */
export function encodeZ85(bytes: Buffer): string {
  let text = ''
  for (let at = 0; at < bytes.length; at += 4) {
    let rest = bytes.readUInt32BE(at)
    let word = ''
    for (let i = 0; i < 5; i += 1) {
      word = (z85Digits[rest % 85] ?? '') + word
      rest = Math.floor(rest / 85)
    }
    text += word
  }
  return text
}

/** The bytes of a text in ZeroMQ's base 85. Throws TableError `corrupt` when it is none. */
export function decodeZ85(text: string): Buffer {
  if (text.length % 5 !== 0 || !Array.from(text).every((digit) => z85Digits.includes(digit)))
    throw new TableError(`deletion vector ${JSON.stringify(text.slice(0, 40))}: not base 85`, { fault: 'corrupt' })
  const bytes = Buffer.alloc((text.length / 5) * 4)
  for (let at = 0; at < text.length; at += 5) {
    const word = Array.from(text.slice(at, at + 5)).reduce((value, digit) => value * 85 + z85Digits.indexOf(digit), 0)
    bytes.writeUInt32BE(word, (at / 5) * 4)
  }
  return bytes
}

/** The row numbers a vector takes away, ascending. Throws TableError `corrupt` when its file is gone or damaged. */
export async function readVector(folder: string, vector: DeletionVector): Promise<readonly number[]> {
  const file = vector.storageType === 'i' ? 'a deletion vector in the log' : vectorFile(folder, vector)
  const bytes =
    vector.storageType === 'i'
      ? decodeZ85(vector.pathOrInlineDv).subarray(0, vector.sizeInBytes)
      : await readBlock(file, vector)
  const rows = decodeBitmap(bytes, file)
  if (rows.length === vector.cardinality) return rows
  throw new TableError(`${file}: holds ${rows.length} rows, the log says ${vector.cardinality}`, { fault: 'corrupt' })
}

async function readBlock(file: string, { offset, sizeInBytes }: DeletionVector): Promise<Buffer> {
  const block = Buffer.alloc(sizeInBytes + 8)
  const handle = await open(file).catch((cause: unknown) => {
    throw new TableError(`${file}: the deletion vector is gone`, { fault: 'corrupt', cause })
  })
  try {
    await handle.read(block, 0, block.length, offset ?? 0)
  } finally {
    await handle.close()
  }
  const bytes = block.subarray(4, 4 + sizeInBytes)
  if (block.readUInt32BE(0) !== sizeInBytes || block.readUInt32BE(4 + sizeInBytes) !== crc32(bytes))
    throw new TableError(`${file}: the deletion vector is damaged`, { fault: 'corrupt' })
  return bytes
}

function vectorFile(folder: string, { storageType, pathOrInlineDv }: DeletionVector): string {
  if (storageType === 'p') return decodePath(folder, pathOrInlineDv)
  const id = decodeZ85(pathOrInlineDv.slice(-20)).toString('hex')
  const uuid = id.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')
  return path.join(folder, pathOrInlineDv.slice(0, -20), `deletion_vector_${uuid}.bin`)
}

/** Vectors that are now on the disk, and the file they are in. */
export interface WrittenVectors {
  readonly file: string
  /** One per list of row numbers, in order. */
  readonly vectors: readonly DeletionVector[]
}

/** Writes lists of row numbers, each ascending, into one new file of the table. */
export async function writeVectors(folder: string, lists: readonly (readonly number[])[]): Promise<WrittenVectors> {
  const uuid = randomUUID()
  const pathOrInlineDv = encodeZ85(Buffer.from(uuid.replaceAll('-', ''), 'hex'))
  const parts: Buffer[] = [Buffer.from([1])]
  let offset = 1
  const vectors = lists.map((rows): DeletionVector => {
    const bytes = encodeBitmap(rows)
    const size = Buffer.alloc(4)
    size.writeUInt32BE(bytes.length)
    const check = Buffer.alloc(4)
    check.writeUInt32BE(crc32(bytes))
    parts.push(size, bytes, check)
    const vector = {
      storageType: 'u' as const,
      pathOrInlineDv,
      offset,
      sizeInBytes: bytes.length,
      cardinality: rows.length,
    }
    offset += bytes.length + 8
    return vector
  })
  const file = path.join(folder, `deletion_vector_${uuid}.bin`)
  await writeDurably(file, Buffer.concat(parts))
  return { file, vectors }
}

/** The file with a vector laid over it. Its statistics stay, but as bounds that no row need reach. */
export const withVector = (file: AddFile, deletionVector: DeletionVector): AddFile => ({
  ...file,
  dataChange: true,
  deletionVector,
  stats: `{"tightBounds":false,${(file.stats ?? '{}')
    .replace(/"tightBounds"\s*:\s*(true|false)\s*,?/, '')
    .replace(/^\s*\{/, '')}`.replace(/,\s*\}\s*$/, '}'),
})
