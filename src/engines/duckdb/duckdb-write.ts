import type { Frame } from '../../frame/frame.ts'
import { fileKey, type Action, type AddFile } from '../../delta/actions.ts'
import { readVector, withVector, writeVectors } from '../../delta/deletion-vector.ts'
import { mergeFiles, removeAction } from '../../delta/merge-plan.ts'
import type { DeltaField } from '../../delta/schema.ts'
import { withActions, type Snapshot } from '../../delta/snapshot.ts'
import { liveRowCount } from '../../delta/statistics.ts'
import { checkChangeable, checkUpdatable } from '../../delta/writable.ts'
import { EngineError, TableError } from '../../errors.ts'
import type { Row } from '../../frame/engine.ts'
import type { Table } from '../../table.ts'
import type { CommitNote, Committed, MergeScope } from '../engine.ts'
import { checkRows } from './duckdb-constraints.ts'
import { duckdbDialect } from './duckdb-dialect.ts'
import { removeFiles, writeFiles } from './duckdb-files.ts'
import { castSql, planMerge, type MergeResult } from './duckdb-merge.ts'
import { loadRows } from './duckdb-rows.ts'
import type { DuckdbSession } from './duckdb-session.ts'
import { stageSql, type Staged } from './duckdb-stage.ts'
import type { DuckdbTables, Target } from './duckdb-tables.ts'
import type { DuckdbVectors } from './duckdb-vectors.ts'

const { identifier } = duckdbDialect

/** A write that is on the disk and in no version yet. */
export interface Prepared {
  readonly target: Target
  readonly name: 'WRITE' | 'MERGE'
  readonly parameters: Readonly<Record<string, string>>
  readonly added: readonly AddFile[]
  readonly removed: readonly AddFile[]
  /** The data files that were not there before. */
  readonly created: readonly AddFile[]
  /** Where the deletion vectors lie that were not there before. */
  readonly vectorFile?: string
  readonly counts: { readonly inserted: number; readonly updated: number; readonly deleted: number }
  readonly isChange: boolean
  /** SQL for the rows that are new or changed. */
  readonly written: string
  /** SQL for the rows of the table as it is that change or go. */
  readonly replaced: string
  /** What the write keeps until it ends. */
  readonly staged: readonly { drop(): Promise<void> }[]
}

/** How rows get into the tables of a lake on this disk. */
export class DuckdbWriter {
  readonly #session: DuckdbSession
  readonly #tables: DuckdbTables
  readonly #vectors: DuckdbVectors
  readonly #rewriteBytes: number

  constructor(session: DuckdbSession, tables: DuckdbTables, vectors: DuckdbVectors, rewriteBytes: number) {
    this.#session = session
    this.#tables = tables
    this.#vectors = vectors
    this.#rewriteBytes = rewriteBytes
  }

  async append(table: Table<unknown>, rows: readonly Row[], note: CommitNote): Promise<Committed> {
    const target = await this.#tables.target(table, note.partitionBy)
    const loaded = await loadRows(this.#session, table.name, target.schema, rows)
    try {
      const added = await this.#files(target, loaded.sql, note.filePrefix)
      const counts = { inserted: rows.length, updated: 0, deleted: 0 }
      const prepared = {
        name: 'WRITE',
        added,
        created: added,
        removed: [],
        counts,
        isChange: true,
        staged: [],
      } as const
      const parameters = { mode: 'Append', partitionBy: JSON.stringify(target.partitionColumns) }
      return await this.#appendTo(
        { ...prepared, target, parameters, written: loaded.sql, replaced: noRows(loaded.sql) },
        table,
        note,
      )
    } finally {
      await loaded.drop()
    }
  }

  async #appendTo(prepared: Prepared, table: Table<unknown>, note: CommitNote): Promise<Committed> {
    try {
      return await this.commit(prepared, note, true)
    } catch (error) {
      const isRace = prepared.target.base === undefined && error instanceof TableError && error.fault === 'conflict'
      if (!isRace) throw await this.#failed(prepared, error)
    }
    // somebody else has just made the table
    try {
      const target = await this.#tables.target(table, note.partitionBy)
      if (target.partitionColumns.join() !== prepared.target.partitionColumns.join())
        throw new TableError(`${table.name}: another writer made it with other partitions`, { fault: 'conflict' })
      return await this.commit({ ...prepared, target }, note, true)
    } catch (error) {
      throw await this.#failed(prepared, error)
    }
  }

  async overwrite(table: Table<unknown>, frame: Frame<unknown>): Promise<Prepared> {
    const target = await this.#tables.overwriteTarget(table)
    if (target.base !== undefined) checkChangeable(target.base)
    const text = frame.toSql(duckdbDialect)
    const staged = target.partitionColumns.length > 0 ? await stageSql(this.#session, text) : undefined
    try {
      const added = await this.#files(target, staged?.sql ?? text)
      try {
        return await this.#overwritten(target, added)
      } catch (error) {
        await removeFiles(target.place.storage, added)
        throw error
      }
    } finally {
      await staged?.drop()
    }
  }

  /** What it comes to when files take the place of all others; no change when they hold the same rows. */
  async #overwritten(target: Target, files: readonly AddFile[]): Promise<Prepared> {
    const { base, place, schema, partitionColumns } = target
    const isChange = base === undefined || base.schema !== schema || !(await this.#holdsTheSame(target, base, files))
    if (!isChange) await removeFiles(place.storage, files)
    const added = isChange ? files : []
    const removed = isChange ? [...(base?.files.values() ?? [])] : []
    return {
      target,
      name: 'WRITE',
      parameters: { mode: 'Overwrite', partitionBy: JSON.stringify(partitionColumns) },
      added,
      removed,
      created: added,
      counts: { inserted: sum(added.map(liveRowCount)), updated: 0, deleted: sum(removed.map(liveRowCount)) },
      isChange,
      written: await this.#scan(target, added),
      replaced: await this.#scan(target, removed),
      staged: [],
    }
  }

  async merge(table: Table<unknown>, frame: Frame<unknown>, scope?: MergeScope): Promise<Prepared> {
    const target = await this.#tables.target(table)
    const { base, schema } = target
    const staged: { drop(): Promise<void> }[] = []
    try {
      const source = await stageSql(this.#session, castSql(frame.toSql(duckdbDialect), schema))
      staged.push(source)
      const keys = scope === undefined ? undefined : await this.#scopeKeys(scope, schema)
      if (keys !== undefined) staged.push(keys)
      const plan = await planMerge(this.#session, this.#vectors, {
        base: base ?? emptyTable(target),
        schema,
        key: table.key,
        source,
        ...(scope !== undefined &&
          keys !== undefined && { scope: { column: scope.column, keys, isChanged: scope.isChanged === true } }),
      })
      staged.push(plan)
      // a merge that only inserts may be done to a table that is never changed
      if (base !== undefined && plan.touched.length > 0) checkUpdatable(base)
      return {
        ...(await this.#mergedFiles(target, plan)),
        target,
        name: 'MERGE',
        parameters: mergeParameters(table.key, scope),
        staged,
      }
    } catch (error) {
      for (const one of staged) await one.drop()
      throw error
    }
  }

  /** Writes what a planned merge comes to. */
  async #mergedFiles(
    target: Target,
    plan: MergeResult,
  ): Promise<Omit<Prepared, 'target' | 'name' | 'parameters' | 'staged'>> {
    const { inserted, updated, deleted, written, replaced } = plan
    const { dropped, rewritten, marked } = mergeFiles(plan.touched, this.#rewriteBytes)
    const isChange = target.base === undefined || inserted + updated + deleted > 0
    const kept = rewritten.length > 0 ? `${await plan.kept(rewritten)} UNION ALL ${written}` : written
    const rows = await this.#partitioned(target, kept)
    try {
      const created = isChange ? await this.#files(target, rows.sql) : []
      try {
        const vectors = await this.#markRows(target, plan, marked)
        return {
          added: [...(vectors?.files ?? []), ...created],
          removed: [...dropped, ...rewritten, ...marked],
          created,
          ...(vectors !== undefined && { vectorFile: vectors.path }),
          counts: { inserted, updated, deleted },
          isChange,
          written,
          replaced,
        }
      } catch (error) {
        await removeFiles(target.place.storage, created)
        throw error
      }
    } finally {
      await rows.drop()
    }
  }

  /** Lays deletion vectors over files; those they had are taken in. */
  async #markRows(
    target: Target,
    plan: MergeResult,
    marked: readonly AddFile[],
  ): Promise<{ path: string; files: readonly AddFile[] } | undefined> {
    if (marked.length === 0) return undefined
    const { storage } = target.place
    const lists: (readonly number[])[] = []
    for (const file of marked) {
      const before = file.deletionVector ? await readVector(storage, file.deletionVector) : []
      lists.push([...before, ...(await plan.gone(file))].sort((a, b) => a - b))
    }
    const { path, vectors } = await writeVectors(storage, lists)
    return { path, files: marked.flatMap((one, i) => (vectors[i] === undefined ? [] : [withVector(one, vectors[i])])) }
  }

  /** SQL for the table as it would be. */
  after(prepared: Prepared): Promise<string> {
    const { target, added, removed } = prepared
    const base = withActions(target.base ?? emptyTable(target), removed.map(fileKey), added)
    return this.#scan(target, [...base.files.values()])
  }

  async commit(prepared: Prepared, note: CommitNote, isBlindAppend = false): Promise<Committed> {
    const { target, added, created, removed, counts, isChange } = prepared
    const now = Date.now()
    const sizeBytes = sum(created.map(({ size }) => size))
    const isNews = isChange || this.#tables.isNews(target.base, target.schema, note)
    const version = isNews
      ? await this.#tables.commit({
          target,
          note,
          now,
          isBlindAppend,
          marksRows: prepared.vectorFile !== undefined,
          name: prepared.name,
          parameters: prepared.parameters,
          metrics: metrics(prepared, sizeBytes),
          files: [...removed.map((file) => removeAction(file, now)), ...added.map((add): Action => ({ add }))],
        })
      : (target.base?.version ?? 0)
    return { table: target.place.table, version, ...counts, files: created.length, sizeBytes }
  }

  /** Takes the files of a write that did not come to be off the disk. */
  async discard({ target, created, vectorFile, staged }: Prepared): Promise<void> {
    if (vectorFile !== undefined) await target.place.storage.delete(vectorFile)
    await removeFiles(target.place.storage, created)
    await this.release(staged)
  }

  async release(staged: Prepared['staged']): Promise<void> {
    for (const one of staged) await one.drop()
  }

  /** Cleans up after a commit that failed, unless its version may be there nevertheless. */
  async #failed(prepared: Prepared, error: unknown): Promise<unknown> {
    if (!(error instanceof TableError && error.fault === 'corrupt')) await this.discard(prepared)
    return error
  }

  /** Writes rows, and takes them off the disk again when they break a rule of the table. */
  async #files(target: Target, rows: string, filePrefix = 'part'): Promise<readonly AddFile[]> {
    const { place, base, schema, partitionColumns } = target
    const request = { storage: place.storage, schema, partitionColumns, rows, filePrefix, now: Date.now() }
    const added = await writeFiles(this.#session, request)
    try {
      if (base !== undefined) await checkRows(this.#session, { ...base, schema }, () => this.#scan(target, added))
      return added
    } catch (error) {
      await removeFiles(place.storage, added)
      throw error
    }
  }

  #scan(target: Target, files: readonly AddFile[]): Promise<string> {
    return this.#vectors.scanSql({ snapshot: target.base ?? emptyTable(target), files, columns: target.schema })
  }

  async #partitioned(target: Target, sql: string): Promise<Pick<Staged, 'sql' | 'drop'>> {
    return target.partitionColumns.length > 0 ? stageSql(this.#session, sql) : { sql, drop: async () => {} }
  }

  async #scopeKeys({ column, keys }: MergeScope, schema: readonly DeltaField[]): Promise<Staged> {
    const named = keys.columns.includes(column) ? column : (keys.columns[0] ?? column)
    const sql = `SELECT DISTINCT ${identifier(named)} AS ${identifier(column)} FROM (${keys.toSql(duckdbDialect)})`
    return stageSql(
      this.#session,
      castSql(
        sql,
        schema.filter(({ name }) => name === column),
      ),
    )
  }

  /**
   * Whether the files hold the rows of the table, in whatever order: as many, and with the same sum of 64-bit hashes. False when
   * the table's own files cannot be read, so that an overwrite repairs it.
   */
  async #holdsTheSame(target: Target, base: Snapshot, added: readonly AddFile[]): Promise<boolean> {
    const before = [...base.files.values()]
    const known = before.map(liveRowCount)
    if (!known.includes(undefined) && sum(known) !== sum(added.map(liveRowCount))) return false
    const after = await this.#fingerprint(await this.#scan(target, added))
    try {
      return after === (await this.#fingerprint(await this.#scan(target, before)))
    } catch (error) {
      if (error instanceof EngineError || error instanceof TableError) return false
      throw error
    }
  }

  async #fingerprint(sql: string): Promise<string> {
    const [row] = await this.#session.rows(
      `SELECT concat_ws(' ', count(*), sum(CAST(hash(r) AS HUGEINT)), bit_xor(hash(r))) AS print FROM (SELECT r FROM (${sql}) AS r)`,
    )
    return String(row?.['print'])
  }
}

const noRows = (sql: string): string => `SELECT * FROM (${sql}) WHERE false`

const sum = (numbers: readonly (number | undefined)[]): number =>
  numbers.reduce<number>((total, n) => total + (n ?? 0), 0)

function metrics(
  { name, added, created, removed, counts }: Prepared,
  sizeBytes: number,
): Readonly<Record<string, number>> {
  if (name === 'WRITE')
    return {
      numFiles: added.length,
      numOutputRows: counts.inserted,
      numOutputBytes: sizeBytes,
      numRemovedFiles: removed.length,
    }
  return {
    numTargetRowsInserted: counts.inserted,
    numTargetRowsUpdated: counts.updated,
    numTargetRowsDeleted: counts.deleted,
    numTargetFilesAdded: created.length,
    numTargetFilesRemoved: removed.length - (added.length - created.length),
    numTargetDeletionVectorsAdded: added.length - created.length,
    numTargetBytesAdded: sizeBytes,
  }
}

const mergeParameters = (key: readonly string[], scope: MergeScope | undefined): Readonly<Record<string, string>> => ({
  predicate: JSON.stringify(key.map((name) => `(t.${name} = s.${name})`)),
  matchedPredicates: '[{"actionType":"update"}]',
  notMatchedPredicates: '[{"actionType":"insert"}]',
  notMatchedBySourcePredicates:
    scope === undefined ? '[]' : JSON.stringify([{ predicate: `${scope.column} in scope`, actionType: 'delete' }]),
})

/** A table that is not there yet, as one without files. */
const emptyTable = ({ place, schema, partitionColumns }: Target): Snapshot => ({
  ...place,
  version: -1,
  protocol: { minReaderVersion: 1, minWriterVersion: 2 },
  metadata: {
    id: '',
    format: { provider: 'parquet' },
    schemaString: '',
    partitionColumns: [...partitionColumns],
    configuration: {},
  },
  schema,
  files: new Map(),
  tombstones: new Map(),
  transactions: new Map(),
  domains: new Map(),
})
