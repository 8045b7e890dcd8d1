import type { Row } from '../../frame/engine.ts'
import type { Fields } from '../../frame/types.ts'
import { decodeBatch } from './duckdb-batch.ts'
import { DuckdbSession, type SessionOptions } from './duckdb-session.ts'

/** What a statement is given for `$1`, `$2`, …. */
export type Parameter = string | number | boolean

/** A DuckDB file that is read and never written. Its statements reach no other file, and no setting of it can be changed. */
export class DuckdbFile {
  readonly #session: DuckdbSession

  private constructor(session: DuckdbSession) {
    this.#session = session
  }

  /** Throws EngineError when there is no such file, or it is none of DuckDB's. */
  static async open(path: string, options: Omit<SessionOptions, 'readOnlyFile'> = {}): Promise<DuckdbFile> {
    return new DuckdbFile(await DuckdbSession.open({ ...options, readOnlyFile: path }))
  }

  /** All rows of a query. It is interrupted when the signal aborts, and throws StoppedError then. */
  rows(
    sql: string,
    columns: Fields,
    parameters: readonly Parameter[] = [],
    signal?: AbortSignal,
  ): Promise<readonly Row[]> {
    return this.#session.use(sql, signal, async (connection) => {
      const result = await connection.streamAndReadAll(sql, [...parameters])
      return decodeBatch({ names: result.deduplicatedColumnNames(), rows: result.getRows() }, columns, sql)
    })
  }

  /** Stops what runs, then lets go of the file. */
  close(): Promise<void> {
    return this.#session.close()
  }
}
