import { createReadStream } from 'node:fs'
import { open } from 'node:fs/promises'
import { pipeline } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { Decompress } from 'fzstd'
import { InputError, LakeError } from '../errors.ts'
import { splitPayloads, type PayloadRecord } from './split-payloads.ts'

/**
 * The records of a payload file, see splitPayloads. Gzip and Zstandard are known by their first bytes, whatever the name says.
 * Throws InputError, naming the file, when it is missing, damaged or no payload file.
 */
export async function* readPayloadFile(path: string, maxBytes: number): AsyncGenerator<PayloadRecord, void, undefined> {
  let place = 0
  try {
    for await (const record of splitPayloads(await openFile(path), maxBytes)) {
      place = record.place
      yield record
    }
  } catch (cause) {
    throw inputError(path, place, cause)
  }
}

async function openFile(path: string): Promise<AsyncIterable<Buffer>> {
  const file = await open(path)
  const magic = Buffer.alloc(4)
  try {
    await file.read(magic, 0, 4, 0)
  } finally {
    await file.close()
  }
  const raw = createReadStream(path, { highWaterMark: 1 << 20 })
  // errors of either stream come out where the last one is read
  if (magic.readUInt16BE() === 0x1f8b) return pipeline(raw, createGunzip(), () => undefined)
  return magic.readUInt32LE() === 0xfd2fb528 ? unzstd(raw) : raw
}

async function* unzstd(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer, void, undefined> {
  let ready: Buffer[] = []
  let isComplete = false
  const decompress = new Decompress((bytes, isFinal) => {
    ready.push(Buffer.from(bytes))
    isComplete = isFinal ?? false
  })
  for await (const chunk of chunks) {
    decompress.push(chunk)
    yield* ready
    ready = []
  }
  decompress.push(new Uint8Array(0), true)
  yield* ready
  if (!isComplete) throw new Error('the file ends early')
}

function inputError(path: string, place: number, cause: unknown): Error {
  if (cause instanceof InputError)
    return new InputError(`${path}: ${cause.message}`, { cause, ...(cause.hint !== undefined && { hint: cause.hint }) })
  if (cause instanceof LakeError || !(cause instanceof Error)) return cause as Error
  const { code } = cause as NodeJS.ErrnoException
  if (code === 'ENOENT') return new InputError(`${path}: no such file`, { cause })
  if (code === 'EACCES' || code === 'EISDIR') return new InputError(`${path}: cannot be read (${code})`, { cause })
  return new InputError(`${path}: damaged after record ${place}: ${cause.message}`, {
    cause,
    hint: 'get the file again; what was read before the damage is kept, and importing it once more with the same --fetched-at adds only what is missing',
  })
}
