import { randomUUID } from 'node:crypto'
import type { Row } from '../../frame/engine.ts'
import type { Table } from '../../table.ts'
import { ConflictError } from '../../errors.ts'
import { renderNote } from '../commit-note.ts'
import type { CommitNote, Committed } from '../engine.ts'
import type { UploadRow } from './connect/arrow-rows.ts'
import { SparkError } from './connect/spark-error.ts'
import type { SparkSession } from './connect/session.ts'
import { sparkDialect } from './spark-dialect.ts'
import { planMerge, type SparkMerge } from './spark-merge.ts'
import { stage, view, type SparkView } from './spark-stage.ts'
import { propertiesSql, tableError, type SparkTables } from './spark-tables.ts'

const { identifier, text } = sparkDialect
const userMetadata = 'spark.databricks.delta.commitInfo.userMetadata'

/** A write that is computed and in no table yet. */
export interface SparkWrite {
  readonly table: Table<unknown>
  /** The version it was worked out on; undefined when there was no table. */
  readonly base: number | undefined
  readonly isChange: boolean
  readonly counts: { readonly inserted: number; readonly updated: number; readonly deleted: number }
  /** SQL for the table as it would be, for the rows that are new or changed, and for those that change or go. */
  readonly after: string
  readonly written: string
  readonly replaced: string
  /** The statement that makes it visible. */
  readonly statement: string
  /** What it keeps on the server until it ends. */
  readonly staged: readonly SparkView[]
}

/** How rows get into tables by Spark's SQL: what is to be written is computed and kept by the server, and looked at, before a statement writes it. */
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
  async append(table: Table<unknown>, rows: readonly Row[], note: CommitNote): Promise<Committed> {
    await this.#create(table, note)
    // the server takes no dots in the name of a view that is uploaded
    const uploaded = `movielake_upload_${randomUUID().replaceAll('-', '')}`
    return this.#commit(table.name, note, async () => {
      if (rows.length === 0) return { inserted: 0, updated: 0, deleted: 0 }
      // types.ts and the columns of a table say the same of its rows
      await this.#session.upload(uploaded, table.frame.types, rows as readonly UploadRow[])
      try {
        const columns = columnsOf(table)
        await this.#session.run(
          `INSERT INTO ${this.#tables.name(table.name)} (${columns}) SELECT ${columns} FROM ${uploaded}`,
        )
      } finally {
        await this.#session.run(`DROP VIEW IF EXISTS ${uploaded}`)
      }
      return { inserted: rows.length, updated: 0, deleted: 0 }
    })
  }

  /** Computes the rows of SQL that are to take the place of all others. */
  async overwrite(table: Table<unknown>, sql: string): Promise<SparkWrite> {
    const staged = [await stage(this.#session, table.name, sql)]
    try {
      const base = await this.#tables.newest(table.name)
      const columns = columnsOf(table)
      const rows = `SELECT ${columns} FROM ${staged.map(({ name }) => name).join('')}`
      const stored = base === undefined ? undefined : await this.#stored(table, base)
      if (stored !== undefined) staged.push(stored)
      const before = stored && (await this.#print(table, stored.name))
      const now = await this.#print(table, `(${rows})`)
      const isOtherwise = base !== undefined && stored === undefined
      return {
        table,
        base,
        isChange: before === undefined || before.print !== now.print,
        counts: { inserted: now.rows, updated: 0, deleted: before?.rows ?? 0 },
        after: rows,
        written: rows,
        replaced: stored === undefined ? `${rows} WHERE false` : `SELECT ${columns} FROM ${stored.name}`,
        statement: isOtherwise
          ? await this.#replacing(table, rows)
          : `INSERT OVERWRITE ${this.#tables.name(table.name)} (${columns}) ${rows}`,
        staged,
      }
    } catch (error) {
      for (const one of staged) await one.drop()
      throw error
    }
  }

  /** Computes what a merge comes to. */
  async merge(merge: SparkMerge): Promise<SparkWrite> {
    return planMerge(this.#session, this.#tables, merge)
  }

  /** Makes a write visible. Throws ConflictError when another writer came first. */
  async commit(write: SparkWrite, note: CommitNote): Promise<Committed> {
    const { table, base, isChange } = write
    if (base === undefined) await this.#create(table, note)
    return this.#commit(table.name, note, async () => {
      const newest = await this.#tables.newest(table.name)
      if (base !== undefined && newest !== base)
        throw new ConflictError(
          `${table.name}: version ${newest ?? 'none'} came in between, and this write was prepared on version ${base}`,
          { readVersion: base, foundVersion: newest ?? -1, hint: 'nothing was written; run the step again' },
        )
      if (isChange) await this.#session.run(write.statement)
      return write.counts
    })
  }

  /** Runs a statement that changes no rows, as a commit with its note. */
  noted(table: string, note: CommitNote, statement: string): Promise<Committed> {
    return this.#commit(table, note, async () => {
      await this.#session.run(statement)
      return { inserted: 0, updated: 0, deleted: 0 }
    })
  }

  /** Lets go of what a write has kept. */
  async release({ staged }: SparkWrite): Promise<void> {
    for (const one of staged) await one.drop()
  }

  /** One commit after the other, each with its note. */
  #commit(table: string, note: CommitNote, work: () => Promise<SparkWrite['counts']>): Promise<Committed> {
    const next = this.#lastCommit.then(async () => {
      await this.#session.writeConfig({ [userMetadata]: renderNote(note) })
      try {
        const before = await this.#tables.newest(table)
        const counts = await work()
        const done = await this.#committed(table, before, counts)
        await this.#keepNote(table, note, done.version !== before)
        return { ...done, version: (await this.#tables.newest(table)) ?? done.version }
      } catch (error) {
        throw error instanceof SparkError ? tableError(table, error) : error
      } finally {
        await this.#session.run(`RESET ${userMetadata}`)
      }
    })
    this.#lastCommit = next.catch(() => {
      // whoever asked for it has the error
    })
    return next
  }

  async #committed(table: string, before: number | undefined, counts: SparkWrite['counts']): Promise<Committed> {
    const [newest] = await this.#tables.history(table, 1)
    const isNew = newest !== undefined && newest.version !== before
    const metrics = isNew ? newest.metrics : {}
    return {
      table,
      version: newest?.version ?? 0,
      ...counts,
      files: metrics['numFiles'] ?? metrics['numTargetFilesAdded'] ?? 0,
      sizeBytes: metrics['numOutputBytes'] ?? metrics['numTargetBytesAdded'] ?? 0,
    }
  }

  /** Writes properties that are new, and the note where no rows changed and it says something new. */
  async #keepNote(
    table: string,
    { properties = {}, watermarks = {} }: CommitNote,
    hasCommitted: boolean,
  ): Promise<void> {
    const state = await this.#tables.state(table)
    const isNews =
      Object.entries(properties).some(([name, value]) => state?.properties[name] !== value) ||
      (!hasCommitted && Object.entries(watermarks).some(([name, value]) => state?.watermarks[name] !== value))
    if (!isNews) return
    // a commit needs something to say, and its note is said with it
    const said = Object.keys(properties).length > 0 ? properties : { 'movielake.noted': new Date().toISOString() }
    await this.#session.run(`ALTER TABLE ${this.#tables.name(table)} SET TBLPROPERTIES (${propertiesSql(said)})`)
  }

  async #create(table: Table<unknown>, { partitionBy = [], properties = {} }: CommitNote): Promise<void> {
    if ((await this.#tables.newest(table.name)) !== undefined) return
    const columns = Object.entries(table.columns).map(
      ([name, { type, about }]) => `${identifier(name)} ${sparkDialect.type(type)} COMMENT ${text(about)}`,
    )
    const partitions = partitionBy.length === 0 ? '' : ` PARTITIONED BY (${partitionBy.map(identifier).join(', ')})`
    const said = Object.keys(properties).length === 0 ? '' : ` TBLPROPERTIES (${propertiesSql(properties)})`
    await this.#session.run(
      `CREATE TABLE IF NOT EXISTS ${this.#tables.name(table.name)} (${columns.join(', ')}) USING DELTA${partitions}${said}`,
    )
  }

  /** The stored rows of a table; undefined when its columns are not those declared. */
  async #stored(table: Table<unknown>, version: number): Promise<SparkView | undefined> {
    const stored = await this.#tables.columns(table.name, version)
    const names = Object.keys(table.columns).map((name) => name.toLowerCase())
    if (stored.size !== names.length || !names.every((name) => stored.has(name))) return undefined
    return view(this.#session, table.name, await this.#tables.select(table, version))
  }

  /** The statement that gives a table other columns together with its rows. */
  async #replacing(table: Table<unknown>, rows: string): Promise<string> {
    const { properties, partitionColumns } = await this.#tables.definition(table.name)
    const partitions =
      partitionColumns.length === 0 ? '' : ` PARTITIONED BY (${partitionColumns.map(identifier).join(', ')})`
    const kept = Object.keys(properties).length === 0 ? '' : ` TBLPROPERTIES (${propertiesSql(properties)})`
    return `CREATE OR REPLACE TABLE ${this.#tables.name(table.name)} USING DELTA${partitions}${kept} AS ${rows}`
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

const columnsOf = (table: Table<unknown>): string => Object.keys(table.columns).map(identifier).join(', ')
