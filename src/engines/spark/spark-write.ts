import { randomUUID } from 'node:crypto'
import type { Row } from '../../frame/engine.ts'
import type { Table } from '../../table.ts'
import { ConflictError } from '../../errors.ts'
import { renderNote } from '../commit-note.ts'
import type { CommitNote, Committed } from '../engine.ts'
import type { UploadRow } from './connect/arrow-rows.ts'
import { inlineParts } from './connect/upload.ts'
import { SparkError } from './connect/spark-error.ts'
import type { SparkSession } from './connect/session.ts'
import { sparkDialect } from './spark-dialect.ts'
import { planMerge, type SparkMerge } from './spark-merge.ts'
import { dropped, release, stage, view, type SparkView } from './spark-stage.ts'
import { isSameType, propertiesSql, tableError, type SparkTables, type TableDefinition } from './spark-tables.ts'

const { identifier } = sparkDialect
const userMetadata = 'spark.databricks.delta.commitInfo.userMetadata'

type Properties = Readonly<Record<string, string>>

/** A write that is computed and in no table yet. */
export interface SparkWrite {
  readonly table: Table<unknown>
  /** The version it was worked out on; undefined when there was no table. */
  readonly base: number | undefined
  readonly isChange: boolean
  /** Undefined where there was no table: its commit counts the rows. */
  readonly counts: Pick<Committed, 'inserted' | 'updated' | 'deleted'> | undefined
  /** Relations of the table as it would be, and of the rows that are new or changed. */
  readonly after: string
  readonly written: string
  /** SQL for the rows that change or go. */
  readonly replaced: string
  /** Commits to the table that it needs before it, and that bring no rows. */
  readonly prepare?: () => Promise<unknown>
  /** Runs the one statement that makes it visible; undefined when the table has to be made, with these rows. */
  readonly publish: (() => Promise<unknown>) | undefined
  /** What it keeps on the server until it ends. */
  readonly kept: readonly SparkView[]
}

/** What a table was made with. */
type TableMaking = Pick<TableDefinition, 'properties' | 'partitionColumns'>

/** What a commit did. */
interface Done {
  readonly counts: SparkWrite['counts']
  readonly made?: TableMaking
}
const nothing = { inserted: 0, updated: 0, deleted: 0 }

/** From now on commits carry the note: said right before the rows, since what it tells is true with them. */
type Say = () => Promise<unknown>

/** How rows get into tables by Spark's SQL: what is to be written is computed and kept by the server, and looked at, before one statement writes it. */
export class SparkWriter {
  readonly #session: SparkSession
  readonly #tables: SparkTables
  // the note of a commit is a setting of the session
  #lastCommit: Promise<unknown> = Promise.resolve()

  constructor(session: SparkSession, tables: SparkTables) {
    this.#session = session
    this.#tables = tables
  }

  /** Adds rows of this program, and makes the table if there is none. */
  append(table: Table<unknown>, rows: readonly Row[], note: CommitNote): Promise<Committed> {
    return this.#commit(table.name, note, async (newest, say) => {
      const counts = { inserted: rows.length, updated: 0, deleted: 0 }
      if (newest !== undefined && rows.length === 0) return undefined
      const uploads: string[] = []
      try {
        for (const part of inlineParts(rows)) {
          // the server takes no dots in the name of a view that is uploaded
          const uploaded = `movielake_upload_${randomUUID().replaceAll('-', '')}`
          // types.ts and the columns of a table say the same of its rows
          await this.#session.upload(uploaded, table.frame.types, part as readonly UploadRow[])
          uploads.push(uploaded)
        }
        const all = `(${uploads.map((one) => `SELECT * FROM ${one}`).join(' UNION ALL ')})`
        if (newest === undefined) return { counts, made: await this.#create(table, all, note, say) }
        await this.#tables.addColumns(table, await this.#tables.missing(table, newest))
        // an INSERT takes no properties; said first, they never miss rows that are there
        await this.#setProperties(table.name, await this.#news(table.name, newest, note))
        await say()
        await this.#session.run(`INSERT INTO ${this.#tables.name(table.name)} ${rowsOf(table, all)}`)
        return { counts }
      } finally {
        for (const uploaded of uploads) await dropped(this.#session, uploaded)
      }
    })
  }

  /** Computes the rows of SQL that are to take the place of all others. */
  async overwrite(table: Table<unknown>, sql: string): Promise<SparkWrite> {
    const rows = await stage(this.#session, table.name, sql)
    const kept = [rows]
    try {
      const base = await this.#tables.newest(table.name)
      const staged = { table, base, after: rows.name, written: rows.name, kept }
      if (base === undefined) {
        const replaced = `SELECT * FROM ${rows.name} WHERE false`
        return { ...staged, isChange: true, counts: undefined, replaced, publish: undefined }
      }
      const stored = await this.#stored(table, base)
      const now = await this.#print(table, rows.name)
      // a table that has other columns is made anew
      if (stored === undefined) {
        const counts = { inserted: now.rows, updated: 0, deleted: await this.#rowCount(table.name, base) }
        const replaced = await this.#replaced(table, base)
        return { ...staged, isChange: true, counts, replaced, publish: undefined }
      }
      kept.push(stored)
      const before = await this.#print(table, stored.name)
      const overwrite = `INSERT OVERWRITE ${this.#tables.name(table.name)} ${rowsOf(table, rows.name)}`
      return {
        ...staged,
        isChange: now.print !== before.print,
        counts: { inserted: now.rows, updated: 0, deleted: before.rows },
        replaced: `SELECT * FROM ${stored.name}`,
        publish: () => this.#session.run(overwrite),
      }
    } catch (error) {
      await release(kept)
      throw error
    }
  }

  /** Computes what a merge comes to. */
  merge(merge: SparkMerge): Promise<SparkWrite> {
    return planMerge(this.#session, this.#tables, merge)
  }

  /** Makes a write visible. Throws ConflictError when another writer came first. */
  commit({ table, base, isChange, counts, after, prepare, publish }: SparkWrite, note: CommitNote): Promise<Committed> {
    return this.#commit(table.name, note, async (newest, say) => {
      if (newest !== base)
        throw new ConflictError(
          `${table.name}: version ${newest ?? 'none'} came in between, and this write was prepared on version ${base ?? 'none'}`,
          { readVersion: base ?? -1, foundVersion: newest ?? -1, hint: 'nothing was written; run the step again' },
        )
      if (!isChange) return undefined
      const hasNews = newest !== undefined && (await this.#news(table.name, newest, note)) !== undefined
      if (publish === undefined || hasNews) return { counts, made: await this.#create(table, after, note, say, newest) }
      await prepare?.()
      await say()
      await publish()
      return { counts }
    })
  }

  /** Runs a statement that changes no rows, as a commit with its note. */
  noted(table: string, note: CommitNote, statement: string): Promise<Committed> {
    return this.#commit(table, note, async (_, say) => {
      await say()
      await this.#session.run(statement)
      return { counts: nothing }
    })
  }

  /** One commit after the other, each with its note, which is written also where no rows are. */
  #commit(
    table: string,
    note: CommitNote,
    work: (newest: number | undefined, say: Say) => Promise<Done | undefined>,
  ): Promise<Committed> {
    const next = this.#lastCommit.then(async () => {
      const say: Say = () => this.#session.writeConfig({ [userMetadata]: renderNote(note) })
      try {
        const newest = await this.#tables.newest(table)
        const done = await work(newest, say)
        if (done === undefined && newest !== undefined) {
          await say()
          await this.#keepNote(table, newest, note)
        }
        const { rows, ...committed } = await this.#committed(table, newest, note, done?.made)
        if (done === undefined) return { ...committed, files: 0, sizeBytes: 0, ...nothing }
        const inserted = async () => rows ?? (await this.#rowCount(table, committed.version))
        return { ...committed, ...(done.counts ?? { ...nothing, inserted: await inserted() }) }
      } catch (error) {
        throw error instanceof SparkError ? tableError(table, error) : error
      } finally {
        await this.#session.unsetConfig(userMetadata).catch(() => {
          // the next commit brings its own note; this one stands or has failed already
        })
      }
    })
    this.#lastCommit = next.catch(() => {
      // whoever asked for it has the error
    })
    return next
  }

  /** What our newest commit after version `newest` has left; where there is none, what is there. */
  async #committed(
    table: string,
    newest: number | undefined,
    { runId, watermarks = {} }: CommitNote,
    made: TableMaking | undefined,
  ): Promise<Pick<Committed, 'table' | 'version' | 'files' | 'sizeBytes'> & { readonly rows?: number | undefined }> {
    const commits = await this.#tables.history(table, 5)
    const ours = commits.find((commit) => commit.version > (newest ?? -1) && commit.runId === runId)
    if (ours === undefined) return { table, version: newest ?? 0, files: 0, sizeBytes: 0 }
    const { version, committedAt, metrics } = ours
    const files = metrics['numFiles'] ?? metrics['numTargetFilesAdded'] ?? 0
    const sizeBytes = metrics['numOutputBytes'] ?? metrics['numTargetBytesAdded'] ?? 0
    const rows = metrics['numOutputRows']
    if (made !== undefined && rows !== undefined)
      this.#tables.remember(
        { table, version, dataVersion: version, committedAt, rows, files, sizeBytes, watermarks, ...made },
        made.partitionColumns,
      )
    return { table, version, files, sizeBytes, rows }
  }

  /** Writes the note of a commit that has no rows, where it says something new. */
  async #keepNote(table: string, newest: number, note: CommitNote): Promise<void> {
    const { watermarks } = await this.#tables.noted(table)
    const hasMarks = Object.entries(note.watermarks ?? {}).some(([name, value]) => watermarks[name] !== value)
    // a commit needs something to say, and its note is said with it
    const noted = hasMarks ? { 'movielake.noted': new Date().toISOString() } : undefined
    await this.#setProperties(table, (await this.#news(table, newest, note)) ?? noted)
  }

  async #setProperties(table: string, properties: Properties | undefined): Promise<void> {
    if (properties === undefined) return
    await this.#session.run(`ALTER TABLE ${this.#tables.name(table)} SET TBLPROPERTIES (${propertiesSql(properties)})`)
  }

  /** The properties of a note that the table does not have yet. */
  async #news(table: string, newest: number, { properties = {} }: CommitNote): Promise<Properties | undefined> {
    if (Object.keys(properties).length === 0) return undefined
    const known = (await this.#tables.definition(table, newest)).properties
    const news = Object.entries(properties).filter(([name, value]) => known[name] !== value)
    return news.length === 0 ? undefined : Object.fromEntries(news)
  }

  /** Makes a table of the rows of a relation in one commit, or makes it anew with what it was called. */
  async #create(
    table: Table<unknown>,
    relation: string,
    { partitionBy = [], properties = {} }: CommitNote,
    say: Say,
    newest?: number,
  ): Promise<TableMaking> {
    const known = newest === undefined ? undefined : await this.#tables.definition(table.name, newest)
    const made = {
      partitionColumns: known?.partitionColumns ?? partitionBy,
      properties: { ...settable(known?.properties ?? {}), ...properties },
    }
    const partitions = made.partitionColumns.map(identifier).join(', ')
    const said = propertiesSql(made.properties)
    // a table takes over what its query says of columns
    const described = await view(this.#session, table.name, castTo(table, relation), table.columns)
    const make = (how: string): Promise<unknown> =>
      this.#session.run(
        [
          `${how} TABLE ${this.#tables.name(table.name)} USING DELTA`,
          ...(partitions === '' ? [] : [`PARTITIONED BY (${partitions})`]),
          ...(said === '' ? [] : [`TBLPROPERTIES (${said})`]),
          `AS SELECT * FROM ${described.name}`,
        ].join('\n'),
      )
    try {
      await say()
      if (known === undefined)
        await make('CREATE').catch((error: unknown) => this.#makeAfterAll(table.name, error, make))
      else await make('CREATE OR REPLACE')
      return made
    } finally {
      await described.drop()
    }
  }

  /** Who was cut off while making a table leaves a log without a commit: Delta takes it for a table, but for who replaces it. */
  async #makeAfterAll(table: string, reason: unknown, make: (how: string) => Promise<unknown>): Promise<void> {
    const isTaken = reason instanceof SparkError && reason.condition?.endsWith('ALREADY_EXISTS') === true
    if (!isTaken || (await this.#tables.newest(table)) !== undefined) throw reason
    await make('CREATE OR REPLACE')
  }

  /** The stored rows of a table; undefined when its columns are not those declared. */
  async #stored(table: Table<unknown>, version: number): Promise<SparkView | undefined> {
    const stored = await this.#tables.columns(table.name, version)
    const declared = Object.entries(table.columns)
    const isAsDeclared =
      stored.size === declared.length &&
      declared.every(([name, { type }]) => isSameType(stored.get(name.toLowerCase()) ?? '', sparkDialect.type(type)))
    if (!isAsDeclared) return undefined
    return view(this.#session, table.name, await this.#tables.select(table, version))
  }

  async #rowCount(table: string, version: number): Promise<number> {
    const [row = {}] = await this.#session.collect(`SELECT count(*) AS n FROM ${this.#tables.at(table, version)}`)
    return Number(row['n'])
  }

  /** SQL for the rows of a table that has other columns, as far as they can be told in those declared. */
  async #replaced(table: Table<unknown>, version: number): Promise<string> {
    const stored = await this.#tables.columns(table.name, version)
    const items = Object.entries(table.columns).map(([name, { type }]) => {
      const meant = sparkDialect.type(type)
      const isThere = isSameType(stored.get(name.toLowerCase()) ?? '', meant)
      return isThere ? identifier(name) : `CAST(NULL AS ${meant}) AS ${identifier(name)}`
    })
    return `SELECT ${items.join(', ')} FROM ${this.#tables.at(table.name, version)}`
  }

  /** How many rows there are, and what they come to in whatever order: two tables with the same print hold the same rows. */
  async #print(table: Table<unknown>, relation: string): Promise<{ readonly rows: number; readonly print: string }> {
    const items = Object.entries(table.columns).map(([name, { type }]) => {
      const column = identifier(name)
      // hashes pass over nulls, also within lists and records
      return typeof type === 'string' ? `${column}, ${column} IS NULL` : `to_json(struct(${column}))`
    })
    const [row = {}] = await this.#session.collect(
      `SELECT count(*) AS n, CAST(sum(CAST(h AS DECIMAL(38, 0))) AS STRING) AS s, bit_xor(h) AS x FROM (SELECT xxhash64(${items.join(', ')}) AS h FROM ${relation})`,
    )
    return { rows: Number(row['n']), print: [row['n'], row['s'], row['x']].join(' ') }
  }
}

/** Properties without those that Delta keeps for itself and lets nobody set. */
const settable = (properties: Properties): Properties =>
  Object.fromEntries(Object.entries(properties).filter(([name]) => !ownProperties.test(name)))
const ownProperties = /^delta\.(columnMapping\.maxColumnId|rowTracking\.materialized|inCommitTimestampEnablement)/

function rowsOf({ columns }: Table<unknown>, relation: string): string {
  const names = Object.keys(columns).map(identifier).join(', ')
  return `(${names}) SELECT ${names} FROM ${relation}`
}

const castTo = ({ columns }: Table<unknown>, relation: string): string =>
  `SELECT ${Object.entries(columns)
    .map(([name, { type }]) => `CAST(${identifier(name)} AS ${sparkDialect.type(type)}) AS ${identifier(name)}`)
    .join(', ')} FROM ${relation}`
