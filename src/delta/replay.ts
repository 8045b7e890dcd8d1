import { TableError } from '../errors.ts'
import {
  fileKey,
  type AddFile,
  type DomainMetadata,
  type Metadata,
  type Protocol,
  parseActions,
  type ReadAction,
  type RemoveFile,
  type Transaction,
} from './actions.ts'
import type { CheckpointIo } from './checkpoint.ts'
import { readCheckpoint } from './checkpoint-files.ts'
import { planReplay, type Compaction } from './compaction.ts'
import { commitPath, listLog, readCommit, versionName, type LogListing } from './log.ts'
import { checkReadable, checkReadableColumns } from './protocol.ts'
import { parseSchema } from './schema.ts'
import type { Place, Snapshot } from './snapshot.ts'
import type { Storage } from './storage.ts'
import { checkTypeChanges } from './type-widening.ts'

/** A table as it was read, and how the part of the log looked that led to it. */
export interface KnownState {
  readonly snapshot: Snapshot
  readonly mark: string
}

/**
 * The table at a version, or the newest; undefined when there is no table. An older state that is `known` spares reading what led to it, as
 * long as that looks the same. Throws TableError: `missing` for a version it cannot tell, `corrupt`, `unsupported`.
 */
export async function readState(
  place: Place,
  io: CheckpointIo,
  version?: number,
  known?: KnownState,
): Promise<KnownState | undefined> {
  const listing = await listLog(place.storage)
  if (listing === undefined) return undefined
  const newest = Math.max(listing.commits.at(-1) ?? -1, listing.checkpoints.at(-1)?.version ?? -1)
  const target = version ?? newest
  if (!Number.isInteger(target) || target > newest || target < 0)
    throw new TableError(
      `${place.table}: there is no version ${target}; the newest is ${newest}, the oldest ${oldest(listing)}`,
      { fault: 'missing' },
    )
  const from = known && known.snapshot.version <= target ? known.snapshot : undefined
  const isSame = from !== undefined && (await markOf(place.storage, listing, from.version)) === known?.mark
  if (isSame && from.version === target) return { snapshot: { ...from, ...place }, mark: known?.mark ?? '' }
  const replay = new Replay(isSame ? from : undefined)
  const start = isSame ? from.version : await replayCheckpoint(replay, place, io, listing, target)
  const plan = planReplay(listing, start, target)
  checkContiguous(place, listing, plan, target)
  for (const step of plan) {
    if (typeof step === 'number') replay.apply(await readCommit(place.storage, step))
    else await replayCompaction(replay, place, listing, step)
  }
  return { snapshot: finish(replay, place, target), mark: await markOf(place.storage, listing, target) }
}

/** The state once a checkpoint of it was written, and the log before it perhaps cleaned: it looks different then and tells the same. */
export async function knownAfterCheckpoint({ snapshot, mark }: KnownState): Promise<KnownState> {
  const listing = await listLog(snapshot.storage)
  return { snapshot, mark: listing === undefined ? mark : await markOf(snapshot.storage, listing, snapshot.version) }
}

/** Differs when the commit of a version is another one, or the commits and checkpoints before it are others. */
async function markOf(storage: Storage, { commits, checkpoints }: LogListing, version: number): Promise<string> {
  const until = checkpoints.filter((checkpoint) => checkpoint.version <= version)
  const newest = [commitPath(version), ...(until.at(-1)?.parts ?? [])]
  const infos = await Promise.all(newest.map((path) => storage.info(path)))
  const count = commits.filter((commit) => commit <= version).length
  return JSON.stringify([version, count, until.length, newest, infos.map((info) => [info?.size, info?.modifiedAt])])
}

/** The newest checkpoint that can be read goes into the replay; answers its version, or -1 when commits must do alone. */
async function replayCheckpoint(
  replay: Replay,
  place: Place,
  io: CheckpointIo,
  listing: LogListing,
  target: number,
): Promise<number> {
  let failure: unknown
  for (const checkpoint of listing.checkpoints.filter(({ version }) => version <= target).reverse()) {
    try {
      replay.apply(await readCheckpoint(place.storage, checkpoint, io))
      return checkpoint.version
    } catch (error) {
      if (!(error instanceof TableError)) throw error
      // an older checkpoint, or the commits from the start, tell the same
      failure ??= error
    }
  }
  if (failure !== undefined && listing.commits[0] !== 0) throw failure
  return -1
}

/** Replays a compaction, or, when it is damaged, the commits it stands for. */
async function replayCompaction(
  replay: Replay,
  { table, storage }: Place,
  listing: LogListing,
  { from, to, path }: Compaction,
): Promise<void> {
  try {
    const bytes = await storage.read(path)
    replay.apply(parseActions(bytes?.toString() ?? '', storage.locate(path)))
  } catch (error) {
    if (!(error instanceof TableError)) throw error
    checkContiguous({ table, storage }, listing, range(from, to), to)
    for (const version of range(from, to)) replay.apply(await readCommit(storage, version))
  }
}

const range = (from: number, to: number): readonly number[] => Array.from({ length: to - from + 1 }, (_, i) => from + i)

/** The oldest version of which the log still tells the state. */
const oldest = ({ commits, checkpoints }: LogListing): number =>
  commits[0] === 0 ? 0 : (checkpoints[0]?.version ?? commits[0] ?? 0)

function checkContiguous(
  place: Place,
  listing: LogListing,
  plan: readonly (Compaction | number)[],
  target: number,
): void {
  const have = new Set(listing.commits)
  for (const version of plan) {
    if (typeof version !== 'number') continue
    if (have.has(version)) continue
    const file = `${versionName(version)}.json`
    if (version === 0 && listing.checkpoints.every((checkpoint) => checkpoint.version > target))
      throw new TableError(`${place.table}: version ${target} is no longer known: the log was cleaned`, {
        fault: listing.checkpoints.length > 0 ? 'missing' : 'corrupt',
        hint: listing.checkpoints[0]
          ? `the earliest version is ${listing.checkpoints[0].version}`
          : `restore ${file} from a copy of the table`,
      })
    throw new TableError(`${place.table}: ${file} is missing from its log`, {
      fault: 'corrupt',
      hint: 'restore the file from a copy of the table',
    })
  }
}

/** What is left of a log's actions, the newest deciding. */
class Replay {
  protocol: Protocol | undefined
  metadata: Metadata | undefined
  readonly files: Map<string, AddFile>
  readonly tombstones: Map<string, RemoveFile>
  readonly transactions: Map<string, Transaction>
  readonly domains: Map<string, DomainMetadata>

  constructor(start?: Snapshot) {
    this.protocol = start?.protocol
    this.metadata = start?.metadata
    this.files = new Map(start?.files)
    this.tombstones = new Map(start?.tombstones)
    this.transactions = new Map(start?.transactions)
    this.domains = new Map(start?.domains)
  }

  // a commit may remove a file and add it again with a deletion vector, in any order
  apply(actions: readonly ReadAction[]): void {
    for (const { remove } of actions) {
      if (!remove) continue
      this.files.delete(fileKey(remove))
      this.tombstones.set(fileKey(remove), remove)
    }
    for (const { add, protocol, metaData, txn, domainMetadata } of actions) {
      if (add) {
        this.files.set(fileKey(add), add)
        this.tombstones.delete(fileKey(add))
      }
      if (protocol) this.protocol = protocol
      if (metaData) this.metadata = metaData
      if (txn) this.transactions.set(txn.appId, txn)
      if (domainMetadata?.removed === true) this.domains.delete(domainMetadata.domain)
      else if (domainMetadata) this.domains.set(domainMetadata.domain, domainMetadata)
    }
  }
}

function finish(replay: Replay, { storage, table }: Place, version: number): Snapshot {
  const { protocol, metadata, files, tombstones, transactions, domains } = replay
  if (protocol === undefined || metadata === undefined || metadata.schemaString === '')
    throw new TableError(`${table}: its log names no ${protocol === undefined ? 'protocol' : 'schema'}`, {
      fault: 'corrupt',
      hint: 'restore _delta_log from a copy of the table',
    })
  checkReadable(protocol, metadata, table)
  const schema = parseSchema(metadata.schemaString, table)
  checkReadableColumns(schema, table)
  checkTypeChanges(schema, table)
  return { storage, table, version, protocol, metadata, schema, files, tombstones, transactions, domains }
}
