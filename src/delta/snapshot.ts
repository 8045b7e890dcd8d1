import {
  fileKey,
  type AddFile,
  type DomainMetadata,
  type Metadata,
  type Protocol,
  type RemoveFile,
  type Transaction,
} from './actions.ts'
import type { DeltaField } from './schema.ts'
import type { Storage } from './storage.ts'

/** Where a table lies and what it is called in messages. */
export interface Place {
  readonly storage: Storage
  readonly table: string
}

/** A table as of one version. */
export interface Snapshot extends Place {
  readonly version: number
  readonly protocol: Protocol
  readonly metadata: Metadata
  readonly schema: readonly DeltaField[]
  /** The data files, by `fileKey`. */
  readonly files: ReadonlyMap<string, AddFile>
  /** Files that were removed and may still be on disk, by `fileKey`. */
  readonly tombstones: ReadonlyMap<string, RemoveFile>
  readonly transactions: ReadonlyMap<string, Transaction>
  readonly domains: ReadonlyMap<string, DomainMetadata>
}

/** The table as it would be after the actions; it keeps the version it was read at. */
export function withActions(snapshot: Snapshot, removed: readonly string[], added: readonly AddFile[]): Snapshot {
  const files = new Map(snapshot.files)
  for (const key of removed) files.delete(key)
  for (const file of added) files.set(fileKey(file), file)
  return { ...snapshot, files }
}
