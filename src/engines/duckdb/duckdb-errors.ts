import { EngineError, LakeError, StoppedError, TableError } from '../../errors.ts'

/** What an error's hint needs to know of the session. */
export interface Limits {
  readonly memoryLimit: string
  readonly tempDirectory: string
}

/** The error of a statement that DuckDB refused, with a hint where the reason is the machine. Errors of our own come back as they are. */
export function duckdbError(cause: unknown, sql: string, limits: Limits): LakeError {
  if (cause instanceof LakeError) return cause
  const message = cause instanceof Error ? cause.message : String(cause)
  if (/^INTERRUPT/i.test(message)) return new StoppedError('duckdb: the query was stopped', { cause })
  const [, gone] = /No files found that match the pattern "([^"]+)"/.exec(message) ?? []
  if (gone !== undefined)
    return new TableError(`${gone}: this data file is gone`, {
      fault: 'corrupt',
      hint: 'restore it from a copy of the table, or read a version that does not need it',
      cause,
    })
  const hint = hintFor(message, limits)
  const text = `duckdb: ${message.trim()}`
  return new EngineError(text, hint === undefined ? { sql, cause } : { sql, cause, hint })
}

function hintFor(message: string, { memoryLimit, tempDirectory }: Limits): string | undefined {
  if (/no space left|disk quota|max_temp_directory_size|not enough disk space/i.test(message))
    return `the disk is full: make room where ${tempDirectory} and the lake are, or set duckdb.temp_directory to another disk`
  if (/permission denied|read-only file system/i.test(message))
    return 'this user may not write there: change the permissions of the folder'
  if (/out of memory|failed to allocate|could not allocate/i.test(message))
    return `raise duckdb.memory_limit, which is ${memoryLimit}`
  if (/^(Catalog|Binder) Error: .*(does not exist|not found)/i.test(message) && /table|schema/i.test(message))
    return 'movielake tables lists the tables, movielake schema TABLE its columns'
  if (/too many open files/i.test(message)) return 'raise the limit of open files: ulimit -n 4096'
  return undefined
}
