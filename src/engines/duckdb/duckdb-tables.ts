import path from 'node:path'
import { TableError } from '../../errors.ts'
import { fileKey, type AddFile } from '../../delta/actions.ts'
import type { At, DeltaLog, Target } from '../../delta/delta-log.ts'
import { readCommits } from '../../delta/history.ts'
import { LocalStorage } from '../../delta/local-storage.ts'
import { decodePath } from '../../delta/path-encoding.ts'
import { checkFields, deltaTypeName, evolvedSchema, isSameSchema, type DeltaField } from '../../delta/schema.ts'
import type { Place, Snapshot } from '../../delta/snapshot.ts'
import { checkWritable } from '../../delta/writable.ts'
import type { Table } from '../../table.ts'
import { deltaSchema } from './duckdb-types.ts'

/** The lake's tables on this disk: where they lie, and what a write to them would meet. */
export class DuckdbTables {
  readonly #root: string
  readonly #log: DeltaLog

  constructor(root: string, log: DeltaLog) {
    this.#root = path.resolve(root)
    this.#log = log
  }

  /** `silver.movies` lies in `silver/movies`. */
  place(table: string): Place {
    return { table, storage: new LocalStorage(path.join(this.#root, ...table.split('.'))) }
  }

  /** The table as it is meant; undefined when there is none. */
  find(table: string, at?: At): Promise<Snapshot | undefined> {
    return this.#log.find(this.place(table), at)
  }

  /** The table as it is meant. Throws TableError `missing` when there is none. */
  read(table: string, at?: At): Promise<Snapshot> {
    return this.#log.read(this.place(table), at)
  }

  /** The files that commits after `since` added. Throws TableError `conflict` when one of them removed rows, `missing` when the log or the disk no longer has them. */
  async appended(snapshot: Snapshot, since: number): Promise<readonly AddFile[]> {
    const hint = 'build from the whole table'
    const { table, storage, version: newest } = snapshot
    if (since > newest)
      throw new TableError(`${table}: version ${since} was read before, but the newest is ${newest}`, {
        fault: 'conflict',
        hint,
      })
    let files: readonly AddFile[] = []
    for (const { version, actions } of await readCommits(snapshot, since + 1, newest, hint)) {
      if (actions.some(({ remove }) => remove?.dataChange === true))
        throw new TableError(`${table}: version ${version} removed rows, it did not only append`, {
          fault: 'conflict',
          hint,
        })
      files = files.concat(actions.flatMap(({ add }) => (add?.dataChange === true ? [add] : [])))
    }
    for (const file of files) {
      // an optimize has put its rows into others
      if (snapshot.files.has(fileKey(file)) || (await storage.info(decodePath(file.path))) !== undefined) continue
      throw new TableError(`${table}: ${file.path}, which was added after version ${since}, is gone`, {
        fault: 'missing',
        hint,
      })
    }
    return files
  }

  /** What an overwrite with the declared columns would meet: they take the place of the stored ones. Throws TableError `unsupported` when it cannot be. */
  async overwriteTarget(declared: Table<unknown>): Promise<Target> {
    const place = this.place(declared.name)
    const schema = deltaSchema(declared.columns)
    checkFields(schema, declared.name)
    const base = await this.find(declared.name)
    if (base === undefined) return { place, base, schema, partitionColumns: [] }
    checkWritable(base)
    const { partitionColumns } = base.metadata
    return { place, base, schema: isSameSchema(schema, base.schema) ? base.schema : schema, partitionColumns }
  }

  /** What a write of the declared columns would meet. Throws TableError `mismatch` or `unsupported` when it cannot be. */
  async target(declared: Table<unknown>, partitionBy: readonly string[] = []): Promise<Target> {
    const place = this.place(declared.name)
    const wanted = deltaSchema(declared.columns)
    checkFields(wanted, declared.name)
    const base = await this.find(declared.name)
    if (base === undefined) return { place, base, schema: wanted, partitionColumns: partitionBy }
    checkWritable(base)
    return {
      place,
      base,
      schema: evolvedSchema(base.schema, wanted, declared.name),
      partitionColumns: base.metadata.partitionColumns,
    }
  }
}

/** The declared columns, for reading what is stored. Throws TableError `mismatch` when a stored column has another type. */
export function readableColumns(declared: Table<unknown>, snapshot: Snapshot): readonly DeltaField[] {
  const stored = new Map(snapshot.schema.map((field) => [field.name.toLowerCase(), field]))
  const columns = deltaSchema(declared.columns)
  for (const { name, type } of columns) {
    const found = stored.get(name.toLowerCase())
    if (found !== undefined && deltaTypeName(found.type) !== deltaTypeName(type))
      throw new TableError(
        `${declared.name}.${name}: stored as ${deltaTypeName(found.type)}, declared as ${deltaTypeName(type)}`,
        { fault: 'mismatch' },
      )
  }
  return columns
}
