import { expect, it } from 'vitest'
import { partitionFolder, partitionValue } from '../../src/delta/partition.ts'
import { decodePath, encodePath } from '../../src/delta/path-encoding.ts'

it('escapes partition values as Hive does, and the path as URLs do', () => {
  const folder = partitionFolder({ genre: 'Sci-Fi / 50% + ü' })
  expect(folder).toBe('genre=Sci-Fi%20%2F%2050%25%20+%20ü')
  expect(encodePath(`${folder}/part-1.parquet`)).toBe('genre=Sci-Fi%2520%252F%252050%2525%2520+%2520ü/part-1.parquet')
})

it("leaves in a path what Java's URIs leave there, as Spark's vacuum would take the file away otherwise", () => {
  expect(encodePath("Größe=😀&@$,;!~()'/x y")).toBe("Größe=😀&@$,;!~()'/x%20y")
  expect(encodePath('a=<|>\u00a0\u2028\u0085')).toBe('a=%3C%7C%3E%C2%A0%E2%80%A8%C2%85')
})

it('finds the file again that a path was made from', () => {
  const relative = `${partitionFolder({ a: ' x=%y+ü&😀;\u00a0<', b: null })}/part-1.parquet`
  expect(decodePath(encodePath(relative))).toBe(relative)
})

it('reads paths outside of the table as they are', () => {
  expect(decodePath('file:///else/part%201.parquet')).toBe('/else/part 1.parquet')
  expect(decodePath('/else/part-1.parquet')).toBe('/else/part-1.parquet')
})

it('takes the empty partition value for null, as Spark does', () => {
  expect(partitionValue({ genre: '' }, 'genre')).toBeNull()
  expect(partitionValue({}, 'genre')).toBeNull()
})
