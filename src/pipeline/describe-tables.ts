import type { Engine } from '../engines/engine.ts'
import { typeName } from '../frame/types.ts'
import type { Table } from '../table.ts'
import type { Published } from './publish.ts'

/** A table of the lake as it stands. */
export interface TableSummary {
  readonly table: string
  readonly grain: string
  readonly rows: number
  readonly version: number
  /** Version readers see; null when the table has not been published. */
  readonly published: number | null
  readonly committed_at: string
  readonly files: number
  readonly size_bytes: number
}

/** The columns of a table, as declared. */
export interface TableSchema {
  readonly table: string
  readonly grain: string
  readonly key: readonly string[]
  readonly columns: readonly ColumnSchema[]
}

/** A column as declared. */
export interface ColumnSchema {
  readonly name: string
  readonly type: string
  readonly nullable: boolean
  readonly unit: string | null
  readonly about: string
}

/** Those of the tables that are there, in the order given. */
export async function readSummaries(
  engine: Engine,
  tables: readonly Table<object>[],
  published: Published | undefined,
): Promise<readonly TableSummary[]> {
  const states = await Promise.all(tables.map(({ name }) => engine.state(name)))
  return tables.flatMap(({ name, grain }, i) => {
    const state = states[i]
    if (state === undefined) return []
    const { rows, version, committedAt, files, sizeBytes } = state
    const seen = published?.versions[name] ?? null
    return [
      { table: name, grain, rows, version, published: seen, committed_at: committedAt, files, size_bytes: sizeBytes },
    ]
  })
}

/** A table as it is declared. */
export const schemaOf = ({ name, grain, key, columns }: Table<object>): TableSchema => ({
  table: name,
  grain,
  key,
  columns: Object.entries(columns).map(([column, { type, isNullable, unit, about }]) => ({
    name: column,
    type: typeName(type),
    nullable: isNullable,
    unit: unit ?? null,
    about,
  })),
})
