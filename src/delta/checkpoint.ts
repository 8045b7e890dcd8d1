import { StoppedError, TableError } from '../errors.ts'
import { parseAction, type Action, type ReadAction } from './actions.ts'
import { fileRetention } from './duration.ts'
import { versionName, type CheckpointFiles } from './log.ts'
import type { Snapshot } from './snapshot.ts'
import type { Storage } from './storage.ts'

/** How checkpoints, which are Parquet files, get onto the disk and back. */
export interface CheckpointIo {
  /** The rows of a checkpoint as JSON values, with the fields of `checkpointColumns` that the file has, nulls or not. */
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
  },
  remove: {
    path: 'VARCHAR',
    deletionTimestamp: 'BIGINT',
    dataChange: 'BOOLEAN',
    extendedFileMetadata: 'BOOLEAN',
    partitionValues: 'MAP(VARCHAR, VARCHAR)',
    size: 'BIGINT',
    deletionVector,
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

/** How many commits lie between two checkpoints when the table does not say. */
export const defaultCheckpointInterval = 10

/** All actions of a checkpoint. Throws TableError `corrupt`, naming the file, when it cannot be read. */
export async function readCheckpoint(
  storage: Storage,
  checkpoint: CheckpointFiles,
  io: CheckpointIo,
): Promise<readonly ReadAction[]> {
  const actions: ReadAction[] = []
  for (const part of checkpoint.parts) {
    const file = storage.locate(part)
    const rows = await io.read(file).catch((cause: unknown) => {
      if (cause instanceof StoppedError) throw cause
      throw new TableError(`${file}: the checkpoint cannot be read`, {
        fault: 'corrupt',
        hint: 'restore the file from a copy of the table',
        cause,
      })
    })
    for (const row of rows) actions.push(parseAction(row, file))
  }
  return actions
}

/** What a checkpoint of the snapshot holds: its whole state, and removed files as long as readers of older versions may still need them. */
export function checkpointActions(snapshot: Snapshot, now: number): readonly Action[] {
  const retention = fileRetention(snapshot.metadata.configuration)
  const recent = [...snapshot.tombstones.values()].filter((remove) => (remove.deletionTimestamp ?? 0) > now - retention)
  return [
    { protocol: snapshot.protocol },
    { metaData: snapshot.metadata },
    ...[...snapshot.transactions.values()].map((txn) => ({ txn })),
    ...[...snapshot.domains.values()].map((domainMetadata) => ({ domainMetadata })),
    ...recent.map((remove) => ({ remove: { ...remove, dataChange: false } })),
    ...[...snapshot.files.values()].map((add) => ({ add: { ...add, dataChange: false } })),
  ]
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
