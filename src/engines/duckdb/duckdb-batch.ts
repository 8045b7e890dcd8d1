import { EngineError, LakeError } from '../../errors.ts'
import type { Row } from '../../frame/engine.ts'
import type { Fields } from '../../frame/types.ts'
import type { Batch } from './duckdb-session.ts'
import { decode } from './duckdb-values.ts'

/** The rows of a batch with the columns asked for. Throws EngineError for an integer beyond 2^53. */
export function decodeBatch(
  { names, rows }: Pick<Batch, 'names' | 'rows'>,
  columns: Fields,
  sql: string,
): readonly Row[] {
  const wanted = Object.entries(columns).map(([name, type]) => [name, type, names.indexOf(name)] as const)
  try {
    return rows.map((row) =>
      Object.fromEntries(wanted.map(([name, type, i]) => [name, decode(type, row[i] ?? null, name)])),
    )
  } catch (cause) {
    if (cause instanceof LakeError || !(cause instanceof RangeError)) throw cause
    throw new EngineError(cause.message, { sql, cause })
  }
}
