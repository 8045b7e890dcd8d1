import { fieldId, mappingMode, physicalName } from '../../delta/column-mapping.ts'
import { partitionValue } from '../../delta/partition.ts'
import { decodePath } from '../../delta/path-encoding.ts'
import { fileKey, type AddFile } from '../../delta/actions.ts'
import type { DeltaField } from '../../delta/schema.ts'
import type { Snapshot } from '../../delta/snapshot.ts'
import { TableError } from '../../errors.ts'
import { duckdbDialect } from './duckdb-dialect.ts'
import type { FieldNames } from './duckdb-field-ids.ts'
import { fromStored, storedType, type StoredName } from './duckdb-stored.ts'
import { sqlType } from './duckdb-types.ts'

const { identifier, text } = duckdbDialect
// DuckDB's names of a row's place, which a column of that name would hide, and ours
const placeNames = new Set(['file_index', 'file_row_number', '__file', '__row'])
const nullPlace = ['CAST(NULL AS INTEGER) AS __file', 'CAST(NULL AS BIGINT) AS __row']

/** What to read of a table. */
export interface Scan {
  readonly snapshot: Pick<Snapshot, 'storage' | 'schema' | 'metadata' | 'protocol'>
  readonly files: readonly AddFile[]
  /** The columns to answer; those the table does not have are null. */
  readonly columns: readonly DeltaField[]
  /** Adds `__row`, the row's place in its file, and `__file`, the file's place in `among`, or else in `files`. */
  readonly withPlace?: boolean
  readonly among?: readonly AddFile[]
  /** Adds `__change`, which files of change data say of each row: `insert`, `delete`, `update_preimage`, `update_postimage`. */
  readonly withChange?: boolean
  /** The deletion vectors that are loaded, by `fileKey`, as numbers in `lake.deleted`. */
  readonly vectors?: ReadonlyMap<string, number>
  /** The fields of the files by number, by the files' paths, where the table finds its columns so. */
  readonly fieldIds?: ReadonlyMap<string, FieldNames>
}

/** SQL for the rows of data files. Partition values come from the log, never from paths; columns a file lacks are null. */
export function scanSql(scan: Scan): string {
  const unknown = scan.files.find((file) => file.deletionVector && scan.vectors?.has(fileKey(file)) !== true)
  if (unknown !== undefined) throw new Error(`the deletion vector of ${unknown.path} is not loaded`)
  const groups = [...partitionGroups(scan)]
  if (groups.length === 0) return emptySql(scan)
  return groups.map((group) => groupSql(scan, group)).join('\nUNION ALL\n')
}

interface Group {
  readonly values: Readonly<Record<string, string | null>>
  readonly files: readonly AddFile[]
  readonly stored: StoredName
}

/** Files that share partition values and the names of their fields, those with deletion vectors apart: only they need looking for rows that are gone. */
function* partitionGroups({ snapshot, files, fieldIds }: Scan): Iterable<Group> {
  const mode = mappingMode(snapshot)
  const partitions = snapshot.metadata.partitionColumns.map((name) => {
    const field = snapshot.schema.find((one) => one.name === name)
    return [name, field === undefined ? name : physicalName(field, mode)] as const
  })
  const groups = new Map<string, { values: Record<string, string | null>; files: AddFile[]; stored: StoredName }>()
  for (const file of files) {
    const values = Object.fromEntries(
      partitions.map(([name, physical]) => [name, partitionValue(file.partitionValues, physical)]),
    )
    const names = mode === 'id' ? fieldIds?.get(file.path) : undefined
    if (mode === 'id' && names === undefined) throw new Error(`the field ids of ${file.path} are not loaded`)
    const key = JSON.stringify([values, [...(names ?? [])], Boolean(file.deletionVector)])
    const stored: StoredName = (field) => (names === undefined ? physicalName(field, mode) : names.get(fieldId(field)))
    const group = groups.get(key) ?? { values, files: [], stored }
    group.files.push(file)
    groups.set(key, group)
  }
  yield* groups.values()
}

function groupSql(scan: Scan, group: Group): string {
  const { snapshot, columns, withPlace, withChange } = scan
  const partitioned = new Set(snapshot.metadata.partitionColumns)
  const known = new Map(snapshot.schema.map((field) => [field.name.toLowerCase(), field]))
  // an empty relation with all columns stands for those that older files lack
  const typed: string[] = []
  const items = columns.map(({ name, type }) => {
    const as = `AS ${sqlType(type)}) AS ${identifier(name)}`
    if (partitioned.has(name)) return `CAST(${partitionSql(type, group.values[name] ?? null)} ${as}`
    const field = known.get(name.toLowerCase())
    const stored = field && group.stored(field)
    if (field === undefined || stored === undefined) return `CAST(NULL ${as}`
    typed.push(`CAST(NULL AS ${sqlType(storedType(field.type, group.stored))}) AS ${identifier(stored)}`)
    return `CAST(${fromStored(identifier(stored), field.type, group.stored)} ${as}`
  })
  const isPlaced = needsPlaces(scan, group)
  if (isPlaced) checkPlaceNames(scan, group)
  const more = [
    ...(withPlace === true ? ['__file', '__row'] : []),
    ...(withChange === true ? ['_change_type AS __change'] : []),
  ]
  const inner = `SELECT ${[...typed, ...(isPlaced || typed.length === 0 ? nullPlace : [])].join(', ')} WHERE false
  UNION ALL BY NAME SELECT ${filesSql(scan, group)}`
  return `SELECT ${[...items, ...more].join(', ')} FROM (
  ${inner})`
}

// binary values stand in the log as text of their bytes
const partitionSql = (type: DeltaField['type'], value: string | null): string =>
  value === null ? 'NULL' : type === 'binary' ? `encode(${text(value)})` : text(value)

const needsPlaces = ({ withPlace, vectors }: Scan, { files }: Group): boolean =>
  withPlace === true || files.some((file) => vectors?.has(fileKey(file)))

function checkPlaceNames({ snapshot }: Scan, { stored }: Group): void {
  const names = snapshot.schema.flatMap((field) => [field.name, stored(field) ?? []]).flat()
  const hiding = names.find((name) => placeNames.has(name.toLowerCase()))
  if (hiding === undefined) return
  throw new TableError(`${snapshot.storage.root}: with a column called ${hiding}, single rows cannot be told apart`, {
    fault: 'unsupported',
    hint: 'the table can be read, appended to and overwritten as long as it has no deletion vectors',
  })
}

function filesSql({ snapshot, files, among = files, withPlace, vectors }: Scan, group: Group): string {
  const places = group.files.map((file) => among.indexOf(file))
  const place = [`[${places.join(', ')}][CAST(file_index AS BIGINT) + 1] AS __file`, 'file_row_number AS __row']
  const paths = group.files.map((file) => text(snapshot.storage.locate(decodePath(file.path))))
  return `${['*', ...(withPlace === true ? place : [])].join(', ')} FROM read_parquet([${paths.join(', ')}], hive_partitioning = false, union_by_name = true)${goneSql(group, vectors)}`
}

/** Takes away the rows behind deletion vectors. */
function goneSql({ files }: Group, vectors: Scan['vectors']): string {
  const numbers = files.map((file) => vectors?.get(fileKey(file)) ?? -1)
  if (numbers.every((number) => number < 0)) return ''
  const gone = `FROM lake.deleted WHERE vector IN (${numbers.join(', ')})`
  // one key to compare takes half the time of two
  if (files.length === 1) return ` AS kept ANTI JOIN (SELECT row ${gone}) AS gone ON kept.file_row_number = gone.row`
  return ` AS kept ANTI JOIN (SELECT list_position([${numbers.join(', ')}], vector) - 1 AS file, row ${gone}) AS gone ON CAST(kept.file_index AS BIGINT) = gone.file AND kept.file_row_number = gone.row`
}

function emptySql({ columns, withPlace }: Scan): string {
  const items = columns.map(({ name, type }) => `CAST(NULL AS ${sqlType(type)}) AS ${identifier(name)}`)
  return `SELECT ${[...items, ...(withPlace === true ? nullPlace : [])].join(', ')} WHERE false`
}
