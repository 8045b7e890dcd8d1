import { randomUUID } from 'node:crypto'
import { ConfigError, TableError } from '../errors.ts'
import type { Action, Metadata } from './actions.ts'
import { isCheckpointDue, writeCheckpoint, type CheckpointIo } from './checkpoint.ts'
import { putActions } from './commit.ts'
import type { Condition } from './condition.ts'
import { versionAt } from './history.ts'
import { cleanLog } from './log-cleanup.ts'
import { listLog } from './log.ts'
import { plainProtocol, protocolFor, withDeletionVectors } from './protocol.ts'
import { knownAfterCheckpoint, readState, type KnownState } from './replay.ts'
import { isSameSchema, renderSchema, type DeltaField } from './schema.ts'
import type { Place, Snapshot } from './snapshot.ts'

/** Which state of a table is meant: a version, the one that was current at an instant (ISO, UTC), or, without either, the newest. */
export interface At {
  readonly version?: number
  readonly asOf?: string
}

/** A table that is about to be written: what it is now, and what its schema will be. */
export interface Target {
  readonly place: Place
  readonly base: Snapshot | undefined
  readonly schema: readonly DeltaField[]
  readonly partitionColumns: readonly string[]
}

/** What a commit leaves in the log beside rows. */
export interface LogNote {
  /** Free text, shown by every engine's history. */
  readonly userMetadata?: string
  /** How far applications have come, by their ids. */
  readonly transactions?: Readonly<Record<string, number>>
  /** Table properties to set. */
  readonly properties?: Readonly<Record<string, string>>
}

/** What goes into one commit, apart from what every commit holds. */
export interface Change {
  readonly target: Target
  /** `WRITE`, `MERGE`, …, as other engines name them in a table's history. */
  readonly name: string
  readonly parameters: Readonly<Record<string, string>>
  readonly metrics: Readonly<Record<string, number>>
  readonly actions: readonly Action[]
  readonly reads: Condition
  /** True when files get deletion vectors, which readers must know of. */
  readonly marksRows?: boolean
  readonly note: LogNote
  readonly now: number
}

/** The logs of tables: what a table is at a version, and how it gets another one. */
export class DeltaLog {
  readonly #io: CheckpointIo
  readonly #engineInfo: string
  /** What was read last, by the tables' folders. */
  readonly #newest = new Map<string, KnownState>()

  /** `engineInfo` names the program in the tables' history, as `movielake/1.0.0`. */
  constructor(io: CheckpointIo, engineInfo: string) {
    this.#io = io
    this.#engineInfo = engineInfo
  }

  /** The table as it is meant; undefined when there is none. Throws TableError `missing` for a version or an instant the log does not know. */
  async find(place: Place, at: At = {}): Promise<Snapshot | undefined> {
    const { table, storage } = place
    if (at.asOf === undefined || at.version !== undefined) return this.#snapshot(place, at.version)
    const instant = Date.parse(at.asOf)
    if (Number.isNaN(instant))
      throw new ConfigError(`${table}: as of ${JSON.stringify(at.asOf)}, which is no instant`, {
        hint: 'such as 2025-12-09T10:45:30Z',
      })
    if ((await listLog(storage)) === undefined) return undefined
    return this.#snapshot(place, await versionAt(place, instant))
  }

  /** The table as it is meant. Throws TableError `missing` when there is none. */
  async read(place: Place, at?: At): Promise<Snapshot> {
    const snapshot = await this.find(place, at)
    if (snapshot !== undefined) return snapshot
    const { table, storage } = place
    const where = table === storage.root ? '' : ` in ${storage.root}`
    throw new TableError(`${table}: there is no Delta table${where}`, { fault: 'missing' })
  }

  /** The version a change became, with a checkpoint behind it when one is due. */
  async commit(change: Change): Promise<number> {
    const { target, name, parameters, metrics, reads, note, now } = change
    const written = await putActions({
      place: target.place,
      base: target.base,
      actions: [...definition(change), ...transactions(target.base, note, now), ...change.actions],
      reads,
      now,
      operation: {
        name,
        parameters,
        metrics,
        engineInfo: this.#engineInfo,
        ...(note.userMetadata !== undefined && { userMetadata: note.userMetadata }),
      },
    })
    if (isCheckpointDue(written, target.base?.metadata.configuration ?? {}))
      await this.checkpoint(target.place, written, now).catch(() => {
        // the commit stands; a checkpoint only saves time, and the next one is as good
      })
    return written
  }

  /** Writes a checkpoint of a version, and forgets the commits the table no longer wants to remember. */
  async checkpoint(place: Place, version: number, now: number): Promise<void> {
    const snapshot = await this.#snapshot(place, version)
    if (snapshot === undefined) return
    await writeCheckpoint(snapshot, this.#io, now)
    await cleanLog(snapshot, now)
    const { root } = place.storage
    const known = this.#newest.get(root)
    if (known?.snapshot !== snapshot) return
    const after = await knownAfterCheckpoint(known)
    if (this.#newest.get(root) === known) this.#newest.set(root, after)
  }

  /** Goes on from the newest version that was read of the table. */
  async #snapshot(place: Place, version?: number): Promise<Snapshot | undefined> {
    const { root } = place.storage
    const known = this.#newest.get(root)
    const read = await readState(place, this.#io, version, known)
    const isOlder = version !== undefined && known !== undefined && version < known.snapshot.version
    if (read === undefined) this.#newest.delete(root)
    else if (!isOlder) this.#newest.set(root, read)
    return read?.snapshot
  }
}

/** True when a commit of this note alone, without rows, would say something new. */
export function isNews(base: Snapshot | undefined, schema: readonly DeltaField[], note: LogNote): boolean {
  if (base === undefined || !isSameSchema(schema, base.schema)) return true
  return !hasProperties(base.metadata, note) || transactions(base, note, 0).length > 0
}

const hasProperties = ({ configuration }: Metadata, { properties = {} }: LogNote): boolean =>
  Object.entries(properties).every(([key, value]) => configuration[key] === value)

/** The table's definition, when the commit makes or changes it. */
function definition({ target, note, now, marksRows = false }: Change): readonly Action[] {
  const { base, schema, partitionColumns } = target
  const properties = note.properties ?? {}
  if (base === undefined)
    return [
      { protocol: protocolFor(plainProtocol, schema, properties) },
      {
        metaData: {
          id: randomUUID(),
          format: { provider: 'parquet', options: {} },
          schemaString: renderSchema(schema),
          partitionColumns: [...partitionColumns],
          configuration: { ...properties },
          createdTime: now,
        },
      },
    ]
  const upgraded = marksRows ? withDeletionVectors(base.protocol, base.metadata) : undefined
  const metadata = upgraded?.metaData ?? base.metadata
  if (upgraded === undefined && isSameSchema(schema, base.schema) && hasProperties(metadata, note)) return []
  const configuration = { ...metadata.configuration, ...properties }
  const protocol = protocolFor(upgraded?.protocol ?? base.protocol, schema, configuration)
  // rendered anew, a schema loses what only others know of
  const schemaString = schema === base.schema ? metadata.schemaString : renderSchema(schema)
  const metaData = { ...metadata, schemaString, configuration }
  return [...(protocol === base.protocol ? [] : [{ protocol }]), { metaData }]
}

const transactions = (base: Snapshot | undefined, note: LogNote, now: number): readonly Action[] =>
  Object.entries(note.transactions ?? {})
    .filter(([appId, version]) => base?.transactions.get(appId)?.version !== version)
    .map(([appId, version]) => ({ txn: { appId, version, lastUpdated: now } }))
