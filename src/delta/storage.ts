import { randomUUID } from 'node:crypto'
import { TableError } from '../errors.ts'

/** What a store knows of a file without reading it. */
export interface FileInfo {
  /** Bytes. */
  readonly size: number
  /** Milliseconds since 1970. */
  readonly modifiedAt: number
}

/** Some bytes of a file. */
export interface ByteRange {
  readonly offset: number
  readonly length: number
}

/**
 * Where the files of one table lie. Paths are relative to the table, with `/` between their parts; a path that a log
 * gives in full names a file elsewhere. What is put can be lost by no power cut once the promise is kept.
 */
export interface Storage {
  /** The table's folder or URL, for messages. */
  readonly root: string
  /** The files below a folder at any depth, ascending; none when there is no such folder. */
  list(folder: string): Promise<readonly string[]>
  /** The bytes of a file; undefined when there is none. */
  read(path: string, range?: ByteRange): Promise<Buffer | undefined>
  /** Writes a file, whole or not at all; one of that name is replaced. */
  put(path: string, content: string | Uint8Array): Promise<void>
  /** As `put`, but answers false and changes nothing when there is a file of that name. Of several at once one alone gets true. An error leaves open whether the file was put; it is not put any more after it. */
  putIfAbsent(path: string, content: string | Uint8Array): Promise<boolean>
  /** Removes a file, if it is there. */
  delete(path: string): Promise<void>
  info(path: string): Promise<FileInfo | undefined>
  /** The name under which a reader or writer of Parquet finds a file or folder. */
  locate(path: string): string
  /** Makes a folder for files that somebody else is going to write there. */
  prepare(folder: string): Promise<void>
  /** Waits until no power cut can take files which somebody else wrote, all in one folder. */
  persist(paths: readonly string[]): Promise<void>
}

/**
 * Tries whether a store keeps the promise of `putIfAbsent`, without which two writers lose each other's commits.
 * Throws TableError `unsupported` when it does not.
 */
export async function checkPutIfAbsent(storage: Storage): Promise<void> {
  const path = `_delta_log/.probe-${randomUUID()}`
  const tries = Array.from({ length: 4 }, (_, i) => String(i))
  try {
    const early = await Promise.all(tries.map((text) => storage.putIfAbsent(path, text)))
    const late = await storage.putIfAbsent(path, 'late')
    const kept = (await storage.read(path))?.toString()
    const isKept = early.filter((isFirst) => isFirst).length === 1 && !late && kept === tries[early.indexOf(true)]
    if (!isKept)
      throw new TableError(`${storage.root}: this store lets two writers take the same name`, {
        fault: 'unsupported',
        hint: 'keep tables on a store with conditional writes, or on a local disk',
      })
  } finally {
    await storage.delete(path)
  }
}
