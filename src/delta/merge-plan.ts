import type { Action, AddFile, RemoveFile } from './actions.ts'
import { mappingMode, physicalName } from './column-mapping.ts'
import { partitionValue } from './partition.ts'
import type { DeltaField } from './schema.ts'
import type { Snapshot } from './snapshot.ts'
import { boundsIn, liveRowCount, rowCount } from './statistics.ts'

/** The values of a column that a write is about, from the least to the greatest: integers as digits, everything else as its text. */
export interface Reach {
  readonly column: string
  readonly min: string
  readonly max: string
}

/** The files that may hold rows within all of `reaches`. A file is left out only when its statistics prove that it holds none. */
export const filesWithin = (snapshot: Snapshot, reaches: readonly Reach[]): readonly AddFile[] =>
  [...snapshot.files.values()].filter((file) => reaches.every((reach) => mayHold(snapshot, file, reach)))

/** False when the statistics or partition values of a file prove that it holds no row within the reach. */
export function mayHold(snapshot: Snapshot, file: AddFile, { column, min, max }: Reach): boolean {
  const field = snapshot.schema.find(({ name }) => name === column)
  if (field === undefined) return true
  const compare = comparing(field)
  if (compare === undefined) return true
  const physical = physicalName(field, mappingMode(snapshot))
  if (snapshot.metadata.partitionColumns.includes(column)) {
    const value = partitionValue(file.partitionValues, physical)
    return field.type === 'timestamp' || (value !== null && compare(min, value) <= 0 && compare(value, max) <= 0)
  }
  const bounds = boundsIn(file, physical)
  // bounds of another kind than the column's say nothing
  if (bounds?.some((bound) => (typeof bound === 'number') !== integers.includes(String(field.type)))) return true
  return bounds === undefined || (compare(String(bounds[0]), max) <= 0 && compare(min, String(bounds[1])) <= 0)
}

const integers: readonly string[] = ['byte', 'short', 'integer', 'long']

// text is compared by bytes, as Delta and Parquet do, not by UTF-16 units
function comparing({ type }: DeltaField): ((a: string, b: string) => number) | undefined {
  if (typeof type === 'string' && integers.includes(type)) return (a, b) => Number(BigInt(a) - BigInt(b))
  if (type === 'string' || type === 'date') return (a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b))
  return undefined
}

/** What a log says of a file that is taken out of the table. */
export const removal = (file: AddFile, now: number): RemoveFile => ({
  path: file.path,
  deletionTimestamp: now,
  dataChange: true,
  extendedFileMetadata: true,
  partitionValues: file.partitionValues,
  size: file.size,
  ...(file.tags && { tags: file.tags }),
  ...(file.deletionVector && { deletionVector: file.deletionVector }),
})

/** The action that takes a file out of the table. */
export const removeAction = (file: AddFile, now: number): Action => ({ remove: removal(file, now) })

/** A file of which a merge takes rows away. */
export interface TouchedFile {
  readonly file: AddFile
  /** How many of its rows change or go. */
  readonly gone: number
}

/** What becomes of touched files: all rows gone, the other rows written anew, or a deletion vector laid over the file. */
export interface MergeFiles {
  readonly dropped: readonly AddFile[]
  readonly rewritten: readonly AddFile[]
  readonly marked: readonly AddFile[]
}

const mostMarkedShare = 0.3

/**
 * Files are written anew while that is at most `rewriteBytes` of work, since plain files are what every reader knows. Beyond,
 * rows are marked: but not in files of less than an eighth of that, nor where so many would be gone that reading them is waste.
 */
export function mergeFiles(touched: readonly TouchedFile[], rewriteBytes: number): MergeFiles {
  const isDropped = ({ file, gone }: TouchedFile): boolean => gone === liveRowCount(file)
  const rest = touched.filter((one) => !isDropped(one))
  const isLittle = rest.reduce((bytes, { file }) => bytes + file.size, 0) <= rewriteBytes
  const isMarked = ({ file, gone }: TouchedFile): boolean =>
    !isLittle &&
    file.size > rewriteBytes / 8 &&
    (gone + (file.deletionVector?.cardinality ?? 0)) / (rowCount(file) ?? 0) <= mostMarkedShare
  return {
    dropped: touched.filter(isDropped).map(({ file }) => file),
    rewritten: rest.filter((one) => !isMarked(one)).map(({ file }) => file),
    marked: rest.filter(isMarked).map(({ file }) => file),
  }
}
