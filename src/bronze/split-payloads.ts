import { isUtf8 } from 'node:buffer'
import { InputError } from '../errors.ts'

/** One record of a payload file: its text as it stands there, or why there is none. `place` counts from 1. */
export type PayloadRecord =
  | { readonly place: number; readonly text: string }
  | { readonly place: number; readonly fault: 'body_too_large' | 'not_utf8'; readonly sizeBytes: number }

type Chunks = AsyncIterable<Buffer>

/**
 * The records of a payload file one by one: the elements of a JSON array, also of one inside `{"movies":[…]}`, the lines of NDJSON,
 * or a single answer. Records of more than `maxBytes` are passed over and reported. Throws InputError on an empty file, on what is no
 * JSON, and where a list ends in the middle; the records before have been yielded by then.
 */
export async function* splitPayloads(chunks: Chunks, maxBytes: number): AsyncGenerator<PayloadRecord, void, undefined> {
  const { head, rest } = await readHead(chunks, maxBytes)
  const text = head
    .subarray(0, 65_536)
    .toString('utf8')
    .replace(/^\uFEFF/, '')
  const first = text.trimStart()[0]
  if (first === undefined) throw new InputError('the file is empty')
  const wrapper = /^\s*\{\s*"(movies|results|items)"\s*:\s*\[/.exec(text)
  const all = joined(head, rest)
  if (first === '[' || wrapper !== null) yield* numbered(elements(all, maxBytes), maxBytes)
  else if (first !== '{')
    throw new InputError(`the file holds no JSON objects: it begins with ${JSON.stringify(text.slice(0, 20))}`)
  else if (isPretty(head, maxBytes)) yield* numbered(whole(all, maxBytes), maxBytes)
  else yield* numbered(lines(all, maxBytes), maxBytes)
}

/** A record's bytes, or its size when it has more than may be kept. */
type Piece = Buffer | { readonly sizeBytes: number }

async function* numbered(
  pieces: AsyncIterable<Piece>,
  maxBytes: number,
): AsyncGenerator<PayloadRecord, void, undefined> {
  let place = 0
  for await (const piece of pieces) {
    place += 1
    if (!Buffer.isBuffer(piece)) yield { place, fault: 'body_too_large', sizeBytes: piece.sizeBytes }
    else if (piece.length > maxBytes) yield { place, fault: 'body_too_large', sizeBytes: piece.length }
    else if (!isUtf8(piece)) yield { place, fault: 'not_utf8', sizeBytes: piece.length }
    else yield { place, text: piece.toString('utf8') }
  }
}

/** The file's beginning, up to the end of its first line that is not blank, and what comes after it. */
async function readHead(chunks: Chunks, maxBytes: number): Promise<{ head: Buffer; rest: AsyncIterator<Buffer> }> {
  const rest = chunks[Symbol.asyncIterator]()
  const parts: Buffer[] = []
  let sizeBytes = 0
  for (;;) {
    const { value, done } = await rest.next()
    if (done === true) break
    parts.push(value)
    sizeBytes += value.length
    if (sizeBytes > maxBytes || (sizeBytes > 4096 && value.includes(10))) break
  }
  return { head: Buffer.concat(parts), rest }
}

async function* joined(head: Buffer, rest: AsyncIterator<Buffer>): AsyncGenerator<Buffer, void, undefined> {
  yield head
  yield* { [Symbol.asyncIterator]: () => rest }
}

/** Whether an object is spread over lines: its first line is no JSON by itself and the next does not begin an object. */
function isPretty(head: Buffer, maxBytes: number): boolean {
  const end = head.indexOf(10, head.indexOf(123))
  if (end < 0 || end > maxBytes) return false
  try {
    JSON.parse(
      head
        .subarray(0, end)
        .toString('utf8')
        .replace(/^\uFEFF/, ''),
    )
    return false
  } catch {
    // not JSON by itself: pretty-printed, or a broken line of NDJSON
    return !head.subarray(end).toString('utf8').trimStart().startsWith('{')
  }
}

async function* whole(chunks: Chunks, maxBytes: number): AsyncGenerator<Piece, void, undefined> {
  const piece = new Accumulator(maxBytes)
  for await (const chunk of chunks) piece.add(chunk)
  yield piece.take()
}

async function* lines(chunks: Chunks, maxBytes: number): AsyncGenerator<Piece, void, undefined> {
  const line = new Accumulator(maxBytes)
  for await (const chunk of chunks) {
    let from = 0
    for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, from)) {
      line.add(chunk.subarray(from, end))
      from = end + 1
      if (!line.isBlank) yield line.take()
      line.clear()
    }
    line.add(chunk.subarray(from))
  }
  if (!line.isBlank) yield line.take()
}

/** The elements of the first array in the text, whatever they are. */
async function* elements(chunks: Chunks, maxBytes: number): AsyncGenerator<Piece, void, undefined> {
  const element = new Accumulator(maxBytes)
  const scan = new ArrayScan()
  let place = 0
  for await (const chunk of chunks) {
    let from = 0
    for (let at = 0; at < chunk.length; at += 1) {
      const boundary = scan.next(chunk[at] ?? 0)
      if (boundary === 'inside') continue
      if (boundary !== 'outside' || scan.hasEnded) element.add(chunk.subarray(from, at))
      from = at + 1
      if (boundary === 'outside') continue
      if (!element.isBlank) {
        place += 1
        yield element.take()
      }
      element.clear()
    }
    if (scan.isInArray) element.add(chunk.subarray(from))
  }
  if (!scan.hasEnded) {
    throw new InputError(`the list ends in the middle, after record ${place}`, {
      hint: 'the file seems to be cut off; get it again and import it once more: records that are here already are passed over when --fetched-at is the same',
    })
  }
}

/** Walks over JSON byte by byte and tells where the elements of its first array end. */
class ArrayScan {
  #depth = 0
  #arrayDepth = 0
  #isInString = false
  #isEscaped = false
  hasEnded = false

  get isInArray(): boolean {
    return this.#arrayDepth > 0 && !this.hasEnded
  }

  /** `boundary` at the byte that ends an element, `inside` within the array, `outside` before and after it. */
  next(byte: number): 'inside' | 'boundary' | 'outside' {
    if (this.#isInString) this.#inString(byte)
    else if (byte === 34) this.#isInString = true
    else if (byte === 91 || byte === 123) return this.#opened(byte)
    else if (byte === 93 || byte === 125) return this.#closed()
    else if (byte === 44 && this.isInArray && this.#depth === this.#arrayDepth) return 'boundary'
    return this.isInArray ? 'inside' : 'outside'
  }

  #inString(byte: number): void {
    if (this.#isEscaped) this.#isEscaped = false
    else if (byte === 92) this.#isEscaped = true
    else if (byte === 34) this.#isInString = false
  }

  #opened(byte: number): 'inside' | 'outside' {
    this.#depth += 1
    if (this.#arrayDepth > 0 || byte !== 91) return this.isInArray ? 'inside' : 'outside'
    this.#arrayDepth = this.#depth
    return 'outside'
  }

  #closed(): 'inside' | 'boundary' | 'outside' {
    const isEnd = this.isInArray && this.#depth === this.#arrayDepth
    this.#depth -= 1
    if (!isEnd) return this.isInArray ? 'inside' : 'outside'
    this.hasEnded = true
    return 'boundary'
  }
}

/** Puts the bytes of a record together and lets go of them when there are too many. */
class Accumulator {
  readonly #maxBytes: number
  #parts: Buffer[] = []
  #sizeBytes = 0
  isBlank = true

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes
  }

  add(bytes: Buffer): void {
    if (bytes.length === 0) return
    if (this.isBlank && bytes.some((byte) => byte !== 32 && (byte < 9 || byte > 13))) this.isBlank = false
    this.#sizeBytes += bytes.length
    if (this.#sizeBytes > this.#maxBytes) this.#parts = []
    // a copy: what is collected must not keep the chunk's whole memory
    else this.#parts.push(Buffer.from(bytes))
  }

  take(): Piece {
    if (this.#sizeBytes > this.#maxBytes) return { sizeBytes: this.#sizeBytes }
    return trimmed(Buffer.concat(this.#parts))
  }

  clear(): void {
    this.#parts = []
    this.#sizeBytes = 0
    this.isBlank = true
  }
}

/** The bytes without blanks around them and without a byte order mark before them. */
function trimmed(bytes: Buffer): Buffer {
  const isBlank = (byte: number | undefined): boolean => byte === 32 || (byte !== undefined && byte >= 9 && byte <= 13)
  let start = bytes.subarray(0, 3).equals(Buffer.from([0xef, 0xbb, 0xbf])) ? 3 : 0
  let end = bytes.length
  while (start < end && isBlank(bytes[start])) start += 1
  while (end > start && isBlank(bytes[end - 1])) end -= 1
  return bytes.subarray(start, end)
}
