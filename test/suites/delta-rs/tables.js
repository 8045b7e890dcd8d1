// tables that are hard to read right, our reading of any table as Parquet, and a merge into what delta-rs has written
import { spawnSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import path from 'node:path'
import { DeltaLog } from '../../../dist/delta/delta-log.js'
import { DuckdbCheckpoints } from '../../../dist/engines/duckdb/duckdb-checkpoint.js'
import { openDuckdb } from '../../../dist/engines/duckdb/duckdb-engine.js'
import { DuckdbSession } from '../../../dist/engines/duckdb/duckdb-session.js'
import { DuckdbTables } from '../../../dist/engines/duckdb/duckdb-tables.js'
import { DuckdbVectors } from '../../../dist/engines/duckdb/duckdb-vectors.js'
import { sql, structOf } from '../../../dist/frame/index.js'
import { array, bigint, boolean, date, double, int, stored, string, timestamp } from '../../../dist/table.js'

const nullable = { nullable: true }
const values = stored({
  name: 'values',
  grain: 'one row per value',
  key: ['id'],
  columns: {
    id: bigint('id, beyond 2^53 too'),
    n: int('int', nullable),
    d: double('double, NaN too', nullable),
    s: string('text', nullable),
    b: boolean('boolean', nullable),
    day: date('date', nullable),
    at: timestamp('instant', nullable),
    list: array('string')('list', nullable),
    people: array(structOf({ person_id: 'bigint', name: 'string' }))('structs', nullable),
  },
})
const places = stored({
  name: 'places',
  grain: 'one row per id',
  key: ['id'],
  columns: { id: bigint('id'), day: date('partition', nullable), place: string('partition', nullable) },
})
const marked = stored({ name: 'marked', grain: 'one row per value', key: ['id'], columns: values.columns })
const note = { runId: 'delta-rs' }

/** A frame of a table's columns from SQL. */
const query = (table, text) => sql(table.frame.types)(Object.assign([text], { raw: [text] }))

/** Values at the edges of their types, one file each; partitions with odd names; a merged table with a checkpoint. */
export async function makeTables(root) {
  const lake = await openDuckdb({ root, threads: 2, memoryLimit: '1GB' })
  const edges = [
    `9007199254740993 + i as id, (-2147483648)::int as n, 'NaN'::double as d, repeat('😀', 40) || i as s, true as b, date '0001-01-01' as day, timestamptz '1969-12-31 23:59:59.999999+00' as at, ['a', null] as list, [{person_id: 1, name: null}] as people`,
    `i as id, null::int as n, 'inf'::double as d, '' as s, null::boolean as b, date '9999-12-31' as day, timestamptz '2025-12-09 10:45:30.000001+00' as at, []::varchar[] as list, null as people`,
    `100 + i as id, 7 as n, i + 0.1::double as d, 'it''s "so"' || chr(10) as s, false as b, null::date as day, null::timestamptz as at, null as list, []::struct(person_id bigint, name varchar)[] as people`,
  ]
  try {
    const rows = (from, columns) => query(values, `select ${columns} from ${from}`)
    for (const edge of edges) {
      const pending = await lake.merge(values, rows('range(5) r(i)', edge))
      await pending.commit(note)
    }
    for (let n = 0; n < 10; n += 1) {
      const change = `select * replace (${n} as n) from (select ${edges[2]} from range(3) r(i))`
      await (await lake.merge(values, query(values, change))).commit({ ...note, watermarks: { input: n } })
    }
    const odd = ['a/b=c %+ü', "it's", '__HIVE_DEFAULT_PARTITION__', 'x:y*?', ' ']
    const places_ = odd.map((place, id) => ({ id, day: id % 2 === 0 ? null : '2025-12-09', place }))
    await lake.append(places, [...places_, { id: 9, day: null, place: null }], {
      ...note,
      partitionBy: ['day', 'place'],
    })
  } finally {
    await lake.close()
  }
  await makeMarkedTable(root, edges)
}

/** A table whose changed rows are marked by deletion vectors, some of them in a checkpoint. */
async function makeMarkedTable(root, edges) {
  const lake = await openDuckdb({ root, threads: 2, memoryLimit: '1GB', rewriteBytes: 0 })
  try {
    for (let n = 0; n < 13; n += 1) {
      const change = `select * replace (${n} as n) from (select ${edges[2]} from range(${n * 20}, ${n === 0 ? 100000 : n * 20 + 30}) r(i))`
      await (await lake.merge(marked, query(marked, change))).commit(note)
    }
  } finally {
    await lake.close()
  }
}

/** Writes each table under a folder as `<name>.parquet`, read by us. */
export async function writeOurReading(root, target) {
  const session = await DuckdbSession.open({ threads: 2, memoryLimit: '1GB' })
  try {
    const vectors = await DuckdbVectors.open(session)
    const tables = new DuckdbTables(root, new DeltaLog(new DuckdbCheckpoints(session), 'movielake'))
    for (const name of tableNames(root)) {
      const snapshot = await tables.read(name)
      const rows = await vectors.scanSql({ snapshot, files: [...snapshot.files.values()], columns: snapshot.schema })
      await session.run(`COPY (${rows}) TO '${path.join(target, `${name}.parquet`)}' (FORMAT parquet)`)
    }
  } finally {
    await session.close()
  }
}

const tableNames = (root) =>
  readdirSync(root, { recursive: true })
    .filter((name) => path.basename(name) === '_delta_log')
    .map((name) => path.dirname(name).split(path.sep).join('.'))
    .sort()

/** Lets delta-rs append to the tables; answers what it says. */
export async function appendByDeltaRs(python, script, root) {
  const run = spawnSync(python, [script, root], { encoding: 'utf8' })
  return run.status === 0
    ? ['ok: delta-rs appends']
    : [`fail: delta-rs appends: ${run.stderr.trim().split('\n').at(-1)}`]
}

/** Reads what delta-rs has appended, and merges into it. */
export async function mergeAfterDeltaRs(root) {
  const lake = await openDuckdb({ root, threads: 2, memoryLimit: '1GB' })
  try {
    const appended = await (await lake.open(values)).filter((v) => v.id.between(5000, 5001)).collect()
    const isRead = appended.length === 2 && appended.some(({ at }) => at === '2026-01-02T03:04:05.678901Z')
    const change = `select 5000 as id, 1::int as n, null::double as d, 'ours' as s, null::boolean as b, null::date as day, null::timestamptz as at, null as list, null as people`
    const done = await (await lake.merge(values, query(values, change))).commit(note)
    const partitions = await (await lake.open(places)).filter((p) => p.id.ge(5000)).collect()
    return [
      isRead ? 'ok: rows of delta-rs are read' : `fail: rows of delta-rs are read: ${JSON.stringify(appended)}`,
      done.updated === 1 && done.inserted === 0
        ? 'ok: rows of delta-rs are merged'
        : `fail: merged: ${JSON.stringify(done)}`,
      partitions[0]?.place === 'ü/=%'
        ? 'ok: partitions of delta-rs are read'
        : `fail: partitions: ${JSON.stringify(partitions)}`,
    ]
  } finally {
    await lake.close()
  }
}
