import { randomUUID } from 'node:crypto'
import { readdir, rm, rmdir } from 'node:fs/promises'
import path from 'node:path'
import type { AddFile } from '../../delta/actions.ts'
import { makeFolder, syncFile } from '../../delta/log.ts'
import { partitionFolder, type PartitionValues } from '../../delta/partition.ts'
import { decodePath, encodePath } from '../../delta/path-encoding.ts'
import type { DeltaField } from '../../delta/schema.ts'
import { renderStatistics, type ColumnStatistics } from '../../delta/statistics.ts'
import { duckdbDialect } from './duckdb-dialect.ts'
import type { DuckdbSession } from './duckdb-session.ts'
import { sqlType } from './duckdb-types.ts'

const { identifier, text } = duckdbDialect

/** What to write, and where. */
export interface FileRequest {
  readonly folder: string
  readonly schema: readonly DeltaField[]
  readonly partitionColumns: readonly string[]
  /** The rows, with at least the schema's columns; with partitions it is read once for each of them. */
  readonly rows: string
  readonly filePrefix: string
  readonly now: number
}

// rows in a group are also bounded, so that 11 KB payloads do not need a gigabyte of buffers
const groupRows = 122_880
const groupBytes = '32MB'
const fileBytes = '128MB'

/** The files that now hold the rows, on the disk and in no version of the table yet. What a failed write left is removed. */
export async function writeFiles(session: DuckdbSession, request: FileRequest): Promise<readonly AddFile[]> {
  await makeFolder(request.folder)
  const written: AddFile[] = []
  try {
    for (const values of await partitionsOf(session, request))
      written.push(...(await writePartition(session, request, values)))
    return written
  } catch (error) {
    await removeFiles(request.folder, written)
    throw error
  }
}

/** Takes files that no version knows off the disk, and the folders that are empty then. */
export async function removeFiles(folder: string, files: readonly AddFile[]): Promise<void> {
  for (const file of files) await rm(decodePath(folder, file.path), { force: true })
  const folders = new Set(files.map((file) => path.dirname(decodePath(folder, file.path))))
  for (const one of [...folders, folder]) await removeEmpty(one)
}

const removeEmpty = (folder: string): Promise<void> =>
  rmdir(folder).catch(() => {
    // other files are in it, or it is gone
  })

async function partitionsOf(session: DuckdbSession, request: FileRequest): Promise<readonly PartitionValues[]> {
  if (request.partitionColumns.length === 0) return [{}]
  const items = request.partitionColumns.map((name) => `${partitionText(request, name)} AS ${identifier(name)}`)
  const rows = await session.rows(`SELECT DISTINCT ${items.join(', ')} FROM (${request.rows}) ORDER BY ALL`)
  return rows.map((row) =>
    Object.fromEntries(
      request.partitionColumns.map((name) => [name, typeof row[name] === 'string' ? row[name] : null]),
    ),
  )
}

/** SQL for a partition value as the log writes it. */
function partitionText({ schema }: FileRequest, name: string): string {
  const type = schema.find((field) => field.name === name)?.type ?? 'string'
  const value = `CAST(${identifier(name)} AS ${sqlType(type)})`
  if (type === 'timestamp') return `strftime(${value} AT TIME ZONE 'UTC', '%Y-%m-%d %H:%M:%S.%f')`
  return type === 'string' ? `nullif(${value}, '')` : `CAST(${value} AS VARCHAR)`
}

async function writePartition(
  session: DuckdbSession,
  request: FileRequest,
  values: PartitionValues,
): Promise<readonly AddFile[]> {
  const relative = partitionFolder(values)
  const folder = path.join(request.folder, relative)
  await makeFolder(folder)
  const stem = `${request.filePrefix}-${randomUUID()}`
  const columns = request.schema.filter(({ name }) => !request.partitionColumns.includes(name))
  const items = columns.map(({ name, type }) => `CAST(${identifier(name)} AS ${sqlType(type)}) AS ${identifier(name)}`)
  const conditions = Object.entries(values).map(
    ([name, value]) => `${partitionText(request, name)} IS NOT DISTINCT FROM ${value === null ? 'NULL' : text(value)}`,
  )
  const where = conditions.length === 0 ? '' : ` WHERE ${conditions.join(' AND ')}`
  const options = `FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE ${groupRows}, ROW_GROUP_SIZE_BYTES '${groupBytes}', FILE_SIZE_BYTES '${fileBytes}', RETURN_STATS true, OVERWRITE_OR_IGNORE true, FILENAME_PATTERN ${text(`${stem}-{i}`)}`
  const copy = `COPY (SELECT ${items.join(', ')} FROM (${request.rows})${where}) TO ${text(folder)} (${options})`
  try {
    const rows = await session.rows(copy)
    const files: AddFile[] = []
    for (const row of rows) {
      const file = String(row['filename'])
      if (Number(row['count']) === 0) await rm(file, { force: true })
      else {
        await syncFile(file)
        files.push(addFile(request, values, path.join(relative, path.basename(file)), row))
      }
    }
    await syncFile(folder)
    return files
  } catch (error) {
    for (const name of await readdir(folder)) if (name.startsWith(stem)) await rm(path.join(folder, name))
    await removeEmpty(folder)
    throw error
  }
}

const addFile = (
  request: FileRequest,
  values: PartitionValues,
  relative: string,
  row: Readonly<Record<string, unknown>>,
): AddFile => ({
  path: encodePath(relative),
  partitionValues: { ...values },
  size: Number(row['file_size_bytes']),
  modificationTime: request.now,
  dataChange: true,
  stats: renderStatistics(
    { rows: Number(row['count']), columns: columnStatistics(row['column_statistics']) },
    request.schema,
  ),
})

interface Entry {
  readonly key: string
  readonly value: readonly { readonly key: string; readonly value: string | null }[]
}

// DuckDB answers a map of maps: `"genre"` and `"director"."name"` to min, max, null_count, has_nan
function columnStatistics(value: unknown): readonly ColumnStatistics[] {
  return (Array.isArray(value) ? (value as readonly Entry[]) : []).map((entry) => {
    const known = new Map(entry.value.map(({ key, value: inner }) => [key, inner]))
    const nullCount = known.get('null_count')
    const min = known.get('min')
    const max = known.get('max')
    return {
      path: [...entry.key.matchAll(/"((?:[^"]|"")*)"/g)].map(([, name = '']) => name.replaceAll('""', '"')),
      ...(typeof min === 'string' && { min: isoInstant(min) }),
      ...(typeof max === 'string' && { max: isoInstant(max) }),
      ...(typeof nullCount === 'string' && { nullCount }),
      hasNan: known.get('has_nan') === 'true',
    }
  })
}

// 2025-12-09 10:45:30.5+00 -> 2025-12-09T10:45:30.500000Z
function isoInstant(value: string): string {
  const parts = /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d)(?:\.(\d{1,6}))?\+00$/.exec(value)
  return parts === null ? value : `${parts[1]}T${parts[2]}.${(parts[3] ?? '').padEnd(6, '0')}Z`
}
