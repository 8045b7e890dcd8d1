import { fileKey, type AddFile } from '../../delta/actions.ts'
import { mappingMode } from '../../delta/column-mapping.ts'
import { readVector } from '../../delta/deletion-vector.ts'
import type { Storage } from '../../delta/storage.ts'
import { readFieldIds } from './duckdb-field-ids.ts'
import { scanSql, type Scan } from './duckdb-scan.ts'
import type { DuckdbSession } from './duckdb-session.ts'

/** Loads deletion vectors into DuckDB, each once a session, so that scans can leave out their rows. */
export class DuckdbVectors {
  readonly #session: DuckdbSession
  readonly #loaded = new Map<string, Promise<number>>()
  // never used twice: a vector that failed may have left rows under its number
  #nextNumber = 0

  private constructor(session: DuckdbSession) {
    this.#session = session
  }

  static async open(session: DuckdbSession): Promise<DuckdbVectors> {
    await session.run('CREATE SCHEMA IF NOT EXISTS lake; CREATE TABLE lake.deleted (vector INTEGER, row BIGINT)')
    return new DuckdbVectors(session)
  }

  /** SQL for the rows of a scan, those behind deletion vectors left out. */
  async scanSql(scan: Omit<Scan, 'vectors' | 'fieldIds'>): Promise<string> {
    const vectors = new Map<string, number>()
    for (const file of scan.files)
      if (file.deletionVector) vectors.set(fileKey(file), await this.#load(scan.snapshot.storage, file))
    if (mappingMode(scan.snapshot) !== 'id') return scanSql({ ...scan, vectors })
    const fieldIds = await readFieldIds(this.#session, scan.snapshot.storage, scan.files)
    return scanSql({ ...scan, vectors, fieldIds })
  }

  #load(storage: Storage, file: AddFile): Promise<number> {
    const key = `${storage.root}\0${fileKey(file)}`
    const known = this.#loaded.get(key)
    if (known !== undefined) return known
    const loading = this.#append(this.#nextNumber++, storage, file)
    this.#loaded.set(key, loading)
    loading.catch(() => this.#loaded.delete(key))
    return loading
  }

  async #append(number: number, storage: Storage, { deletionVector }: AddFile): Promise<number> {
    const rows = deletionVector ? await readVector(storage, deletionVector) : []
    await this.#session.use('append to lake.deleted', undefined, async (connection) => {
      const appender = await connection.createAppender('deleted', 'lake')
      for (const row of rows) {
        appender.appendInteger(number)
        appender.appendBigInt(BigInt(row))
        appender.endRow()
      }
      appender.closeSync()
    })
    return number
  }
}
