/** Base of every error this project throws on purpose; anything else that escapes is a bug. */
export abstract class LakeError extends Error {
  /** Process exit code the command line answers with. */
  abstract readonly exitCode: number
  /** What the reader can do about it, one sentence; printed under the message. */
  readonly hint: string | undefined

  constructor(message: string, options: ErrorOptions & { readonly hint?: string } = {}) {
    super(message, options)
    this.name = new.target.name
    this.hint = options.hint
  }
}

/** A setting, flag or argument is missing or wrong: change it. Nothing has been read or written yet. */
export class ConfigError extends LakeError {
  override readonly exitCode = 2
}

/** A file that was handed in cannot be used: look at the file. What was read of it before is kept. */
export class InputError extends LakeError {
  override readonly exitCode = 2
}

/** A source did not answer, or answered with something unusable: wait, or look at the source. */
export class SourceError extends LakeError {
  override readonly exitCode = 75
  /** True when the same request may work later: a 429, a 5xx, a time-out or a broken connection. */
  readonly retryable: boolean

  constructor(message: string, options: ErrorOptions & { readonly retryable: boolean; readonly hint?: string }) {
    super(message, options)
    this.retryable = options.retryable
  }
}

/** The source refused the key: set another one. */
export class KeyError extends LakeError {
  override readonly exitCode = 5
}

/** What is the matter with a table: damaged, in need of a feature that is not there, changed by another writer, or not there. */
export type TableFault = 'corrupt' | 'unsupported' | 'conflict' | 'missing' | 'mismatch'

/** A table cannot be read or written as it is: look at the table. */
export class TableError extends LakeError {
  override readonly exitCode = 1
  readonly fault: TableFault

  constructor(message: string, options: ErrorOptions & { readonly fault: TableFault; readonly hint?: string }) {
    super(message, options)
    this.fault = options.fault
  }
}

/** Another writer was first, and what it did does not go together with this write: do it again. Nothing was written. */
export class ConflictError extends TableError {
  /** The version the write was prepared on; undefined when there was no table. */
  readonly readVersion: number | undefined
  /** The version of the other writer. */
  readonly foundVersion: number

  constructor(
    message: string,
    options: ErrorOptions & {
      readonly readVersion: number | undefined
      readonly foundVersion: number
      readonly hint?: string
    },
  ) {
    super(message, { ...options, fault: 'conflict' })
    this.readVersion = options.readVersion
    this.foundVersion = options.foundVersion
  }
}

/** An engine refused a statement: look at the query. */
export class EngineError extends LakeError {
  override readonly exitCode: number = 1
  /** The statement as it was sent. */
  readonly sql: string

  constructor(message: string, options: ErrorOptions & { readonly sql: string; readonly hint?: string }) {
    super(message, options)
    this.sql = options.sql
  }
}

/** The disk refuses: there is no room, or no right to write. Make room or give access, and try again. */
export class StorageError extends LakeError {
  override readonly exitCode = 1
}

/** Data broke a rule of severity `error`: look at the data. The tables it was meant for are as they were. */
export class QualityError extends LakeError {
  override readonly exitCode = 3
}

/** Somebody else is writing to the lake: wait, or end them. */
export class LockError extends LakeError {
  override readonly exitCode = 4
}

/** The work was stopped from outside, by a signal or an AbortSignal. What was committed stays. */
export class StoppedError extends LakeError {
  override readonly exitCode: number

  constructor(message: string, options: ErrorOptions & { readonly signal?: 'SIGINT' | 'SIGTERM' } = {}) {
    super(message, options)
    this.exitCode = options.signal === 'SIGTERM' ? 143 : 130
  }
}
