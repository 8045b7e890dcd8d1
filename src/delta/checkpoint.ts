import { TableError } from '../errors.ts'
import type { Action } from './actions.ts'
import { fileRetentionMs } from './duration.ts'
import { versionName } from './log.ts'
import type { Snapshot } from './snapshot.ts'
import type { Storage } from './storage.ts'

/** How checkpoints, which are Parquet files, get onto the disk and back. */
export interface CheckpointIo {
  /** The rows of a checkpoint as JSON values, with the fields of `checkpointColumns` and `pointerColumns` that the file has, nulls or not. */
  read(file: string): Promise<readonly unknown[]>
  /** The Parquet file with one row per action and the columns of `checkpointColumns`. */
  write(actions: readonly Action[]): Promise<Uint8Array>
}

const deletionVector =
  'STRUCT(storageType VARCHAR, pathOrInlineDv VARCHAR, "offset" INTEGER, sizeInBytes INTEGER, cardinality BIGINT)'

/** A checkpoint's columns and their fields; types are SQL's, which all engines with Parquet know. */
export const checkpointColumns = {
  txn: { appId: 'VARCHAR', version: 'BIGINT', lastUpdated: 'BIGINT' },
  add: {
    path: 'VARCHAR',
    partitionValues: 'MAP(VARCHAR, VARCHAR)',
    size: 'BIGINT',
    modificationTime: 'BIGINT',
    dataChange: 'BOOLEAN',
    stats: 'VARCHAR',
    tags: 'MAP(VARCHAR, VARCHAR)',
    deletionVector,
    baseRowId: 'BIGINT',
    defaultRowCommitVersion: 'BIGINT',
    clusteringProvider: 'VARCHAR',
  },
  remove: {
    path: 'VARCHAR',
    deletionTimestamp: 'BIGINT',
    dataChange: 'BOOLEAN',
    extendedFileMetadata: 'BOOLEAN',
    partitionValues: 'MAP(VARCHAR, VARCHAR)',
    size: 'BIGINT',
    deletionVector,
    baseRowId: 'BIGINT',
    defaultRowCommitVersion: 'BIGINT',
  },
  metaData: {
    id: 'VARCHAR',
    name: 'VARCHAR',
    description: 'VARCHAR',
    format: 'STRUCT(provider VARCHAR, options MAP(VARCHAR, VARCHAR))',
    schemaString: 'VARCHAR',
    partitionColumns: 'VARCHAR[]',
    configuration: 'MAP(VARCHAR, VARCHAR)',
    createdTime: 'BIGINT',
  },
  protocol: {
    minReaderVersion: 'INTEGER',
    minWriterVersion: 'INTEGER',
    readerFeatures: 'VARCHAR[]',
    writerFeatures: 'VARCHAR[]',
  },
  domainMetadata: { domain: 'VARCHAR', configuration: 'VARCHAR', removed: 'BOOLEAN' },
} as const

/** Columns that only checkpoints of others have, and their fields: where the data files are listed that they do not list themselves. */
export const pointerColumns = {
  checkpointMetadata: { version: 'BIGINT' },
  sidecar: { path: 'VARCHAR', sizeInBytes: 'BIGINT' },
} as const

/** How many commits lie between two checkpoints when the table does not say. */
export const defaultCheckpointInterval = 10

/**
 * What a checkpoint of the snapshot holds: its whole state, and removed files for as long as other readers may still need to know of them.
 * Throws TableError `unsupported` when the table wants what is not written here.
 */
export function checkpointActions(snapshot: Snapshot, now: number): readonly Action[] {
  checkWanted(snapshot)
  const since = now - fileRetentionMs(snapshot.metadata.configuration)
  const recent = [...snapshot.tombstones.values()].filter((remove) => (remove.deletionTimestamp ?? 0) > since)
  return [
    { protocol: snapshot.protocol },
    { metaData: snapshot.metadata },
    ...[...snapshot.transactions.values()].map((txn) => ({ txn })),
    ...[...snapshot.domains.values()].map((domainMetadata) => ({ domainMetadata })),
    ...recent.map((remove) => ({ remove: { ...remove, dataChange: false } })),
    ...[...snapshot.files.values()].map((add) => ({ add: { ...add, dataChange: false } })),
  ]
}

function checkWanted({ table, protocol, metadata, transactions }: Snapshot): void {
  const { configuration } = metadata
  const wants =
    configuration['delta.checkpoint.writeStatsAsStruct'] === 'true'
      ? 'statistics as columns'
      : configuration['delta.checkpoint.writeStatsAsJson'] === 'false'
        ? 'no statistics as text'
        : undefined
  // writers before version 3 need not know of these properties
  if (wants !== undefined && protocol.minWriterVersion >= 3)
    throw new TableError(`${table}: its checkpoints are to have ${wants}`, { fault: 'unsupported' })
  const rounded = [...transactions.values()].find(({ version }) => !Number.isSafeInteger(version))
  if (rounded !== undefined)
    throw new TableError(`${table}: the version of ${rounded.appId} is beyond 2^53`, { fault: 'unsupported' })
}

const pointerPath = '_delta_log/_last_checkpoint'

/** Writes a checkpoint of the snapshot and points `_last_checkpoint` at it, unless that points at a newer one. */
export async function writeCheckpoint(snapshot: Snapshot, io: CheckpointIo, now: number): Promise<void> {
  const { storage, version } = snapshot
  const actions = checkpointActions(snapshot, now)
  await storage.put(`_delta_log/${versionName(version)}.checkpoint.parquet`, await io.write(actions))
  if ((await lastCheckpoint(storage)) < version)
    await storage.put(pointerPath, JSON.stringify({ version, size: actions.length }))
}

async function lastCheckpoint(storage: Storage): Promise<number> {
  try {
    const pointer: unknown = JSON.parse((await storage.read(pointerPath))?.toString() ?? 'null')
    return typeof pointer === 'object' && pointer !== null && 'version' in pointer ? Number(pointer.version) : -1
  } catch {
    // the pointer is a shortcut for others; broken, it is written anew
    return -1
  }
}

/** True when a commit of this version is to be followed by a checkpoint, by the table's own properties. */
export function isCheckpointDue(version: number, configuration: Readonly<Record<string, string | null>>): boolean {
  const wanted = Number(configuration['delta.checkpointInterval'] ?? defaultCheckpointInterval)
  return version > 0 && version % (wanted > 0 ? wanted : defaultCheckpointInterval) === 0
}
