import type { AddFile } from '../../delta/actions.ts'
import { decodePath } from '../../delta/path-encoding.ts'
import type { Storage } from '../../delta/storage.ts'
import { TableError } from '../../errors.ts'
import { duckdbDialect } from './duckdb-dialect.ts'
import type { DuckdbSession } from './duckdb-session.ts'

/** The names that one file gives to the fields of a table, by their numbers. */
export type FieldNames = ReadonlyMap<number, string>

/** The numbered fields of data files, by the files' paths in the log. Throws TableError `unsupported` for a file without numbers. */
export async function readFieldIds(
  session: DuckdbSession,
  storage: Storage,
  files: readonly AddFile[],
): Promise<ReadonlyMap<string, FieldNames>> {
  const places = new Map(files.map(({ path }) => [path, storage.locate(decodePath(path))]))
  if (places.size === 0) return new Map()
  const list = [...places.values()].map(duckdbDialect.text).join(', ')
  const rows = await session.rows(
    `SELECT file_name, list({id: field_id, name: name}) AS fields FROM parquet_schema([${list}]) WHERE field_id IS NOT NULL GROUP BY ALL`,
  )
  const found = new Map(rows.map((row) => [String(row['file_name']), namesOf(row['fields'])]))
  return new Map(
    [...places].map(([path, place]) => {
      const names = found.get(place)
      if (names !== undefined) return [path, names]
      throw new TableError(`${place}: has no field ids, by which the table finds its columns`, { fault: 'unsupported' })
    }),
  )
}

const namesOf = (fields: unknown): FieldNames =>
  new Map(
    (Array.isArray(fields) ? (fields as readonly { readonly id: unknown; readonly name: unknown }[]) : []).map(
      ({ id, name }) => [Number(id), String(name)],
    ),
  )
