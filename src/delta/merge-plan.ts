import type { Action, AddFile, RemoveFile } from './actions.ts'
import { liveRowCount, rowCount } from './statistics.ts'

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
