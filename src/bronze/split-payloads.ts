import { isUtf8 } from 'node:buffer'
import { InputError } from '../errors.ts'

/** One record of a payload file: its text as it stands there, or why there is none. `place` counts from 1. */
export type PayloadRecord =
  | { readonly place: number; readonly text: string }
  | { readonly place: number; readonly fault: 'body_too_large' | 'not_utf8'; readonly sizeBytes: number }

type Chunks = AsyncIterable<Buffer>

const QUOTE = 34
const COMMA = 44
const OPEN_LIST = 91
const BACKSLASH = 92
const CLOSE_LIST = 93
const OPEN_OBJECT = 123
const CLOSE_OBJECT = 125

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
  if (first === '[' || wrapper !== null) yield* numbered(elements(all, maxBytes, wrapper !== null), maxBytes)
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

/** The elements of the first array in the text, whatever they are. Nothing may follow a list that is not the field of an object. */
async function* elements(chunks: Chunks, maxBytes: number, isField: boolean): AsyncGenerator<Piece, void, undefined> {
  const element = new Accumulator(maxBytes)
  const list = new ListScan()
  let place = 0
  for await (const chunk of chunks) {
    let from = list.begin(chunk)
    while (!list.hasEnded) {
      const end = list.nextEnd(chunk, from)
      element.add(chunk.subarray(from, end))
      if (end === chunk.length) break
      from = end + 1
      if (!element.isBlank) {
        place += 1
        yield element.take()
      }
      element.clear()
    }
    if (list.hasEnded && !isField) checkBlank(chunk.subarray(from), place)
  }
  if (!list.hasEnded)
    throw new InputError(`the list ends in the middle, after record ${place}`, {
      hint: 'the file seems to be cut off; get it again and import it once more: records that are here already are passed over when --fetched-at is the same',
    })
}

function checkBlank(rest: Buffer, place: number): void {
  if (rest.every(isBlank)) return
  throw new InputError(
    `something follows the list, after record ${place}: ${JSON.stringify(rest.toString('utf8').trim().slice(0, 20))}`,
    {
      hint: 'if several files were put together, import them one by one',
    },
  )
}

/** Finds where the elements of a JSON list end, remembering from chunk to chunk where it is. */
class ListScan {
  #hasBegun = false
  #depth = 0
  #isInText = false
  /** Bytes of the next chunk that are escaped: 0 or 1. */
  #escaped = 0
  hasEnded = false

  /** The place behind the bracket that begins the list; 0 in the chunks after it. */
  begin(chunk: Buffer): number {
    if (this.#hasBegun) return 0
    this.#hasBegun = true
    return chunk.indexOf(OPEN_LIST) + 1
  }

  /** The place of the comma or bracket that ends the element, from `at` on; the chunk's length when it goes on in the next. */
  nextEnd(chunk: Buffer, at: number): number {
    // every byte of a file comes by here: two loops over locals are twice as fast as one over fields
    let depth = this.#depth
    if (this.#isInText) at = this.#endOfText(chunk, at)
    while (at < chunk.length) {
      const byte = chunk[at]
      if (byte === QUOTE) {
        at = this.#endOfText(chunk, at + 1)
        continue
      }
      if (byte === OPEN_OBJECT || byte === OPEN_LIST) depth += 1
      else if (byte === CLOSE_OBJECT || byte === CLOSE_LIST) depth -= 1
      if (depth < 0 || (depth === 0 && byte === COMMA)) break
      at += 1
    }
    this.#depth = depth
    this.hasEnded = depth < 0
    return at
  }

  /** The place behind the quote that ends a text. */
  #endOfText(chunk: Buffer, from: number): number {
    let at = from + this.#escaped
    while (at < chunk.length && chunk[at] !== QUOTE) at += chunk[at] === BACKSLASH ? 2 : 1
    this.#isInText = at >= chunk.length
    this.#escaped = Math.max(0, at - chunk.length)
    return Math.min(at + 1, chunk.length)
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
    if (this.isBlank && !bytes.every(isBlank)) this.isBlank = false
    this.#sizeBytes += bytes.length
    if (this.#sizeBytes > this.#maxBytes) this.#parts = []
    else this.#parts.push(bytes)
  }

  take(): Piece {
    if (this.#sizeBytes > this.#maxBytes) return { sizeBytes: this.#sizeBytes }
    const [only] = this.#parts
    return trimmed(only !== undefined && this.#parts.length === 1 ? only : Buffer.concat(this.#parts))
  }

  clear(): void {
    this.#parts = []
    this.#sizeBytes = 0
    this.isBlank = true
  }
}

/** The bytes without blanks around them and without a byte order mark before them. */
function trimmed(bytes: Buffer): Buffer {
  const start = bytes.subarray(0, 3).equals(byteOrderMark) ? 3 : 0
  const first = bytes.findIndex((byte, i) => i >= start && !isBlank(byte))
  return bytes.subarray(first < 0 ? bytes.length : first, bytes.findLastIndex((byte) => !isBlank(byte)) + 1)
}

const byteOrderMark = Buffer.from([0xef, 0xbb, 0xbf])
const isBlank = (byte: number): boolean => byte === 32 || (byte >= 9 && byte <= 13)
