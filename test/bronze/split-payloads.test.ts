import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { splitPayloads, type PayloadRecord } from '../../src/bronze/split-payloads.ts'

/** The bytes in chunks of that size. */
async function* inChunks(bytes: Buffer, size = bytes.length): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}

async function split(text: string | Buffer, maxBytes = 1000, chunkSize?: number): Promise<PayloadRecord[]> {
  const records: PayloadRecord[] = []
  const bytes = typeof text === 'string' ? Buffer.from(text) : text
  for await (const record of splitPayloads(inChunks(bytes, chunkSize), maxBytes)) records.push(record)
  return records
}
const texts = async (...args: Parameters<typeof split>) =>
  (await split(...args)).map((record) => ('text' in record ? record.text : record.fault))

describe('the records of a file are', () => {
  it('the elements of a list, as they stand there', async () => {
    expect(await split('[ {"id":1, "b": [1,2]} ,\n{"id":2}\t]\n')).toEqual([
      { place: 1, text: '{"id":1, "b": [1,2]}' },
      { place: 2, text: '{"id":2}' },
    ])
  })

  it('the elements of the list of movies in an object', async () => {
    expect(await texts('{"movies":[{"id":1},{"id":2}],"page":1}')).toEqual(['{"id":1}', '{"id":2}'])
    expect(await texts(' {\n "results" : [ {"id":1} ] }')).toEqual(['{"id":1}'])
  })

  it('the lines of NDJSON, blank ones left out', async () => {
    expect(await split('{"id":1}\r\n\r\n{"id":2} \n  \n{"id":3}')).toEqual([
      { place: 1, text: '{"id":1}' },
      { place: 2, text: '{"id":2}' },
      { place: 3, text: '{"id":3}' },
    ])
  })

  it('one object, on one line or on many', async () => {
    expect(await texts('{"id":1}')).toEqual(['{"id":1}'])
    const pretty = JSON.stringify({ id: 1, genres: [{ id: 2 }] }, null, 2)
    expect(await texts(`${pretty}\n`)).toEqual([pretty])
  })

  it('lines, even where the first one is broken', async () => {
    expect(await texts('{"id":1,\n{"id":2}\n')).toEqual(['{"id":1,', '{"id":2}'])
  })

  it('whatever stands in the list, for the check of payloads to judge', async () => {
    expect(await texts('[1, null, "a,]b", [2, 3], {}]')).toEqual(['1', 'null', '"a,]b"', '[2, 3]', '{}'])
  })

  it('none in an empty list', async () => {
    expect(await texts('[]')).toEqual([])
    expect(await texts('{"movies": [ ]}')).toEqual([])
  })

  it('the same behind a byte order mark', async () => {
    const mark = '\uFEFF'
    expect(await texts(`${mark}[{"id":1}]`)).toEqual(['{"id":1}'])
    expect(await texts(`${mark}{"id":1}\n{"id":2}`)).toEqual(['{"id":1}', '{"id":2}'])
    expect(await texts(`${mark}{\n"id":1}`)).toEqual(['{\n"id":1}'])
  })

  it('their own bytes: escapes, blanks and order are not touched', async () => {
    const odd = '{"b":"\\u00e9 \\/ é 日本 \\"","a" : 1.50,"a":2e1}'
    expect(await texts(`[${odd}]`)).toEqual([odd])
    expect(await texts(`${odd}\n${odd}`)).toEqual([odd, odd])
  })

  it('the same however the bytes come in', async () => {
    const json = fc.json({ maxDepth: 3 }).filter((text) => text.startsWith('{'))
    const blank = fc.constantFrom('', ' ', '\n', '\r\n\t')
    const list = fc.tuple(
      fc.array(fc.tuple(blank, json, blank), { maxLength: 6 }),
      fc.constantFrom('["', '{"movies":["'),
    )
    await fc.assert(
      fc.asyncProperty(list, fc.integer({ min: 1, max: 40 }), async ([items, begin], size) => {
        const expected = items.map(([, text]) => text)
        const isField = begin.startsWith('{')
        const all = items.map((item) => item.join('')).join(',')
        expect(await texts(`${begin.slice(0, -1)}${all}]${isField ? '}' : ''}`, 10_000, size)).toEqual(expected)
        if (expected.length > 0) expect(await texts(expected.join('\n'), 10_000, size)).toEqual(expected)
      }),
      { seed: 11, numRuns: 300 },
    )
  })
})

describe('a record is passed over', () => {
  it('when it has too many bytes, and the ones after it are read', async () => {
    const big = JSON.stringify({ id: 1, overview: 'x'.repeat(100) })
    const faults = { place: 1, fault: 'body_too_large', sizeBytes: big.length }
    for (const size of [7, 1000]) {
      expect(await split(`[${big},{"id":2}]`, 50, size)).toEqual([faults, { place: 2, text: '{"id":2}' }])
      expect(await split(`${big}\n{"id":2}`, 50, size)).toEqual([faults, { place: 2, text: '{"id":2}' }])
    }
  })

  it('when it is not UTF-8', async () => {
    const bytes = Buffer.concat([Buffer.from('{"id":1}\n{"title":"'), Buffer.from([0xe9]), Buffer.from('"}\n{"id":3}')])
    expect(await split(bytes)).toEqual([
      { place: 1, text: '{"id":1}' },
      { place: 2, fault: 'not_utf8', sizeBytes: 13 },
      { place: 3, text: '{"id":3}' },
    ])
  })

  it.each(['{"id":1}\n{"overview":"', '[{"id":1},{"overview":"'])(
    'without being held, when 200 MB stand in one line: %s',
    async (begin) => {
      async function* huge() {
        yield Buffer.from(begin)
        for (let megabytes = 0; megabytes < 200; megabytes += 1) yield Buffer.alloc(1 << 20, 'x')
        yield Buffer.from(begin.startsWith('[') ? '"}]' : '"}')
      }
      const before = process.memoryUsage().arrayBuffers
      let most = 0
      const records: PayloadRecord[] = []
      for await (const record of splitPayloads(
        (async function* watched() {
          for await (const chunk of huge()) {
            most = Math.max(most, process.memoryUsage().arrayBuffers - before)
            yield chunk
          }
        })(),
        16 << 20,
      ))
        records.push(record)
      expect(records).toEqual([
        { place: 1, text: '{"id":1}' },
        { place: 2, fault: 'body_too_large', sizeBytes: 200 * (1 << 20) + 15 },
      ])
      expect(most).toBeLessThan(120 << 20)
    },
  )
})

describe('a file is refused', () => {
  it.each(['', ' \r\n ', '\uFEFF'])('when it is empty: %j', async (text) => {
    await expect(split(text)).rejects.toThrow('the file is empty')
  })

  it.each(['id,title\n1,x', 'null', '"text"', '\u0000\u0001PNG'])('when it holds no objects: %j', async (text) => {
    await expect(split(text)).rejects.toThrow('the file holds no JSON objects: it begins with')
  })

  it.each(['[{"id":1},{"id":', '[{"id":1},', '[{"id":1}', '{"movies":[{"id":1},{"a":"]'])(
    'when its list ends in the middle, after the records before: %s',
    async (text) => {
      const records: PayloadRecord[] = []
      const read = async () => {
        for await (const record of splitPayloads(inChunks(Buffer.from(text), 3), 1000)) records.push(record)
      }
      await expect(read()).rejects.toThrow(/^the list ends in the middle, after record [01]$/)
      expect(records.length).toBeLessThan(2)
    },
  )

  it('when something follows its list', async () => {
    await expect(split('[{"id":1}]\n[{"id":2}]')).rejects.toThrow(
      'something follows the list, after record 1: "[{\\"id\\":2}]"',
    )
    await expect(split('[{"id":1}]]', 1000, 4)).rejects.toThrow('something follows the list')
  })
})
