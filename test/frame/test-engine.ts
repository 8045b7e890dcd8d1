import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api'
import { duckdbDialect } from '../../src/engines/duckdb/duckdb-dialect.ts'
import type { QueryEngine, Row } from '../../src/frame/engine.ts'
import type { Fields, Type } from '../../src/frame/types.ts'

/** Just enough of an engine to run frames: DuckDB in memory. `queries` counts those under way. */
export class TestEngine implements QueryEngine {
  readonly dialect = duckdbDialect
  readonly connection: DuckDBConnection
  open = 0
  constructor(connection: DuckDBConnection) {
    this.connection = connection
  }

  async *query(sql: string, columns: Fields, signal?: AbortSignal): AsyncGenerator<readonly Row[], void, undefined> {
    signal?.throwIfAborted()
    const stop = (): void => this.connection.interrupt()
    signal?.addEventListener('abort', stop, { once: true })
    this.open += 1
    try {
      const result = await this.connection.stream(sql)
      for await (const rows of result.yieldRowObjectJson()) {
        signal?.throwIfAborted()
        yield rows.map((row) => decodeRow(columns, row))
      }
    } finally {
      this.open -= 1
      signal?.removeEventListener('abort', stop)
    }
  }

  async explain(sql: string): Promise<string> {
    const reader = await this.connection.runAndReadAll(`EXPLAIN ${sql}`)
    return reader
      .getRowObjectsJson()
      .map((row) => String(row['explain_value']))
      .join('\n')
  }
}

/** An engine with a database of its own. */
export async function openTestEngine(): Promise<TestEngine> {
  const settings = { autoinstall_known_extensions: 'false', autoload_known_extensions: 'false' }
  const connection = await (await DuckDBInstance.create(':memory:', settings)).connect()
  await connection.run("SET TimeZone = 'UTC'")
  return new TestEngine(connection)
}

const decodeRow = (columns: Fields, row: Row): Row =>
  Object.fromEntries(Object.entries(columns).map(([name, type]) => [name, decode(type, row[name], name)]))

function decode(type: Type, value: unknown, name: string): unknown {
  if (value === null || value === undefined) return null
  if (type === 'bigint') return exact(BigInt(String(value)), name)
  if (type === 'double') return Number(value)
  if (type === 'timestamp') return instant(String(value))
  if (typeof type === 'string') return value
  if ('json' in type) return decode(type.json, value, name)
  if ('array' in type) return (value as unknown[]).map((item) => decode(type.array, item, name))
  return decodeRow(type.struct, value as Row)
}

function exact(value: bigint, name: string): number {
  const number = Number(value)
  if (!Number.isSafeInteger(number)) throw new RangeError(`${name}: ${value} is beyond 2^53`)
  return number
}

function instant(text: string): string {
  const [day, time = ''] = text.split(' ')
  const [seconds, micros = ''] = time.replace(/\+00$/, '').split('.')
  return `${day}T${seconds}.${micros.padEnd(6, '0')}Z`
}
