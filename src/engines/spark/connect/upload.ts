import { createHash } from 'node:crypto'
import { crc32 } from 'node:zlib'
import { create, toBinary, type MessageInitShape } from '@bufbuild/protobuf'
import type { Fields } from '../../../frame/types.ts'
import { encodeRows, type UploadRow } from './arrow-rows.ts'
import { LocalRelationSchema, type AddArtifactsRequestSchema, type RelationSchema } from './gen/spark_connect_min_pb.ts'

/** Bytes that the server keeps for the session. */
interface Artifact {
  readonly name: string
  requests(identity: () => object): AsyncIterable<MessageInitShape<typeof AddArtifactsRequestSchema>>
}

/** Rows as the server takes them: in the plan itself, or as artifacts that have to be there before. */
interface Upload {
  readonly relation: MessageInitShape<typeof RelationSchema>
  readonly artifacts: readonly Artifact[]
}

// a server takes messages of 128 MiB; artifacts stay with it until the session ends, so they are for what does not fit
const INLINE_BYTES = 32 * 2 ** 20
const CHUNK_BYTES = 16 * 2 ** 20
const MESSAGE_BYTES = 2 ** 20

/** The rows ready to be sent to a server of this version: 4.1 and later take them in parts. */
export function buildUpload(columns: Fields, rows: readonly UploadRow[], version: string): Upload {
  const parts = cut(columns, rows)
  const [first] = parts
  if (parts.length === 1 && first !== undefined && first.length <= INLINE_BYTES)
    return { relation: { relType: { case: 'localRelation', value: { data: first } } }, artifacts: [] }
  const [major = 0, minor = 0] = version.split('.').map(Number)
  if (major > 4 || (major === 4 && minor >= 1)) {
    const artifacts = parts.map((part) => artifact(part))
    const dataHashes = artifacts.map(({ hash }) => hash)
    return { relation: { relType: { case: 'chunkedCachedLocalRelation', value: { dataHashes } } }, artifacts }
  }
  const whole = artifact(
    toBinary(LocalRelationSchema, create(LocalRelationSchema, { data: encodeRows(columns, rows) })),
  )
  return { relation: { relType: { case: 'cachedLocalRelation', value: { hash: whole.hash } } }, artifacts: [whole] }
}

/** Arrow streams of the rows, in order: one when it fits into a message. */
function cut(columns: Fields, rows: readonly UploadRow[]): readonly Uint8Array[] {
  const sizes = rows.map(roughSize)
  if (sizes.reduce((sum, size) => sum + size, 0) <= INLINE_BYTES / 2) return [encodeRows(columns, rows)]
  const parts: Uint8Array[] = []
  let from = 0
  let bytes = 0
  for (const [i, size] of sizes.entries()) {
    bytes += size
    if (bytes < CHUNK_BYTES / 2 && i < rows.length - 1) continue
    parts.push(encodeRows(columns, rows.slice(from, i + 1)))
    from = i + 1
    bytes = 0
  }
  return parts
}

/** The rows in parts, each of which goes up within a message, of which the server keeps nothing; one part when there are none. */
export function inlineParts<R>(rows: readonly R[]): readonly (readonly R[])[] {
  const parts: R[][] = [[]]
  let bytes = 0
  for (const row of rows) {
    const size = roughSize(row)
    if (bytes > 0 && bytes + size > INLINE_BYTES / 2) {
      parts.push([])
      bytes = 0
    }
    parts.at(-1)?.push(row)
    bytes += size
  }
  return parts
}

function roughSize(value: unknown): number {
  if (typeof value === 'string') return Buffer.byteLength(value) + 8
  if (value === null || typeof value !== 'object') return 8
  return Object.values(value).reduce((sum: number, inner: unknown) => sum + roughSize(inner), 8)
}

function artifact(bytes: Uint8Array): Artifact & { readonly hash: string } {
  const hash = createHash('sha256').update(bytes).digest('hex')
  const name = `cache/${hash}`
  const chunkAt = (from: number) => {
    const data = bytes.subarray(from, from + MESSAGE_BYTES)
    return { data, crc: BigInt(crc32(data)) }
  }
  async function* requests(identity: () => object): ReturnType<Artifact['requests']> {
    // begun in chunks, an artifact of one chunk is never taken for complete
    if (bytes.length <= MESSAGE_BYTES) {
      yield { ...identity(), payload: { case: 'batch', value: { artifacts: [{ name, data: chunkAt(0) }] } } }
      return
    }
    const numChunks = BigInt(Math.ceil(bytes.length / MESSAGE_BYTES))
    const begin = { name, totalBytes: BigInt(bytes.length), numChunks, initialChunk: chunkAt(0) }
    yield { ...identity(), payload: { case: 'beginChunk', value: begin } }
    for (let from = MESSAGE_BYTES; from < bytes.length; from += MESSAGE_BYTES)
      yield { ...identity(), payload: { case: 'chunk', value: chunkAt(from) } }
  }
  return { name, hash, requests }
}
