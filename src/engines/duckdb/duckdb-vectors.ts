import { BIGINT, DuckDBDataChunk, INTEGER } from '@duckdb/node-api'
import { fileKey, type AddFile } from '../../delta/actions.ts'
import { mappingMode } from '../../delta/column-mapping.ts'
import { readVector } from '../../delta/deletion-vector.ts'
import type { Storage } from '../../delta/storage.ts'
import { readFieldIds } from './duckdb-field-ids.ts'
import { scanSql, type Scan } from './duckdb-scan.ts'
import type { DuckdbSession } from './duckdb-session.ts'

// what DuckDB takes at once
const chunkRows = 2048

interface Loaded {
  /** The file that the vector lies over. */
  readonly place: string
  readonly number: Promise<number>
}

/** Loads deletion vectors into DuckDB, each once a session, so that scans can leave out their rows. */
export class DuckdbVectors {
  readonly #session: DuckdbSession
  readonly #loaded = new Map<string, Loaded>()
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

  /**
   * Lets go of vectors that a newer one over the same file has replaced; who asks for one again has it loaded again. SQL of `scanSql` that came before must
   * have been run: afterwards it would answer the rows behind them.
   */
  async forgetReplaced(): Promise<void> {
    const newest = new Map([...this.#loaded].map(([key, { place }]) => [place, key]))
    const replaced = [...this.#loaded].filter(([key, { place }]) => newest.get(place) !== key)
    if (replaced.length === 0) return
    for (const [key] of replaced) this.#loaded.delete(key)
    const numbers = await Promise.all(replaced.map(([, { number }]) => number))
    await this.#session.run(`DELETE FROM lake.deleted WHERE vector IN (${numbers.join(', ')})`).catch(() => {
      // what stays takes memory, and no number is used twice: the session may have been closed
    })
  }

  #load(storage: Storage, file: AddFile): Promise<number> {
    const key = `${storage.root}\0${fileKey(file)}`
    const known = this.#loaded.get(key)
    if (known !== undefined) return known.number
    const number = this.#append(this.#nextNumber++, storage, file)
    this.#loaded.set(key, { place: `${storage.root}\0${file.path}`, number })
    number.catch(() => this.#loaded.delete(key))
    return number
  }

  async #append(number: number, storage: Storage, { deletionVector }: AddFile): Promise<number> {
    const rows = deletionVector ? await readVector(storage, deletionVector) : []
    await this.#session.use('append to lake.deleted', undefined, async (connection) => {
      const appender = await connection.createAppender('deleted', 'lake')
      for (let from = 0; from < rows.length; from += chunkRows) {
        const some = rows.slice(from, from + chunkRows)
        const chunk = DuckDBDataChunk.create([INTEGER, BIGINT])
        chunk.setColumns([some.map(() => number), some.map(BigInt)])
        appender.appendDataChunk(chunk)
      }
      appender.closeSync()
    })
    return number
  }
}
