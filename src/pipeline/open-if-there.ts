import type { At, Engine } from '../engines/engine.ts'
import { TableError } from '../errors.ts'
import type { Frame } from '../frame/index.ts'
import type { Table } from '../table.ts'

/** The table as a frame; undefined when there is no such table, or not in that state. */
export async function openIfThere<S>(
  engine: Pick<Engine, 'open'>,
  table: Table<S>,
  at?: At,
): Promise<Frame<S> | undefined> {
  try {
    return await engine.open(table, at)
  } catch (error) {
    if (error instanceof TableError && error.fault === 'missing') return undefined
    throw error
  }
}
