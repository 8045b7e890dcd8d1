import type { QueryEngine, Row } from '../frame/engine.ts'
import type { AnyFrame, Frame } from '../frame/frame.ts'
import type { Fields } from '../frame/types.ts'
import type { At } from '../delta/delta-log.ts'
import type { Table } from '../table.ts'

export type { At }

/** What a write leaves in the table's own log, in the same commit as the data. */
export interface CommitNote {
  /** Who writes; shown by `history`. */
  readonly runId: string
  /** Versions of the inputs this write has taken in, by table name. Kept as the log's transactions. */
  readonly watermarks?: Readonly<Record<string, number>>
  /** Table properties to set, such as the fingerprint of the rules it was built by. */
  readonly properties?: Readonly<Record<string, string>>
  /** How the names of the data files of an append begin: `movies_raw_104530`. */
  readonly filePrefix?: string
  /** The columns by which an append that makes the table partitions it; a table that is there keeps its own. */
  readonly partitionBy?: readonly string[]
}

/** What one commit did. Rows that stay as they were count nowhere, even if their file was rewritten. */
export interface Committed {
  readonly table: string
  readonly version: number
  readonly inserted: number
  readonly updated: number
  readonly deleted: number
  readonly files: number
  readonly sizeBytes: number
}

/** A write whose files are there and which no reader sees yet: look at `after`, then commit or discard. */
export interface PendingWrite {
  readonly table: string
  /** The table as it would be. */
  readonly after: AnyFrame
  /** Rows that are new or changed in it; for an overwrite all of them. */
  readonly written: AnyFrame
  /** Rows of the table as it is that change or go; for an overwrite all of them. */
  replaced(): Promise<AnyFrame>
  /** False when the table would hold the very rows it holds now. */
  readonly isChange: boolean
  /** Makes the write visible, once. Throws TableError `conflict` when another writer came first; the files are then removed. */
  commit(note: CommitNote): Promise<Committed>
  /** Removes the files again. A write that has been committed stays as it is. */
  discard(): Promise<void>
}

/** What the table's log says about its newest version. */
export interface TableState {
  readonly table: string
  readonly version: number
  /** The newest version that changed rows; later ones only took notes. */
  readonly dataVersion: number
  /** When that version was committed, ISO in UTC. */
  readonly committedAt: string
  readonly rows: number
  readonly files: number
  readonly sizeBytes: number
  readonly properties: Readonly<Record<string, string>>
  readonly watermarks: Readonly<Record<string, number>>
}

/** One commit of a table, newest first in `history`. */
export interface HistoryEntry {
  readonly version: number
  readonly committedAt: string
  readonly operation: string
  readonly runId: string | undefined
  readonly engine: string | undefined
  readonly metrics: Readonly<Record<string, number>>
}

/** How far a merge reaches: rows of the table whose `column` is among `keys` and which the source lacks are deleted. */
export interface MergeScope {
  readonly column: string
  readonly keys: AnyFrame
  /** All rows of the source are known to be new or other than the table's: they are not compared, which spares reading the table. */
  readonly isChanged?: boolean
}

/** What upkeep did to a table, or would do. */
export interface TableUpkeep {
  readonly table: string
  readonly versionBefore: number
  readonly version: number
  /** Of an optimize the data files of the newest version, of a vacuum all that lie in the table's folder, those of its log left out. */
  readonly filesBefore: number
  readonly filesAfter: number
  readonly sizeBytesBefore: number
  readonly sizeBytesAfter: number
}

/** What a vacuum of a table of the lake spares, and how it is noted. */
export interface VacuumRequest {
  /** Files that left the table longer ago than this go; a week by default, or what the table says. */
  readonly retentionHours?: number
  /** Says what would go and leaves it. */
  readonly dryRun?: boolean
  /** Versions that stay readable, however old. */
  readonly keepVersions?: readonly number[]
  /** Files that commits after this version added stay, for `openAppended`. */
  readonly keepAppendedSince?: number
}

/** A table of a DuckDB file. */
export interface SavedTable {
  readonly frame: AnyFrame
  /** Columns whose large values come first, and null last: what lies together is passed over together. */
  readonly largestFirst?: readonly string[]
  /**
   * Columns of few texts, or of lists of them, to be kept as an ENUM named `<table>_<column>`. Beside a list stands `<column>_mask`: the bits
   * `enum_code % 62` of its values.
   */
  readonly enums?: readonly string[]
}

/** All that the layers ask of an engine: queries, and tables that are written, checked and then published. */
export interface Engine extends QueryEngine {
  readonly name: 'duckdb' | 'spark'
  /** True once a server has forgotten the session: all fails from then on, and another engine has to be opened. */
  readonly isLost?: boolean
  /** The table as a frame. Throws TableError: `missing` when there is none, `unsupported` or `corrupt` by name. */
  open<S>(table: Table<S>, at?: At): Promise<Frame<S>>
  /** The rows appended after version `since`, of a table that is only ever appended to. */
  openAppended<S>(table: Table<S>, since: number): Promise<Frame<S>>
  /** Undefined when the table does not exist. */
  state(table: string): Promise<TableState | undefined>
  history(table: string): Promise<readonly HistoryEntry[]>
  /** Adds rows in one commit, and makes the table if there is none. `partitionBy` holds for its making. */
  append<S>(table: Table<S>, rows: readonly Row[], note: CommitNote): Promise<Committed>
  /** Prepares the table to hold exactly the rows of `frame`, and makes it if there is none. */
  overwrite<S>(table: Table<S>, frame: Frame<S>): Promise<PendingWrite>
  /** Prepares a merge by the table's key: new keys are inserted, rows that differ updated, rows in `scope` without a source row deleted. Throws TableError when the source has a key twice. */
  merge<S>(table: Table<S>, source: Frame<S>, scope?: MergeScope): Promise<PendingWrite>
  /** Brings small files of the table together, and takes rows behind deletion vectors out of them. Readers of older versions keep theirs. Throws TableError `missing` when there is none. */
  optimize(table: string, note: CommitNote): Promise<TableUpkeep>
  /** Takes files off the disk that no version needs which can still be asked for. Nobody else may be writing. Throws TableError: `missing`, `mismatch` for a retention longer than the table's own. */
  vacuum(table: string, request: VacuumRequest, note: CommitNote): Promise<TableUpkeep>
  /** Makes `select … from silver.movies` in `sql` read this frame, until the next bind of the name or the end of the session; answers what it is called in queries. */
  bind(name: string, frame: AnyFrame): Promise<string>
  /** The rows of SQL that a person wrote, with the columns as the engine names them. Throws EngineError. */
  sql(
    text: string,
    signal?: AbortSignal,
  ): Promise<{ readonly columns: Fields; readonly rows: AsyncIterable<readonly Row[]> }>
  /** The frame computed once and kept outside of the lake's tables until `drop`. */
  stage<S>(name: string, frame: Frame<S>): Promise<{ readonly frame: Frame<S>; drop(): Promise<void> }>
  /** Writes frames as the tables of a new DuckDB file, by name; a file that is there is replaced. */
  saveDatabase(path: string, tables: Readonly<Record<string, SavedTable>>): Promise<void>
  /** Ends what is under way on a server, which would go on otherwise: it fails with StoppedError, for whoever asked for it. */
  stop?(): void
  /** Ends the session; queries under way are stopped. */
  close(): Promise<void>
}
