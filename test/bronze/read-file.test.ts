import { chmod, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { readPayloadFile } from '../../src/bronze/read-file.ts'
import { InputError } from '../../src/errors.ts'
import { tempFolder } from '../engines/temp-folder.ts'

const lines = '{"id":1,"title":"One"}\n{"id":2,"title":"Two"}\n'
const both = ['{"id":1,"title":"One"}', '{"id":2,"title":"Two"}']
// printf of these lines | zstd; Node 20 has no zstd to make it with
const zstd = Buffer.from('KLUv/QRYNQEA8HsiaWQiOjEsInRpdGxlIjoiT25lIn0KMlR3byJ9CgIAYIs6zCZY9yk4', 'base64')
const zstdOfTwo = Buffer.from('KLUv/QRYSQAAeyJpZCI6MX0KQqEQ5ii1L/0EWEkAAHsiaWQiOjJ9ChEuJqs=', 'base64')

async function fileOf(bytes: string | Buffer, name = 'answers.json'): Promise<string> {
  const path = join(await tempFolder(), name)
  await writeFile(path, bytes)
  return path
}

async function read(path: string, into: string[] = []): Promise<string[]> {
  for await (const record of readPayloadFile(path, 1 << 20)) into.push('text' in record ? record.text : record.fault)
  return into
}

/** What is read of a damaged file, and the error at its end. */
async function readDamaged(bytes: Buffer): Promise<{ path: string; records: string[]; error: unknown }> {
  const path = await fileOf(bytes)
  const records: string[] = []
  try {
    await read(path, records)
    return { path, records, error: undefined }
  } catch (error) {
    return { path, records, error }
  }
}

describe('a payload file is read', () => {
  it('as it is, gzipped, or with Zstandard, whatever its name says', async () => {
    for (const bytes of [lines, gzipSync(lines), zstd]) expect(await read(await fileOf(bytes))).toEqual(both)
  })

  it('when several compressed files were put together', async () => {
    expect(await read(await fileOf(Buffer.concat([gzipSync('{"id":1}\n'), gzipSync('{"id":2}\n')])))).toEqual([
      '{"id":1}',
      '{"id":2}',
    ])
    expect(await read(await fileOf(zstdOfTwo))).toEqual(['{"id":1}', '{"id":2}'])
  })

  it('no further than it is asked for', async () => {
    for await (const record of readPayloadFile(await fileOf(gzipSync(lines.repeat(100_000))), 1 << 20)) {
      expect(record).toEqual({ place: 1, text: both[0] })
      break
    }
  })
})

describe('a payload file that cannot be used ends in an InputError', () => {
  it('when it is cut off, after the records before', async () => {
    const many = Array.from({ length: 50_000 }, (_, i) => JSON.stringify({ id: i, hash: Math.sin(i) })).join('\n')
    const cut = gzipSync(many).subarray(0, -5000)
    const { path, records, error } = await readDamaged(cut)
    expect(records.length).toBeGreaterThan(1000)
    expect(error).toBeInstanceOf(InputError)
    expect(error).toMatchObject({
      message: `${path}: damaged after record ${records.length}: unexpected end of file`,
      hint: expect.stringContaining('get the file again'),
    })
  })

  it('when Zstandard is cut off', async () => {
    const { path, error } = await readDamaged(zstd.subarray(0, -6))
    expect(error).toBeInstanceOf(InputError)
    expect(String(error)).toContain(`${path}: damaged after record`)
  })

  it('when compressed bytes are not what they claim to be', async () => {
    for (const [bytes, place] of [
      [gzipSync(lines), 10],
      [zstd, 6],
    ] as const) {
      const broken = Buffer.from(bytes)
      broken.fill(0xff, place, place + 3)
      const { path, error } = await readDamaged(broken)
      expect(error).toBeInstanceOf(InputError)
      expect(String(error)).toContain(path)
    }
  })

  it('when it is empty, naming it', async () => {
    const path = await fileOf('')
    await expect(read(path)).rejects.toThrow(new InputError(`${path}: the file is empty`))
    await expect(read(await fileOf(gzipSync('')))).rejects.toThrow('the file is empty')
  })

  it('when it is binary', async () => {
    const { error } = await readDamaged(Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 1, 2, 0xff]))
    expect(String(error)).toContain('the file holds no JSON objects: it begins with')
  })

  it('when it is not there, or a folder', async () => {
    const folder = await tempFolder()
    await expect(read(join(folder, 'none.json'))).rejects.toThrow(/none\.json: no such file$/)
    await mkdir(join(folder, 'answers'))
    await expect(read(join(folder, 'answers'))).rejects.toThrow(/answers: cannot be read \(EISDIR\)$/)
  })

  it.skipIf(process.getuid?.() === 0)('when it may not be read', async () => {
    const path = await fileOf(lines)
    await chmod(path, 0o000)
    await expect(read(path)).rejects.toThrow(/cannot be read \(EACCES\)$/)
  })
})
