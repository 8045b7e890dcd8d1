import { readdir } from 'node:fs/promises'
import path from 'node:path'
import { onTestFinished } from 'vitest'
import { openDuckdb, type DuckdbOptions } from '../../src/engines/duckdb/duckdb-engine.ts'
import type { Engine } from '../../src/engines/engine.ts'
import { sql, structOf, type Frame } from '../../src/frame/index.ts'
import type { Fields, Type } from '../../src/frame/types.ts'
import { array, bigint, double, string, stored, type Table } from '../../src/table.ts'
import { tempFolder } from './temp-folder.ts'

/** A few columns, nested ones among them. */
export const movieColumns = {
  movie_id: bigint('TMDB id of the movie'),
  title: string('title', { nullable: true }),
  rating: double('mean rating', { nullable: true }),
  genres: array('string')('names of the genres', { nullable: true }),
  directors: array(structOf({ person_id: 'bigint', name: 'string' }))('who directed', { nullable: true }),
}

/** A table of these columns. */
export const movies = stored({
  name: 'silver.movies',
  grain: 'one row per movie',
  key: ['movie_id'],
  columns: movieColumns,
})

/** An engine over a new folder; both are gone when the test ends. */
export async function testLake(options: Partial<DuckdbOptions> = {}): Promise<Engine & { readonly root: string }> {
  const root = options.root ?? (await tempFolder())
  const engine = await openDuckdb({ threads: 2, memoryLimit: '1GB', ...options, root })
  onTestFinished(() => engine.close())
  return Object.assign(engine, { root })
}

/** The rows as a frame of the table's columns; what a row leaves out is null. */
export function rowsOf<S>(table: Table<S>, rows: readonly Partial<Record<keyof S, unknown>>[]): Frame<S> {
  const types: Fields = table.frame.types
  const shape = JSON.stringify([shapeOf({ struct: types })])
  const texts = ['SELECT r.* FROM (SELECT unnest(from_json(', ', ', ')) AS r)']
  return sql(types)(Object.assign(texts, { raw: texts }), JSON.stringify(rows), shape) as Frame<never>
}

/** A frame of the table's columns that answers this SQL. */
export const queryOf = <S>(table: Table<S>, text: string): Frame<S> =>
  sql(table.frame.types)(Object.assign([text], { raw: [text] })) as Frame<never>

function shapeOf(type: Type): unknown {
  if (typeof type !== 'string') {
    if ('json' in type) return shapeOf(type.json)
    if ('array' in type) return [shapeOf(type.array)]
    return Object.fromEntries(Object.entries(type.struct).map(([name, field]) => [name, shapeOf(field)]))
  }
  const names = { int: 'INTEGER', bigint: 'BIGINT', double: 'DOUBLE', string: 'VARCHAR', boolean: 'BOOLEAN' }
  return { ...names, date: 'DATE', timestamp: 'TIMESTAMPTZ' }[type]
}

/** The table's rows, by its key. */
export async function rowsIn<S>(
  engine: Engine,
  table: Table<S>,
): Promise<readonly Readonly<Record<string, unknown>>[]> {
  const rows = await (await engine.open(table)).collect()
  const keyOf = (row: object): string =>
    JSON.stringify(table.key.map((name) => Object.entries(row).find(([column]) => column === name)?.[1]))
  return (rows as readonly Readonly<Record<string, unknown>>[]).toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1))
}

/** The Parquet files in a table's folder, whether a version knows them or not. */
export async function parquetFiles(root: string, table: string): Promise<readonly string[]> {
  const names = await readdir(path.join(root, ...table.split('.')), { recursive: true }).catch(() => [])
  return names.filter((name) => name.endsWith('.parquet') && !name.includes('_delta_log')).sort()
}
