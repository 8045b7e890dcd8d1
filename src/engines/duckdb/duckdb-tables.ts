import { readFileSync } from 'node:fs'
import path from 'node:path'
import { randomUUID } from 'node:crypto'
import { ConfigError, TableError } from '../../errors.ts'
import type { Action, AddFile } from '../../delta/actions.ts'
import { isCheckpointDue, writeCheckpoint, type CheckpointIo } from '../../delta/checkpoint.ts'
import { putActions, type Commit } from '../../delta/commit.ts'
import { readHistory, versionAt } from '../../delta/history.ts'
import { LocalStorage } from '../../delta/local-storage.ts'
import { listLog } from '../../delta/log.ts'
import { plainProtocol, protocolFor, withDeletionVectors } from '../../delta/protocol.ts'
import { readSnapshot } from '../../delta/replay.ts'
import {
  checkNames,
  deltaTypeName,
  evolvedSchema,
  isSameSchema,
  renderSchema,
  type DeltaField,
} from '../../delta/schema.ts'
import type { Place, Snapshot } from '../../delta/snapshot.ts'
import { checkWritable } from '../../delta/writable.ts'
import type { Table } from '../../table.ts'
import type { At, CommitNote } from '../engine.ts'
import { deltaSchema } from './duckdb-types.ts'

const manifest: unknown = JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8'))
const version =
  typeof manifest === 'object' && manifest !== null && 'version' in manifest ? String(manifest.version) : ''
const engineInfo = `movielake/${version}`

/** A table that is about to be written: what it is now, and what its schema will be. */
export interface Target {
  readonly place: Place
  readonly base: Snapshot | undefined
  readonly schema: readonly DeltaField[]
  readonly partitionColumns: readonly string[]
}

/** What goes into one commit, apart from what every commit holds. */
export interface Change {
  readonly target: Target
  readonly name: 'WRITE' | 'MERGE'
  readonly parameters: Readonly<Record<string, string>>
  readonly metrics: Readonly<Record<string, number>>
  readonly files: readonly Action[]
  readonly isBlindAppend: boolean
  /** True when files get deletion vectors, which readers must know of. */
  readonly marksRows: boolean
  readonly note: CommitNote
  readonly now: number
}

/** The lake's tables on this disk: where they lie, what they are, and how they change. */
export class DuckdbTables {
  readonly #root: string
  readonly #io: CheckpointIo

  constructor(root: string, io: CheckpointIo) {
    this.#root = path.resolve(root)
    this.#io = io
  }

  /** `silver.movies` lies in `silver/movies`. */
  place(table: string): Place {
    return { table, storage: new LocalStorage(path.join(this.#root, ...table.split('.'))) }
  }

  /** The table as it is meant; undefined when there is none. */
  async find(table: string, at: At = {}): Promise<Snapshot | undefined> {
    const place = this.place(table)
    if (at.asOf === undefined || at.version !== undefined) return readSnapshot(place, this.#io, at.version)
    const instant = Date.parse(at.asOf)
    if (Number.isNaN(instant))
      throw new ConfigError(`${table}: as of ${JSON.stringify(at.asOf)}, which is no instant`, {
        hint: 'such as 2025-12-09T10:45:30Z',
      })
    if ((await listLog(place.storage)) === undefined) return undefined
    const found = await versionAt(place.storage, instant)
    if (found === undefined)
      throw new TableError(`${table}: there is no version as old as ${at.asOf}`, { fault: 'missing' })
    return readSnapshot(place, this.#io, found)
  }

  /** The table as it is meant. Throws TableError `missing` when there is none. */
  async read(table: string, at?: At): Promise<Snapshot> {
    const snapshot = await this.find(table, at)
    if (snapshot !== undefined) return snapshot
    throw new TableError(`${table}: there is no such table in ${this.#root}`, { fault: 'missing' })
  }

  /** The files that commits after `since` added. Throws TableError `conflict` when one of them removed rows, `missing` when the log no longer says. */
  async appended(snapshot: Snapshot, since: number): Promise<readonly AddFile[]> {
    const hint = 'build from the whole table'
    const { table, storage, version: newest } = snapshot
    if (since > newest)
      throw new TableError(`${table}: version ${since} was read before, but the newest is ${newest}`, {
        fault: 'conflict',
        hint,
      })
    const commits = await readHistory(storage, since + 1)
    const files: AddFile[] = []
    for (let version = since + 1; version <= newest; version += 1) {
      const commit = commits.find((one) => one.version === version)
      if (commit === undefined)
        throw new TableError(`${table}: the log no longer has version ${version}`, { fault: 'missing', hint })
      if (commit.actions.some(({ remove }) => remove?.dataChange === true))
        throw new TableError(`${table}: version ${version} removed rows, it did not only append`, {
          fault: 'conflict',
          hint,
        })
      files.push(...commit.actions.flatMap(({ add }) => (add?.dataChange === true ? [add] : [])))
    }
    return files
  }

  /** What an overwrite with the declared columns would meet: they take the place of the stored ones. Throws TableError `unsupported` when it cannot be. */
  async overwriteTarget(declared: Table<unknown>): Promise<Target> {
    const place = this.place(declared.name)
    const schema = deltaSchema(declared.columns)
    checkNames(schema, declared.name)
    const base = await this.find(declared.name)
    if (base === undefined) return { place, base, schema, partitionColumns: [] }
    checkWritable(base)
    const { partitionColumns } = base.metadata
    return { place, base, schema: isSameSchema(schema, base.schema) ? base.schema : schema, partitionColumns }
  }

  /** What a write of the declared columns would meet. Throws TableError `mismatch` or `unsupported` when it cannot be. */
  async target(declared: Table<unknown>, partitionBy: readonly string[] = []): Promise<Target> {
    const place = this.place(declared.name)
    const wanted = deltaSchema(declared.columns)
    checkNames(wanted, declared.name)
    const base = await this.find(declared.name)
    if (base === undefined) return { place, base, schema: wanted, partitionColumns: partitionBy }
    checkWritable(base)
    return {
      place,
      base,
      schema: evolvedSchema(base.schema, wanted, declared.name),
      partitionColumns: base.metadata.partitionColumns,
    }
  }

  /** The version a change became, with a checkpoint behind it when one is due. */
  async commit(change: Change): Promise<number> {
    const { target, note, now } = change
    const actions = [...definition(change), ...watermarks(target.base, note, now), ...change.files]
    const commit: Commit = {
      place: target.place,
      base: target.base,
      actions,
      isBlindAppend: change.isBlindAppend,
      now,
      operation: {
        name: change.name,
        parameters: change.parameters,
        metrics: change.metrics,
        engineInfo,
        userMetadata: JSON.stringify({ run_id: note.runId }),
      },
    }
    const written = await putActions(commit)
    if (isCheckpointDue(written, target.base?.metadata.configuration ?? {}))
      await this.#checkpoint(target.place, written, now)
    return written
  }

  /** True when a commit of this note alone, without rows, would say something new. */
  isNews(base: Snapshot | undefined, schema: readonly DeltaField[], note: CommitNote): boolean {
    if (base === undefined || !isSameSchema(schema, base.schema)) return true
    const isSet = Object.entries(note.properties ?? {}).every(
      ([key, value]) => base.metadata.configuration[key] === value,
    )
    return !isSet || watermarks(base, note, 0).length > 0
  }

  async #checkpoint(place: Place, written: number, now: number): Promise<void> {
    try {
      const snapshot = await readSnapshot(place, this.#io, written)
      if (snapshot !== undefined) await writeCheckpoint(snapshot, this.#io, now)
    } catch {
      // the commit stands; a checkpoint only saves time, and the next one is as good
    }
  }
}

/** The table's definition, when the commit makes or changes it. */
function definition({ target, note, now, marksRows }: Change): readonly Action[] {
  const { base, schema, partitionColumns } = target
  const properties = note.properties ?? {}
  if (base === undefined)
    return [
      { protocol: protocolFor(plainProtocol, schema) },
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
  const protocol = protocolFor(upgraded?.protocol ?? base.protocol, schema)
  // rendered anew, a schema loses what only others know of
  const schemaString = schema === base.schema ? metadata.schemaString : renderSchema(schema)
  const metaData = { ...metadata, schemaString, configuration: { ...metadata.configuration, ...properties } }
  const isSame =
    upgraded === undefined &&
    isSameSchema(schema, base.schema) &&
    Object.entries(properties).every(([key, value]) => metadata.configuration[key] === value)
  return isSame ? [] : [...(protocol === base.protocol ? [] : [{ protocol }]), { metaData }]
}

function watermarks(base: Snapshot | undefined, note: CommitNote, now: number): readonly Action[] {
  return Object.entries(note.watermarks ?? {})
    .filter(([appId, version]) => base?.transactions.get(appId)?.version !== version)
    .map(([appId, version]) => ({ txn: { appId, version, lastUpdated: now } }))
}

/** The declared columns, for reading what is stored. Throws TableError `mismatch` when a stored column has another type. */
export function readableColumns(declared: Table<unknown>, snapshot: Snapshot): readonly DeltaField[] {
  const stored = new Map(snapshot.schema.map((field) => [field.name.toLowerCase(), field]))
  const columns = deltaSchema(declared.columns)
  for (const { name, type } of columns) {
    const found = stored.get(name.toLowerCase())
    if (found !== undefined && deltaTypeName(found.type) !== deltaTypeName(type))
      throw new TableError(
        `${declared.name}.${name}: stored as ${deltaTypeName(found.type)}, declared as ${deltaTypeName(type)}`,
        { fault: 'mismatch' },
      )
  }
  return columns
}
