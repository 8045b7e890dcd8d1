import { readdir, rename, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { DuckdbFile } from '../engines/duckdb/duckdb-file.ts'
import type { At, Engine } from '../engines/engine.ts'
import { EngineError, TableError } from '../errors.ts'
import { openIfThere } from '../pipeline/open-if-there.ts'
import { isLeftBehind, processMark, processMarkPattern } from '../pipeline/process-mark.ts'
import type { Published } from '../pipeline/publish.ts'
import type { Table } from '../table.ts'
import type { EnumCounts } from './filter-sql.ts'
import { filmsToServe, servingColumns, servingFormat, servingTables } from './serving-tables.ts'

/** A serving file that lies beside the one in use, to be taken into use or thrown away. */
export interface PreparedServing {
  /** The dashboard reads it from now on. */
  show(): Promise<void>
  discard(): Promise<void>
}

/** What a serving file says about itself. */
export interface ServingMeta extends EnumCounts {
  readonly run_id: string
  readonly published_at: string
  readonly film_count: number
  readonly first_year: number | null
  readonly last_year: number | null
  /** Day of the newest answer in it. */
  readonly newest_on: string | null
}

/** Writes what is or will be published into a file beside `path`. Throws TableError `missing` when there are no films in it. */
export async function prepareServing(engine: Engine, path: string, published: Published): Promise<PreparedServing> {
  await removeLeftovers(path)
  const beside = join(dirname(path), `${stemOf(path)}-${published.run_id}-${processMark()}.duckdb`)
  const open = <S>(table: Table<S>) => {
    const version = published.versions[table.name]
    const at: At = version === undefined ? {} : { version }
    return version === undefined ? Promise.resolve(undefined) : openIfThere(engine, table, at)
  }
  const films = await filmsToServe(open)
  if (films === undefined)
    throw new TableError(`${dirname(path)}: no films have been published`, {
      fault: 'missing',
      hint: 'run: movielake run',
    })
  const staged = await engine.stage('serving', films)
  try {
    await engine.saveDatabase(beside, await servingTables(staged.frame, open, published))
  } finally {
    await staged.drop()
  }
  return { show: () => rename(beside, path), discard: () => rm(beside, { force: true }) }
}

/** The file when it holds what is published, open for reading; undefined when there is none, or one of another publication or format. */
export async function openServing(
  path: string,
  published: Pick<Published, 'run_id' | 'at'>,
  options: { readonly memoryLimit: string; readonly threads?: number },
): Promise<{ readonly file: DuckdbFile; readonly meta: ServingMeta } | undefined> {
  let file: DuckdbFile | undefined
  try {
    file = await DuckdbFile.open(path, options)
    const [row] = await file.rows(metaSql, { ...servingColumns.meta, genres: 'bigint', countries: 'bigint' })
    const meta = row as (ServingMeta & { readonly format: string }) | undefined
    const isCurrent =
      meta?.format === servingFormat && meta.run_id === published.run_id && meta.published_at === published.at
    if (isCurrent) return { file, meta }
  } catch (error) {
    // missing, cut off or of another DuckDB: it is made anew, nothing is lost
    if (!(error instanceof EngineError)) throw error
  }
  await file?.close()
  return undefined
}

const metaSql =
  'SELECT *, len(enum_range(NULL::films_genres)) AS genres, len(enum_range(NULL::films_countries)) AS countries FROM meta'

/** Takes away what processes that died have left beside the file. */
async function removeLeftovers(path: string): Promise<void> {
  const names = await readdir(dirname(path)).catch(() => [])
  for (const name of names) {
    const mark = new RegExp(`^${stemOf(path)}-.*-(${processMarkPattern})\\.duckdb(\\.wal)?$`).exec(name)?.[1]
    const file = join(dirname(path), name)
    if (mark !== undefined && (await isLeftBehind(mark, file))) await rm(file, { force: true })
  }
}

const stemOf = (path: string): string => basename(path, '.duckdb')
