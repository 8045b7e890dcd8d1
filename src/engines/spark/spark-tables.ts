import { ConfigError, TableError } from '../../errors.ts'
import type { Table } from '../../table.ts'
import { parseNote, tellsWatermarks } from '../commit-note.ts'
import type { At, HistoryEntry, TableState } from '../engine.ts'
import { SparkError } from './connect/spark-error.ts'
import type { SparkRow, SparkSession } from './connect/session.ts'
import { sparkDialect } from './spark-dialect.ts'

const { identifier, text } = sparkDialect
const gone = /^(DELTA_TABLE_ONLY_OPERATION|DELTA_MISSING_DELTA_TABLE|DELTA_PATH_DOES_NOT_EXIST|PATH_NOT_FOUND)$/
// commits that leave the rows as they are
const upkeep =
  /^(SET TBLPROPERTIES|UNSET TBLPROPERTIES|OPTIMIZE|VACUUM (START|END)|ADD COLUMNS|CHANGE COLUMN|UPGRADE PROTOCOL|REORG|CREATE TABLE)$/
const someCommits = 30

/** What a version of a table says of itself. */
export interface TableDefinition extends Pick<TableState, 'version' | 'properties' | 'files' | 'sizeBytes'> {
  readonly partitionColumns: readonly string[]
}

/** The lake's tables on a Spark server: where they lie, and what their logs say. */
export class SparkTables {
  readonly session: SparkSession
  readonly #root: string
  /** What was last found of tables, true as long as they are at that version. */
  readonly #states = new Map<string, TableState>()
  readonly #definitions = new Map<string, TableDefinition>()
  readonly #columns = new Map<string, { readonly version: number; readonly types: ReadonlyMap<string, string> }>()

  constructor(session: SparkSession, root: string) {
    this.session = session
    this.#root = root.replace(/\/+$/, '')
  }

  /** How SQL names a table: delta.`/lake/silver/movies`. */
  name(table: string): string {
    return `delta.${identifier(this.folder(table))}`
  }

  /** Where a table lies. */
  folder(table: string): string {
    return `${this.#root}/${table.replaceAll('.', '/')}`
  }

  /** How SQL names a version of a table. */
  at(table: string, version: number): string {
    return `${this.name(table)} VERSION AS OF ${version}`
  }

  /** The newest version; undefined when there is no table. */
  async newest(table: string): Promise<number | undefined> {
    return (await this.#commits(table, 1))[0]?.version
  }

  /** The version that is meant. Throws TableError `missing` when there is none, and ConfigError for an instant that is none. */
  async version(table: string, at: At = {}): Promise<number> {
    if (at.version !== undefined) return at.version
    if (at.asOf === undefined) {
      const newest = await this.newest(table)
      if (newest !== undefined) return newest
      throw new TableError(`${table}: there is no Delta table in ${this.#root}`, { fault: 'missing' })
    }
    const instant = Date.parse(at.asOf)
    if (Number.isNaN(instant))
      throw new ConfigError(`${table}: as of ${JSON.stringify(at.asOf)}, which is no instant`, {
        hint: 'such as 2025-12-09T10:45:30Z',
      })
    const found = (await this.#commits(table)).find(({ committedAt }) => Date.parse(committedAt) <= instant)
    if (found !== undefined) return found.version
    throw new TableError(`${table}: there is no version as old as ${new Date(instant).toISOString()}`, {
      fault: 'missing',
    })
  }

  /** What the newest version is; undefined when there is no table. */
  async state(table: string): Promise<TableState | undefined> {
    const known = this.#states.get(table)
    const commits = await this.#commits(table, known === undefined ? someCommits : 1)
    const [newest] = commits
    if (newest === undefined) return undefined
    if (known?.version === newest.version && known.committedAt === newest.committedAt) return known
    this.#definitions.delete(table)
    this.#columns.delete(table)
    return this.#askState(table, newest, known === undefined ? commits : await this.#commits(table, someCommits))
  }

  /** Takes note of what a commit has left, so that nobody has to ask for it. */
  remember(state: TableState, partitionColumns: readonly string[]): void {
    this.#states.set(state.table, state)
    this.#definitions.set(state.table, { ...state, partitionColumns })
  }

  async #askState(
    table: string,
    { version, committedAt }: SparkCommit,
    commits: readonly SparkCommit[],
  ): Promise<TableState> {
    const [detail, rows] = await Promise.all([
      this.definition(table, version),
      rowsAfter(commits) ?? this.#count(table),
    ])
    const { watermarks } = await this.noted(table, commits)
    const { files, sizeBytes, properties } = detail
    const { version: dataVersion } = await this.#newestChange(table, commits)
    const state = { table, version, dataVersion, committedAt, rows, files, sizeBytes, properties, watermarks }
    this.#states.set(table, state)
    return state
  }

  /** What the newest commit of ours had taken in. */
  async noted(table: string, some?: readonly SparkCommit[]): Promise<Pick<TableState, 'watermarks'>> {
    const commits = some ?? (await this.#commits(table, someCommits))
    const isAll = commits.length < someCommits
    const found =
      commits.find(tellsWatermarks) ?? (isAll ? undefined : (await this.#commits(table)).find(tellsWatermarks))
    return { watermarks: found?.watermarks ?? {} }
  }

  /** The commits, newest first, or the newest `limit` of them; none when there is no table. */
  history(table: string, limit?: number): Promise<readonly SparkCommit[]> {
    return this.#commits(table, limit)
  }

  /** What the newest version, which is this one, says of itself and its files. */
  async definition(table: string, version: number): Promise<TableDefinition> {
    const known = this.#definitions.get(table)
    if (known?.version === version) return known
    const [detail = {}] = await this.#asked(table, () => this.session.run(`DESCRIBE DETAIL ${this.name(table)}`))
    const columns = detail['partitionColumns']
    const definition = {
      version,
      properties: pairsOf(detail['properties']),
      partitionColumns: Array.isArray(columns) ? columns.map(String) : [],
      files: Number(detail['numFiles']),
      sizeBytes: Number(detail['sizeInBytes']),
    }
    this.#definitions.set(table, definition)
    return definition
  }

  /** The types of the stored columns of a version, as Spark writes them, by their names in lower case. */
  async columns(table: string, version: number): Promise<ReadonlyMap<string, string>> {
    const known = this.#columns.get(table)
    if (known?.version === version) return known.types
    const types = await this.#askColumns(table, version)
    this.#columns.set(table, { version, types })
    return types
  }

  /** The declared columns that a version does not store yet. */
  async missing({ name, columns }: Table<unknown>, version: number): Promise<readonly string[]> {
    const stored = await this.columns(name, version)
    return Object.keys(columns).filter((column) => !stored.has(column.toLowerCase()))
  }

  /** Gives the newest version of a table more of its declared columns. */
  async addColumns({ name, columns }: Table<unknown>, added: readonly string[]): Promise<void> {
    if (added.length === 0) return
    const items = added.flatMap((column) => {
      const { type, about } = columns[column] ?? {}
      return type === undefined ? [] : `${identifier(column)} ${sparkDialect.type(type)} COMMENT ${text(about ?? '')}`
    })
    await this.session.run(`ALTER TABLE ${this.name(name)} ADD COLUMNS (${items.join(', ')})`)
  }

  async #askColumns(table: string, version: number): Promise<ReadonlyMap<string, string>> {
    const rows = await this.#asked(table, () =>
      this.session.run(`DESCRIBE QUERY SELECT * FROM ${this.at(table, version)}`),
    )
    return new Map(rows.map((row) => [String(row['col_name']).toLowerCase(), String(row['data_type']).toLowerCase()]))
  }

  /** SQL for the declared columns of a version: what is not stored is null. Throws TableError `mismatch` when a stored column has another type. */
  async select(declared: Table<unknown>, version: number): Promise<string> {
    const stored = await this.columns(declared.name, version)
    const items = Object.entries(declared.columns).map(([name, { type }]) => {
      const [found, meant] = [stored.get(name.toLowerCase()), sparkDialect.type(type)]
      if (found === undefined) return `CAST(NULL AS ${meant}) AS ${identifier(name)}`
      if (isSameType(found, meant)) return identifier(name)
      throw new TableError(`${declared.name}.${name}: stored as ${found}, declared as ${meant.toLowerCase()}`, {
        fault: 'mismatch',
      })
    })
    return `SELECT ${items.join(', ')} FROM ${this.at(declared.name, version)}`
  }

  /** Where the data files of a version lie. Throws TableError `missing` when some are gone. */
  async files(table: string, version: number): Promise<readonly string[]> {
    const sql = `SELECT DISTINCT _metadata.file_path AS path FROM ${this.at(table, version)}`
    try {
      return (await this.session.collect(sql)).map(({ path }) => String(path))
    } catch (error) {
      if (!(error instanceof SparkError) || error.fault !== 'query') throw error
      throw new TableError(`${table}: files of version ${version} are gone`, { fault: 'missing', cause: error })
    }
  }

  async #count(table: string): Promise<number> {
    const sql = `SELECT count(*) AS n FROM ${this.name(table)}`
    const [row = {}] = await this.#asked(table, () => this.session.collect(sql))
    return Number(row['n'])
  }

  async #newestChange(table: string, some: readonly SparkCommit[]): Promise<SparkCommit> {
    const found = some.find((commit) => commit.isChange)
    if (found !== undefined) return found
    const all = some.length < someCommits ? some : await this.#commits(table)
    const oldest = all.at(-1)
    if (oldest === undefined) throw new Error(`${table} has no history`)
    return all.find((commit) => commit.isChange) ?? oldest
  }

  async #commits(table: string, limit?: number): Promise<readonly SparkCommit[]> {
    const sql = `DESCRIBE HISTORY ${this.name(table)}${limit === undefined ? '' : ` LIMIT ${limit}`}`
    try {
      return (await this.session.run(sql)).map(commitOf)
    } catch (error) {
      if (!(error instanceof SparkError)) throw error
      if (gone.test(error.condition ?? '')) return []
      throw tableError(table, error)
    }
  }

  async #asked<T>(table: string, ask: () => Promise<T>): Promise<T> {
    try {
      return await ask()
    } catch (error) {
      throw error instanceof SparkError ? tableError(table, error) : error
    }
  }
}

/** A commit, with what tells whether it changed rows. */
export interface SparkCommit extends HistoryEntry {
  readonly watermarks: Readonly<Record<string, number>> | undefined
  /** Whether it brought or took rows, so far as its name and its counts tell. */
  readonly isChange: boolean
  /** Whether it did nothing but bring rows. */
  readonly isAppend: boolean
  /** Whether it put rows that were there into other files. */
  readonly isLayout: boolean
}

function commitOf(row: SparkRow): SparkCommit {
  const { runId, watermarks } = parseNote(typeof row['userMetadata'] === 'string' ? row['userMetadata'] : undefined)
  const operation = String(row['operation'] ?? 'UNKNOWN')
  const metrics = Object.fromEntries(
    Object.entries(pairsOf(row['operationMetrics'])).map(([name, value]) => [name, Number(value)]),
  )
  const hasChanged = isChange(operation, metrics)
  return {
    version: Number(row['version']),
    committedAt: new Date(String(row['timestamp'])).toISOString(),
    operation,
    runId,
    engine: typeof row['engineInfo'] === 'string' ? row['engineInfo'] : undefined,
    metrics,
    watermarks,
    isChange: hasChanged,
    isAppend: hasChanged && operation === 'WRITE' && pairsOf(row['operationParameters'])['mode'] === 'Append',
    isLayout: /^(OPTIMIZE|REORG)$/.test(operation),
  }
}

/** How many rows there are after commits, newest first, so far as those of ours tell; undefined when one does not. */
function rowsAfter(commits: readonly SparkCommit[]): number | undefined {
  let since = 0
  for (const { operation, metrics, runId, isAppend, isChange: hasChanged } of commits) {
    if (!hasChanged) continue
    const written = metrics['numOutputRows'] ?? NaN
    const merged = (metrics['numTargetRowsInserted'] ?? NaN) - (metrics['numTargetRowsDeleted'] ?? NaN)
    const isWhole = operation.endsWith(' AS SELECT') || (operation === 'WRITE' && !isAppend)
    const by = operation === 'MERGE' ? merged : written
    if (runId === undefined || Number.isNaN(by) || !(isWhole || isAppend || operation === 'MERGE')) return undefined
    since += by
    if (isWhole) return since
  }
  return undefined
}

function isChange(operation: string, metrics: Readonly<Record<string, number>>): boolean {
  if (upkeep.test(operation)) return false
  const counts = [
    'numOutputRows',
    'numFiles',
    'numRemovedFiles',
    'numTargetRowsInserted',
    'numTargetRowsUpdated',
    'numTargetRowsDeleted',
    'numDeletedRows',
    'numUpdatedRows',
    'numRestoredFiles',
  ]
  const known = counts.flatMap((name) => metrics[name] ?? [])
  return known.length === 0 || known.some((count) => count > 0)
}

/** A map as the client answers it: pairs. */
function pairsOf(value: unknown): Readonly<Record<string, string>> {
  if (!Array.isArray(value)) return {}
  return Object.fromEntries(
    value.flatMap((pair: unknown) =>
      Array.isArray(pair) && pair.length === 2 ? [[String(pair[0]), String(pair[1])]] : [],
    ),
  )
}

/** Whether two types are the same, as Spark writes them and as we do. */
export const isSameType = (stored: string, meant: string): boolean =>
  stored.replaceAll(/[\s`]/g, '') === meant.toLowerCase().replaceAll(/[\s`]/g, '')

/** An error of Spark's about a table, as every engine says it. */
export function tableError(table: string, error: SparkError): Error {
  if (gone.test(error.condition ?? ''))
    return new TableError(`${table}: there is no such table`, { fault: 'missing', cause: error })
  if (error.condition === 'DELTA_VERSION_NOT_FOUND')
    return new TableError(
      `${table}: ${/Cannot time travel[^.]*\. Available versions: [^.]*/.exec(error.message)?.[0] ?? 'there is no such version'}`,
      {
        fault: 'missing',
        cause: error,
      },
    )
  if (isConflict.test(error.condition ?? ''))
    return new TableError(`${table}: another writer was first: ${error.message}`, {
      fault: 'conflict',
      cause: error,
      hint: 'nothing was written; run the step again',
    })
  if (/^DELTA_(UNSUPPORTED_FEATURES|INVALID_PROTOCOL)/.test(error.condition ?? ''))
    return new TableError(`${table}: ${error.message}`, {
      fault: 'unsupported',
      cause: error,
      hint: 'the table has features that the Delta Lake of this server does not know',
    })
  if (isCorrupt.test(error.condition ?? ''))
    return new TableError(`${table}: ${error.message}`, {
      fault: 'corrupt',
      cause: error,
      hint: 'see that no file of the table was taken away',
    })
  return error
}

const isConflict =
  /^(DELTA_CONCURRENT|DELTA_METADATA_CHANGED|DELTA_PROTOCOL_CHANGED|DELTA_TABLE_ALREADY_EXISTS|TABLE_OR_VIEW_ALREADY_EXISTS)/
const isCorrupt =
  /^(DELTA_(LOG_FILE_NOT_FOUND|STATE_RECOVER|TRUNCATED_TRANSACTION_LOG|VERSIONS_NOT_CONTIGUOUS|FILE_NOT_FOUND)|FAILED_READ_FILE)/

/** Table properties as SQL lists them. */
export const propertiesSql = (properties: Readonly<Record<string, string>>): string =>
  Object.entries(properties)
    .map(([name, value]) => `${text(name)} = ${text(value)}`)
    .join(', ')
