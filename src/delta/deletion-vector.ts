import { randomUUID } from 'node:crypto'
import { crc32 } from 'node:zlib'
import { TableError } from '../errors.ts'
import type { AddFile, DeletionVector } from './actions.ts'
import { decodePath } from './path-encoding.ts'
import { decodeBitmap, encodeBitmap } from './roaring.ts'
import type { Storage } from './storage.ts'

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

/** The files that an entry of the log stands for, as storage takes them: its data file, and where its deletion vector lies. */
export const filesOf = ({ path, deletionVector }: Pick<AddFile, 'path' | 'deletionVector'>): readonly string[] => [
  decodePath(path),
  ...(deletionVector && deletionVector.storageType !== 'i' ? [vectorPath(deletionVector)] : []),
]

/** The row numbers a vector takes away, ascending. Throws TableError `corrupt` when its file is gone or damaged. */
export async function readVector(storage: Storage, vector: DeletionVector): Promise<readonly number[]> {
  const isInline = vector.storageType === 'i'
  const file = isInline ? 'a deletion vector in the log' : storage.locate(vectorPath(vector))
  const bytes = isInline
    ? decodeZ85(vector.pathOrInlineDv).subarray(0, vector.sizeInBytes)
    : await readBlock(storage, vector)
  const rows = decodeBitmap(bytes, file)
  if (rows.length === vector.cardinality) return rows
  throw new TableError(`${file}: holds ${rows.length} rows, the log says ${vector.cardinality}`, { fault: 'corrupt' })
}

async function readBlock(storage: Storage, vector: DeletionVector): Promise<Buffer> {
  const { offset, sizeInBytes } = vector
  const file = storage.locate(vectorPath(vector))
  const block = await storage.read(vectorPath(vector), { offset: offset ?? 0, length: sizeInBytes + 8 })
  if (block === undefined) throw new TableError(`${file}: the deletion vector is gone`, { fault: 'corrupt' })
  const bytes = block.subarray(4, 4 + sizeInBytes)
  const isWhole = block.length === sizeInBytes + 8 && block.readUInt32BE(0) === sizeInBytes
  if (!isWhole || block.readUInt32BE(4 + sizeInBytes) !== crc32(bytes))
    throw new TableError(`${file}: the deletion vector is damaged`, { fault: 'corrupt' })
  return bytes
}

/** Where the file of a vector lies that is not in the log itself. */
function vectorPath({ storageType, pathOrInlineDv }: DeletionVector): string {
  if (storageType === 'p') return decodePath(pathOrInlineDv)
  const id = decodeZ85(pathOrInlineDv.slice(-20)).toString('hex')
  const uuid = id.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')
  return [...pathOrInlineDv.slice(0, -20).split('/').filter(Boolean), `deletion_vector_${uuid}.bin`].join('/')
}

/** Vectors that are now on the disk, and the path of the file they are in. */
export interface WrittenVectors {
  readonly path: string
  /** One per list of row numbers, in order. */
  readonly vectors: readonly DeletionVector[]
}

/** Writes lists of row numbers, each ascending, into one new file of the table. */
export async function writeVectors(storage: Storage, lists: readonly (readonly number[])[]): Promise<WrittenVectors> {
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
  const path = `deletion_vector_${uuid}.bin`
  await storage.put(path, Buffer.concat(parts))
  return { path, vectors }
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
