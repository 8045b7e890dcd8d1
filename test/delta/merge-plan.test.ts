import { expect, it } from 'vitest'
import { LocalStorage } from '../../src/delta/local-storage.ts'
import type { AddFile } from '../../src/delta/actions.ts'
import { filesWithin } from '../../src/delta/merge-plan.ts'
import type { Snapshot } from '../../src/delta/snapshot.ts'

const file = (path: string, stats?: unknown, partitionValues: Record<string, string | null> = {}): AddFile => ({
  path,
  partitionValues,
  size: 1,
  modificationTime: 0,
  dataChange: true,
  stats: JSON.stringify(stats),
})
const bounds = (column: string, min: unknown, max: unknown) => ({
  minValues: { [column]: min },
  maxValues: { [column]: max },
})
function table(files: readonly AddFile[], partitionColumns: readonly string[] = []): Snapshot {
  const field = (name: string, type: string) => ({ name, type, nullable: true, metadata: {} })
  return {
    storage: new LocalStorage('/t'),
    table: 't',
    version: 0,
    protocol: { minReaderVersion: 1, minWriterVersion: 2 },
    metadata: {
      id: 'x',
      format: { provider: 'parquet' },
      schemaString: '',
      partitionColumns: [...partitionColumns],
      configuration: {},
    },
    schema: [field('id', 'long'), field('name', 'string'), field('day', 'date')],
    files: new Map(files.map((one) => [one.path, one])),
    tombstones: new Map(),
    transactions: new Map(),
    domains: new Map(),
  }
}
const within = (snapshot: Snapshot, column: string, min: string, max: string): readonly string[] =>
  filesWithin(snapshot, [{ column, min, max }]).map(({ path }) => path)

it('leaves out files whose bounds lie beside the values', () => {
  const snapshot = table([file('low', bounds('id', 1, 9)), file('high', bounds('id', 10, 20))])
  expect(within(snapshot, 'id', '2', '9')).toEqual(['low'])
  expect(within(snapshot, 'id', '9', '10')).toEqual(['low', 'high'])
})

it('keeps files of which nothing is known, or nothing exact', () => {
  const snapshot = table([file('none'), file('rounded', bounds('id', 2 ** 60, 2 ** 60))])
  expect(within(snapshot, 'id', '1', '2')).toEqual(['none', 'rounded'])
})

it('compares text by its bytes, where U+FF5E comes before 😀', () => {
  const snapshot = table([file('emoji', bounds('name', '😀', '😀'))])
  expect(within(snapshot, 'name', '～', '😀')).toEqual(['emoji'])
})

it('leaves out partitions by their values', () => {
  const files = ['2025-12-09', '2025-12-10', null].map((day) => file(`day=${day}`, undefined, { day }))
  expect(within(table(files, ['day']), 'day', '2025-12-10', '2025-12-31')).toEqual(['day=2025-12-10'])
})
