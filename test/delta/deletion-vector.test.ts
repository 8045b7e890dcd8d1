import { readFile, writeFile } from 'node:fs/promises'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { decodeZ85, encodeZ85, readVector, withVector, writeVectors } from '../../src/delta/deletion-vector.ts'
import { decodeBitmap, encodeBitmap } from '../../src/delta/roaring.ts'
import { LocalStorage } from '../../src/delta/local-storage.ts'
import { tempFolder } from '../engines/temp-folder.ts'

const rows = fc
  .uniqueArray(fc.oneof(fc.nat(70_000), fc.nat(2 ** 31), fc.integer({ min: 2 ** 32, max: 2 ** 34 })), {
    maxLength: 200,
  })
  .map((numbers) => numbers.toSorted((a, b) => a - b))

it('reads back any row numbers', () => {
  fc.assert(
    fc.property(rows, (numbers) => {
      expect(decodeBitmap(encodeBitmap(numbers), 'x')).toEqual(numbers)
    }),
  )
})

it('reads back more rows than a list of 16-bit numbers may hold', () => {
  const even = Array.from({ length: 40_000 }, (_, i) => i * 2)
  expect(decodeBitmap(encodeBitmap(even), 'x')).toEqual(even)
})

it('reads runs, as Spark writes them', () => {
  // from the Roaring format: cookie with one container, its run flag, key 0 with 6 values, one run of 6 from 10
  const bitmap = Buffer.from('3b300000010000050001000a000500', 'hex')
  const head = Buffer.from('d1d33964010000000000000000000000', 'hex')
  expect(decodeBitmap(Buffer.concat([head, bitmap]), 'x')).toEqual([10, 11, 12, 13, 14, 15])
})

it("writes ZeroMQ's own example of base 85", () => {
  const bytes = Buffer.from('864fd26fb559f75b', 'hex')
  expect(encodeZ85(bytes)).toBe('HelloWorld')
  expect(decodeZ85('HelloWorld')).toEqual(bytes)
})

it('keeps several vectors in one file', async () => {
  const storage = new LocalStorage(await tempFolder())
  const { vectors } = await writeVectors(storage, [[1, 5], [7]])
  expect(await Promise.all(vectors.map((vector) => readVector(storage, vector)))).toEqual([[1, 5], [7]])
  expect(vectors.map(({ cardinality }) => cardinality)).toEqual([2, 1])
})

it('notices a damaged vector and one that is gone', async () => {
  const storage = new LocalStorage(await tempFolder())
  const { path, vectors } = await writeVectors(storage, [[1, 5]])
  const bytes = await readFile(storage.locate(path))
  bytes.writeUInt8(bytes.readUInt8(40) ^ 1, 40)
  await writeFile(storage.locate(path), bytes)
  await expect(readVector(storage, vectors[0]!)).rejects.toMatchObject({ fault: 'corrupt' })
  await expect(readVector(new LocalStorage(`${storage.root}/else`), vectors[0]!)).rejects.toThrow(
    'the deletion vector is gone',
  )
})

it('takes text that is no base 85 for damage', async () => {
  const vector = { sizeInBytes: 4, cardinality: 1 }
  for (const pathOrInlineDv of ['ab"d', '~~~~~~~~~~~~~~~~~~~~'])
    for (const storageType of ['i', 'u'] as const)
      await expect(
        readVector(new LocalStorage('/t'), { ...vector, storageType, pathOrInlineDv }),
      ).rejects.toMatchObject({
        fault: 'corrupt',
      })
})

it('reads a vector whose file the log names in full', async () => {
  const storage = new LocalStorage(await tempFolder())
  const { path, vectors } = await writeVectors(storage, [[1, 5]])
  const file = storage.locate(path)
  for (const pathOrInlineDv of [file, `file://${file}`])
    expect(await readVector(new LocalStorage('/t'), { ...vectors[0]!, storageType: 'p', pathOrInlineDv })).toEqual([
      1, 5,
    ])
})

it('keeps the number of rows in the file and says that bounds are no longer reached', () => {
  const vector = { storageType: 'i' as const, pathOrInlineDv: '', sizeInBytes: 0, cardinality: 1 }
  const stats = '{"numRecords":3,"minValues":{"id":9007199254740993},"tightBounds":true}'
  const file = { path: 'a', partitionValues: {}, size: 1, modificationTime: 0, dataChange: false, stats }
  expect(withVector(file, vector)).toMatchObject({
    dataChange: true,
    stats: '{"tightBounds":false,"numRecords":3,"minValues":{"id":9007199254740993}}',
  })
})

it.each([
  '{ "tightBounds" : true , "numRecords": 3 }',
  '{ "numRecords": 3, "tightBounds": true }',
  '{"tightBounds":true}',
])('says it once, however the statistics are spaced: %s', (stats) => {
  const vector = { storageType: 'i' as const, pathOrInlineDv: '', sizeInBytes: 0, cardinality: 1 }
  const file = { path: 'a', partitionValues: {}, size: 1, modificationTime: 0, dataChange: false, stats }
  const marked = withVector(file, vector).stats ?? ''
  expect(JSON.parse(marked)).toEqual({ ...(JSON.parse(stats) as object), tightBounds: false })
})
