// what the engines write: rows of 27 columns as Parquet, changes of 1 % of them, and logs of tables that have no data
import { DuckDBInstance } from '@duckdb/node-api'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** The columns, as SQL over a number `i`. */
const columns = {
  id: 'i',
  title: "'Film ' || i || ' of ' || hash(i) % 9973",
  original_title: "'Titre ' || hash(i + 1) % 99991",
  overview:
    "'A story about ' || hash(i + 2) || ' people who meet ' || hash(i + 3) || ' others, and what becomes of them'",
  release_date: "DATE '1950-01-01' + CAST(hash(i + 4) % 27000 AS INTEGER)",
  runtime: 'CAST(60 + hash(i + 5) % 120 AS INTEGER)',
  budget: 'CAST(hash(i + 6) % 200000000 AS BIGINT)',
  revenue: 'CAST(hash(i + 7) % 900000000 AS BIGINT)',
  popularity: '(hash(i + 8) % 100000) / 1000.0::DOUBLE',
  vote_average: '(hash(i + 9) % 100) / 10.0::DOUBLE',
  vote_count: 'CAST(hash(i + 10) % 30000 AS BIGINT)',
  language: "['en', 'fr', 'de', 'ja', 'ko'][CAST(1 + hash(i + 11) % 5 AS BIGINT)]",
  status: "['Released', 'Planned', 'Rumored'][CAST(1 + hash(i + 12) % 3 AS BIGINT)]",
  is_adult: 'hash(i + 13) % 50 = 0',
  fetched_at: "TIMESTAMPTZ '2026-01-01 00:00:00+00' + to_microseconds(CAST(hash(i + 14) % 86400000000 AS BIGINT))",
  collection_id: 'CASE WHEN hash(i + 15) % 5 = 0 THEN CAST(hash(i + 16) % 5000 AS BIGINT) END',
  genre: "['Drama', 'Comedy', 'Horror', 'Action', NULL][CAST(1 + hash(i + 17) % 5 AS BIGINT)]",
  director: "'Director ' || hash(i + 18) % 20000",
  company: "'Company ' || hash(i + 19) % 4000",
  country: "['US', 'FR', 'DE', 'JP', 'KR', 'IN'][CAST(1 + hash(i + 20) % 6 AS BIGINT)]",
  ...Object.fromEntries(
    Array.from({ length: 7 }, (_, n) => [`measure_${n + 1}`, `(hash(i + ${30 + n}) % 1000000) / 7.0::DOUBLE`]),
  ),
}
const items = Object.entries(columns)
  .map(([name, sql]) => `${sql} AS ${name}`)
  .join(', ')

/** Delta's types of the columns. */
export const types = Object.fromEntries(
  Object.keys(columns).map((name) => [
    name,
    { release_date: 'date', runtime: 'integer', is_adult: 'boolean', fetched_at: 'timestamp' }[name] ??
      (/^(id|budget|revenue|vote_count|collection_id)$/.test(name)
        ? 'long'
        : /^(popularity|vote_average|measure_)/.test(name)
          ? 'double'
          : 'string'),
  ]),
)

/** A query that reads every column of a table and answers one row, in words that all engines understand. */
export const everyColumn = (table) =>
  `SELECT ${Object.entries(types)
    .map(([name, type]) => {
      if (type === 'string') return `CAST(sum(length(${name})) AS BIGINT)`
      if (type === 'double') return `max(${name})`
      if (type === 'boolean') return `CAST(sum(CASE WHEN ${name} THEN 1 ELSE 0 END) AS BIGINT)`
      if (type === 'date' || type === 'timestamp') return `CAST(date_part('year', max(${name})) AS BIGINT)`
      return `CAST(sum(${name}) AS BIGINT)`
    })
    .map((item, i) => `${item} AS c${i}`)
    .join(', ')} FROM ${table}`

/** Writes the rows and the changes into a folder. */
export async function writeInput(folder, rows) {
  mkdirSync(folder, { recursive: true })
  const instance = await DuckDBInstance.create(':memory:', { threads: '2', memory_limit: '2GB' })
  const connection = await instance.connect()
  await connection.run("SET TimeZone = 'UTC'")
  const write = (name, from) =>
    connection.run(
      `COPY (SELECT ${items} FROM (${from})) TO '${join(folder, name)}.parquet' (FORMAT parquet, COMPRESSION snappy)`,
    )
  const changed = (name, more, where) =>
    connection.run(
      `COPY (SELECT * REPLACE (vote_count + ${more} AS vote_count) FROM '${join(folder, 'rows.parquet')}' WHERE ${where}) TO '${join(folder, name)}.parquet' (FORMAT parquet, COMPRESSION snappy)`,
    )
  await write('rows', `SELECT i FROM range(${rows}) r(i)`)
  await write('more', `SELECT ${rows} + i AS i FROM range(${Math.ceil(rows / 100)}) r(i)`)
  await changed('random', 1, 'hash(id + 99) % 100 = 0')
  await changed('clustered', 2, `id BETWEEN ${Math.floor(rows / 2)} AND ${Math.floor(rows / 2 + rows / 100) - 1}`)
  connection.closeSync()
  instance.closeSync()
}

/** Writes the log of a table of so many commits, each of which adds so many files; the files themselves are not there. */
export function writeLog(folder, commits, filesOfEach) {
  const log = join(folder, '_delta_log')
  mkdirSync(log, { recursive: true })
  const name = (version) => join(log, `${String(version).padStart(20, '0')}.json`)
  const schema = { type: 'struct', fields: [{ name: 'id', type: 'long', nullable: true, metadata: {} }] }
  const metaData = {
    id: '0a0a0a0a-0000-4000-8000-000000000000',
    format: { provider: 'parquet', options: {} },
    schemaString: JSON.stringify(schema),
    partitionColumns: [],
    configuration: {},
    createdTime: 0,
  }
  const lines = (actions) => `${actions.map((action) => JSON.stringify(action)).join('\n')}\n`
  writeFileSync(name(0), lines([{ protocol: { minReaderVersion: 1, minWriterVersion: 2 } }, { metaData }]))
  for (let version = 1; version <= commits; version += 1) {
    const adds = Array.from({ length: filesOfEach }, (_, n) => {
      const id = version * filesOfEach + n
      const stats = JSON.stringify({ numRecords: 1, minValues: { id }, maxValues: { id }, nullCount: { id: 0 } })
      return {
        add: {
          path: `part-${id}.parquet`,
          partitionValues: {},
          size: 1000,
          modificationTime: 0,
          dataChange: true,
          stats,
        },
      }
    })
    writeFileSync(
      name(version),
      lines([{ commitInfo: { timestamp: version, operation: 'WRITE', operationParameters: {} } }, ...adds]),
    )
  }
}
