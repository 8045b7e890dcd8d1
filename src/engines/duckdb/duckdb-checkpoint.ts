import { randomUUID } from 'node:crypto'
import { readFile, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { checkpointColumns, pointerColumns, type CheckpointIo } from '../../delta/checkpoint.ts'
import { renderActions, type Action } from '../../delta/actions.ts'
import { duckdbDialect } from './duckdb-dialect.ts'
import type { DuckdbSession } from './duckdb-session.ts'

const { identifier, text } = duckdbDialect
type Columns = Readonly<Record<string, Readonly<Record<string, string>>>>
const columns: Columns = checkpointColumns
const pointers: Columns = pointerColumns
// columns that a reader of version 1 need not know
const ofFeatures = new Set([
  'readerFeatures',
  'writerFeatures',
  'deletionVector',
  'baseRowId',
  'defaultRowCommitVersion',
  'clusteringProvider',
])

/** Delta's checkpoints, read and written by DuckDB. */
export class DuckdbCheckpoints implements CheckpointIo {
  readonly #session: DuckdbSession | Promise<DuckdbSession>

  /** A session that is still being opened is waited for when there is a checkpoint to read or write: most logs can be read meanwhile. */
  constructor(session: DuckdbSession | Promise<DuckdbSession>) {
    this.#session = session
  }

  async read(file: string): Promise<readonly unknown[]> {
    const source = `read_parquet(${text(file)}, hive_partitioning = false)`
    const items: string[] = []
    for (const [column, have] of await this.#columns(file)) {
      const fields = { ...columns, ...pointers }[column]
      if (fields === undefined) continue
      // by name, since Spark adds parsed statistics in which JSON would be broken
      const known = Object.keys(fields).filter((field) => have.has(field))
      const values = known.map((field) => `${text(field)}: ${identifier(column)}.${identifier(field)}`)
      // some tables keep statistics as columns alone; a file with a deletion vector needs at least the number of its rows
      if (have.has('stats_parsed') && !have.has('stats'))
        values.push(`stats: '{"numRecords":' || ${identifier(column)}.stats_parsed.numRecords || '}'`)
      const [first] = known
      if (first !== undefined)
        items.push(
          `CASE WHEN ${identifier(column)}.${identifier(first)} IS NOT NULL THEN to_json({${values.join(', ')}}) END AS ${identifier(column)}`,
        )
    }
    const session = await this.#session
    const rows = await session.rows(`SELECT ${items.join(', ')} FROM ${source}`)
    return rows.map((row) =>
      Object.fromEntries(
        Object.entries(row).flatMap(([name, value]) =>
          typeof value === 'string' ? [[name, JSON.parse(value) as unknown]] : [],
        ),
      ),
    )
  }

  /** The columns of a Parquet file, and the fields of each. */
  async #columns(file: string): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
    const session = await this.#session
    const nodes = await session.rows(`SELECT name, num_children FROM parquet_schema(${text(file)})`)
    let at = 0
    // a node stands before its children
    const below = (): Set<string> => {
      const names = new Set<string>()
      for (let left = Number(nodes[at++]?.['num_children'] ?? 0); left > 0; left -= 1) {
        names.add(String(nodes[at]?.['name']))
        below()
      }
      return names
    }
    const root = nodes[at++]
    return new Map(
      Array.from({ length: Number(root?.['num_children'] ?? 0) }, () => [String(nodes[at]?.['name']), below()]),
    )
  }

  async write(actions: readonly Action[]): Promise<Uint8Array> {
    const session = await this.#session
    const name = path.join(session.tempDirectory, randomUUID())
    const [lines, file] = [`${name}.json`, `${name}.parquet`]
    await writeFile(lines, renderActions(actions))
    const hasFeatures = actions.some(({ protocol }) => protocol?.readerFeatures || protocol?.writerFeatures)
    const types = Object.entries(columns).map(([column, fields]) => {
      const named = Object.entries(fields).filter(([name]) => hasFeatures || !ofFeatures.has(name))
      return `${identifier(column)}: ${text(`STRUCT(${named.map(([name, type]) => `${identifier(name)} ${type}`).join(', ')})`)}`
    })
    try {
      await session.run(
        `COPY (SELECT * FROM read_json(${text(lines)}, format = 'newline_delimited', maximum_object_size = 134217728, columns = {${types.join(', ')}})) TO ${text(file)} (FORMAT parquet, COMPRESSION snappy)`,
      )
      return await readFile(file)
    } finally {
      await rm(lines, { force: true })
      await rm(file, { force: true })
    }
  }
}
