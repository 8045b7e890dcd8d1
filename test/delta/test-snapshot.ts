import type { AddFile } from '../../src/delta/actions.ts'
import { LocalStorage } from '../../src/delta/local-storage.ts'
import type { Snapshot } from '../../src/delta/snapshot.ts'

/** A data file with these statistics, in a log. */
export const file = (path: string, stats: unknown = {}, partitionValues = {}): AddFile => ({
  path,
  partitionValues,
  size: 1,
  modificationTime: 0,
  dataChange: true,
  stats: JSON.stringify(stats),
})

/** Statistics of one column. */
export const bounds = (column: string, min: unknown, max: unknown) => ({
  minValues: { [column]: min },
  maxValues: { [column]: max },
})

/** A table of version 0 with the columns id, name and day, and these files. */
export function snapshotOf(files: readonly AddFile[], partitionColumns: readonly string[] = []): Snapshot {
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
