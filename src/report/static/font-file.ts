import { inflateSync } from 'node:zlib'

const woff = 0x774f4646
const noCharacters: readonly number[] = []

/** A font as OpenType: one in WOFF unpacked, others as they are. */
export function unpackFont(file: Buffer): Buffer {
  if (file.readUInt32BE(0) !== woff) return file
  const count = file.readUInt16BE(12)
  const head = Buffer.alloc(12 + 16 * count)
  head.writeUInt32BE(file.readUInt32BE(4), 0)
  head.writeUInt16BE(count, 4)
  const parts: Buffer[] = [head]
  let offset = head.length
  for (let i = 0; i < count; i++) {
    const entry = 44 + i * 20
    const [at, packed, size] = [4, 8, 12].map((field) => file.readUInt32BE(entry + field)) as [number, number, number]
    const bytes = file.subarray(at, at + packed)
    const table = packed < size ? inflateSync(bytes) : bytes
    // tag and checksum stay, the place is another
    file.copy(head, 12 + i * 16, entry, entry + 4)
    file.copy(head, 16 + i * 16, entry + 16, entry + 20)
    head.writeUInt32BE(offset, 20 + i * 16)
    head.writeUInt32BE(size, 24 + i * 16)
    const padding = (4 - (size % 4)) % 4
    parts.push(table, Buffer.alloc(padding))
    offset += size + padding
  }
  return Buffer.concat(parts)
}

/**
 * The characters that an OpenType font has a glyph for, as code points: those of its `cmap` in the formats 4 and 12, which all fonts have.
 * Source: https://learn.microsoft.com/typography/opentype/spec/cmap
 */
export function charactersOf(font: Buffer): ReadonlySet<number> {
  const cmap = offsetOf(font, 'cmap')
  const found = new Set<number>()
  for (let i = 0; i < font.readUInt16BE(cmap + 2); i++) {
    const table = cmap + font.readUInt32BE(cmap + 8 + i * 8)
    const format = font.readUInt16BE(table)
    const characters = format === 4 ? segments(font, table) : format === 12 ? groups(font, table) : noCharacters
    for (const character of characters) found.add(character)
  }
  return found
}

function offsetOf(font: Buffer, tag: string): number {
  for (let i = 0; i < font.readUInt16BE(4); i++) {
    const entry = 12 + i * 16
    if (font.toString('latin1', entry, entry + 4) === tag) return font.readUInt32BE(entry + 8)
  }
  throw new Error(`the font has no table ${tag}`)
}

/** Format 4: ranges up to U+FFFF, with a step from character to glyph, or a list of glyphs in which 0 is none. */
function* segments(font: Buffer, table: number): Generator<number> {
  const bytes = font.readUInt16BE(table + 6)
  for (let i = 0; i < bytes; i += 2) {
    const end = font.readUInt16BE(table + 14 + i)
    const start = font.readUInt16BE(table + 16 + bytes + i)
    const delta = font.readUInt16BE(table + 16 + 2 * bytes + i)
    const place = table + 16 + 3 * bytes + i
    const range = font.readUInt16BE(place)
    for (let character = start; character <= end && character < 0xffff; character++) {
      const isThere =
        range === 0
          ? ((character + delta) & 0xffff) !== 0
          : font.readUInt16BE(place + range + 2 * (character - start)) !== 0
      if (isThere) yield character
    }
  }
}

/** Format 12: ranges of any character. */
function* groups(font: Buffer, table: number): Generator<number> {
  for (let i = 0; i < font.readUInt32BE(table + 12); i++) {
    const group = table + 16 + i * 12
    const glyph = font.readUInt32BE(group + 8)
    for (let character = font.readUInt32BE(group); character <= font.readUInt32BE(group + 4); character++)
      if (glyph > 0) yield character
  }
}
