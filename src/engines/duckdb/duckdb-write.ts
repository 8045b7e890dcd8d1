import { fileKey, type Action, type AddFile } from '../../delta/actions.ts'
import { everyRow, noRow, type Condition } from '../../delta/condition.ts'
import { isNews, type DeltaLog, type LogNote, type Target } from '../../delta/delta-log.ts'
import { readVector, withVector, writeVectors } from '../../delta/deletion-vector.ts'
import { mergeFiles, removeAction } from '../../delta/merge-plan.ts'
import { mayHaveVectors } from '../../delta/protocol.ts'
import type { DeltaField } from '../../delta/schema.ts'
import { withActions, type Snapshot } from '../../delta/snapshot.ts'
import { liveRowCount } from '../../delta/statistics.ts'
import { checkChangeable, checkUpdatable } from '../../delta/writable.ts'
import { EngineError, TableError } from '../../errors.ts'
import { removeFiles, writeFiles } from './duckdb-files.ts'
import type { Committed } from '../engine.ts'
import { checkRows } from './duckdb-constraints.ts'
import { duckdbDialect } from './duckdb-dialect.ts'
import { castSql, planMerge, type MergeClauses } from './duckdb-merge.ts'
import type { RowChanges } from './duckdb-row-changes.ts'
import type { DuckdbSession } from './duckdb-session.ts'
import { stageSql, type Staged } from './duckdb-stage.ts'
import type { DuckdbVectors } from './duckdb-vectors.ts'

const { identifier } = duckdbDialect

/** A write that is on the disk and in no version yet. */
export interface Prepared {
  readonly target: Target
  readonly name: string
  readonly parameters: Readonly<Record<string, string>>
  readonly added: readonly AddFile[]
  readonly removed: readonly AddFile[]
  /** The data files that were not there before. */
  readonly created: readonly AddFile[]
  /** Where the deletion vectors lie that were not there before. */
  readonly vectorFile?: string
  readonly counts: { readonly inserted: number; readonly updated: number; readonly deleted: number }
  readonly isChange: boolean
  /** What of the table it was worked out from. */
  readonly reads: Condition
  /** SQL for the rows that are new or changed. */
  readonly written: string
  /** SQL for the rows of the table as it is that change or go. */
  readonly replaced: string
  /** What the write keeps until it ends. */
  readonly staged: readonly { drop(): Promise<void> }[]
}

/** What a merge is made of, as SQL. */
export interface MergeSource extends MergeClauses {
  readonly key: readonly string[]
  /** The rows, with columns that the table has. */
  readonly sql: string
  /** Rows of the table whose `column` is among these and which the source lacks are deleted. */
  readonly scope?: { readonly column: string; readonly sql: string; readonly isChanged?: boolean }
}

/** How rows get into Delta tables: every method but `commit` prepares a write that no reader sees yet. */
export class DuckdbWriter {
  readonly #session: DuckdbSession
  readonly #log: DeltaLog
  readonly #vectors: DuckdbVectors
  readonly #rewriteBytes: number

  constructor(session: DuckdbSession, log: DeltaLog, vectors: DuckdbVectors, rewriteBytes: number) {
    this.#session = session
    this.#log = log
    this.#vectors = vectors
    this.#rewriteBytes = rewriteBytes
  }

  /** Adds the rows of SQL. `isStable` says that it answers the same however often it is asked. */
  async append(
    target: Target,
    sql: string,
    { filePrefix, isStable = false }: { readonly filePrefix?: string; readonly isStable?: boolean } = {},
  ): Promise<Prepared> {
    const rows = isStable ? undefined : await this.#partitioned(target, sql)
    try {
      return appended(target, sql, await this.#files(target, rows?.sql ?? sql, filePrefix))
    } finally {
      await rows?.drop()
    }
  }

  /** Puts the rows of SQL in the place of all others. */
  async overwrite(target: Target, sql: string): Promise<Prepared> {
    if (target.base !== undefined) checkChangeable(target.base)
    const rows = await this.#partitioned(target, sql)
    try {
      const added = await this.#files(target, rows.sql)
      try {
        return await this.#overwritten(target, added)
      } catch (error) {
        await removeFiles(target.place.storage, added)
        throw error
      }
    } finally {
      await rows.drop()
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
      reads: everyRow,
      written: await this.#scan(target, added),
      replaced: await this.#scan(target, removed),
      staged: [],
    }
  }

  /** Brings the rows of a source and those of the table together, by key. */
  async merge(target: Target, { key, sql, scope, ...clauses }: MergeSource): Promise<Prepared> {
    const { base, schema } = target
    const staged: { drop(): Promise<void> }[] = []
    const stage = async (text: string, fields = schema): Promise<Staged> => {
      const one = await stageSql(this.#session, castSql(text, fields))
      staged.push(one)
      return one
    }
    try {
      const source = await stage(sql)
      const keys =
        scope &&
        (await stage(
          scope.sql,
          schema.filter(({ name }) => name === scope.column),
        ))
      const changes = await planMerge(this.#session, this.#vectors, {
        ...clauses,
        base: base ?? emptyTable(target),
        schema,
        key,
        source,
        ...(scope && keys && { scope: { column: scope.column, keys, isChanged: scope.isChanged === true } }),
      })
      staged.push(changes)
      // a merge that only inserts may be done to a table that is never changed
      if (base !== undefined && changes.touched.length > 0) checkUpdatable(base)
      const written = await this.#changed(target, changes)
      return { ...written, name: 'MERGE', parameters: mergeParameters(key, clauses, scope?.column), staged }
    } catch (error) {
      for (const one of staged) await one.drop()
      throw error
    }
  }

  /** Changes or takes away rows that were found in the table. */
  async change(target: Target, name: 'DELETE' | 'UPDATE', condition: string, changes: RowChanges): Promise<Prepared> {
    try {
      if (target.base !== undefined && changes.touched.length > 0) checkUpdatable(target.base)
      const written = await this.#changed(target, changes)
      return { ...written, name, parameters: { predicate: JSON.stringify([condition]) }, staged: [changes] }
    } catch (error) {
      await changes.drop()
      throw error
    }
  }

  /** Writes what changes of rows come to. */
  async #changed(target: Target, changes: RowChanges): Promise<Omit<Prepared, 'name' | 'parameters' | 'staged'>> {
    const { inserted, updated, deleted, reads, written, replaced } = changes
    const rewriteBytes = target.base && !mayHaveVectors(target.base.metadata) ? Infinity : this.#rewriteBytes
    const { dropped, rewritten, marked } = mergeFiles(changes.touched, rewriteBytes)
    const isChange = target.base === undefined || inserted + updated + deleted > 0
    const kept = rewritten.length > 0 ? `${await changes.kept(rewritten)} UNION ALL ${written}` : written
    const rows = await this.#partitioned(target, kept)
    try {
      const created = isChange ? await this.#files(target, rows.sql) : []
      try {
        const vectors = await this.#markRows(target, changes, marked)
        return {
          target,
          added: [...(vectors?.files ?? []), ...created],
          removed: [...dropped, ...rewritten, ...marked],
          created,
          ...(vectors !== undefined && { vectorFile: vectors.path }),
          counts: { inserted, updated, deleted },
          isChange,
          reads,
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
    changes: RowChanges,
    marked: readonly AddFile[],
  ): Promise<{ path: string; files: readonly AddFile[] } | undefined> {
    if (marked.length === 0) return undefined
    const { storage } = target.place
    const lists: (readonly number[])[] = []
    for (const file of marked) {
      const before = file.deletionVector ? await readVector(storage, file.deletionVector) : []
      lists.push([...before, ...(await changes.gone(file))].sort((a, b) => a - b))
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

  /** Makes a write visible. Throws ConflictError when another writer was first; its files are then gone. */
  async commit(prepared: Prepared, note: LogNote): Promise<Committed> {
    try {
      return await this.#commit(prepared, note)
    } catch (error) {
      // after an error of the disk the version may be there nevertheless
      if (!(error instanceof TableError && error.fault === 'corrupt')) await this.discard(prepared)
      throw error
    } finally {
      await this.release(prepared.staged)
    }
  }

  async #commit(prepared: Prepared, note: LogNote): Promise<Committed> {
    const { target, added, created, removed, counts, isChange, reads } = prepared
    const now = Date.now()
    const sizeBytes = sum(created.map(({ size }) => size))
    const version =
      isChange || isNews(target.base, target.schema, note)
        ? await this.#log.commit({
            target,
            note,
            now,
            reads,
            marksRows: prepared.vectorFile !== undefined,
            name: prepared.name,
            parameters: prepared.parameters,
            metrics: metrics(prepared, sizeBytes),
            actions: [...removed.map((file) => removeAction(file, now)), ...added.map((add): Action => ({ add }))],
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

  /**
   * Whether the files hold the rows of the table, in whatever order: as many, and with the same sum of 64-bit hashes. False when
   * the table's own files cannot be read, so that an overwrite repairs it.
   */
  async #holdsTheSame(target: Target, base: Snapshot, added: readonly AddFile[]): Promise<boolean> {
    const before = [...base.files.values()]
    const known = before.map(liveRowCount)
    if (!known.includes(undefined) && sum(known) !== sum(added.map(liveRowCount))) return false
    const after = await this.#fingerprint(await this.#scan(target, added), target.schema)
    try {
      return after === (await this.#fingerprint(await this.#scan(target, before), target.schema))
    } catch (error) {
      if (error instanceof EngineError || error instanceof TableError) return false
      throw error
    }
  }

  async #fingerprint(sql: string, schema: readonly DeltaField[]): Promise<string> {
    const items = schema.map(({ name }) => identifier(name)).join(', ')
    const [row] = await this.#session.rows(
      `SELECT concat_ws(' ', count(*), sum(CAST(h AS HUGEINT)), bit_xor(h)) AS print FROM (SELECT hash(ROW(${items})) AS h FROM (${sql}))`,
    )
    return String(row?.['print'])
  }
}

const appended = (target: Target, sql: string, added: readonly AddFile[]): Prepared => ({
  target,
  name: 'WRITE',
  parameters: { mode: 'Append', partitionBy: JSON.stringify(target.partitionColumns) },
  added,
  created: added,
  removed: [],
  counts: { inserted: sum(added.map(liveRowCount)), updated: 0, deleted: 0 },
  isChange: added.length > 0 || target.base === undefined,
  reads: noRow,
  written: sql,
  replaced: noRows(sql),
  staged: [],
})

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
  const vectors = added.length - created.length
  if (name !== 'MERGE')
    return {
      ...(name === 'DELETE' ? { numDeletedRows: counts.deleted } : { numUpdatedRows: counts.updated }),
      numAddedFiles: created.length,
      numRemovedFiles: removed.length - vectors,
      numDeletionVectorsAdded: vectors,
      numAddedBytes: sizeBytes,
    }
  return {
    numTargetRowsInserted: counts.inserted,
    numTargetRowsUpdated: counts.updated,
    numTargetRowsDeleted: counts.deleted,
    numTargetFilesAdded: created.length,
    numTargetFilesRemoved: removed.length - vectors,
    numTargetDeletionVectorsAdded: vectors,
    numTargetBytesAdded: sizeBytes,
  }
}

const mergeParameters = (
  key: readonly string[],
  { matched = 'update', notMatched = 'insert', notMatchedBySource = 'keep' }: MergeClauses,
  scope: string | undefined,
): Readonly<Record<string, string>> => ({
  predicate: JSON.stringify(key.map((name) => `(t.${name} = s.${name})`)),
  matchedPredicates: clauseText(matched),
  notMatchedPredicates: clauseText(notMatched),
  notMatchedBySourcePredicates:
    scope === undefined
      ? clauseText(notMatchedBySource)
      : JSON.stringify([{ predicate: `${scope} in scope`, actionType: 'delete' }]),
})

const clauseText = (action: string): string =>
  JSON.stringify(
    action === 'keep' || action === 'skip' ? [] : [{ actionType: action === 'replace' ? 'update' : action }],
  )

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
