import { readdirSync } from 'node:fs'
import { expect, it, onTestFinished } from 'vitest'
import { openDuckdb } from '../../../src/engines/duckdb/duckdb-engine.ts'
import { DeltaLog } from '../../../src/delta/delta-log.ts'
import { DuckdbCheckpoints } from '../../../src/engines/duckdb/duckdb-checkpoint.ts'
import { DuckdbSession } from '../../../src/engines/duckdb/duckdb-session.ts'
import { DuckdbTables } from '../../../src/engines/duckdb/duckdb-tables.ts'
import { DuckdbVectors } from '../../../src/engines/duckdb/duckdb-vectors.ts'
import { int, stored } from '../../../src/table.ts'
import { describeWithData } from '../../shared-data.ts'

type Question = readonly [table: string, question: string, answer: string]

// the answers are those of delta-rs 1.6.6, but for basic-decimal-table, which it misreads, and for column mapping those of Spark
const read: readonly Question[] = [
  ['basic-decimal-table', "string_agg(part, ' ' ORDER BY part)", '-2342342.23423 0.00004 234.00000 2342222.23454'],
  ['basic-with-inserts-deletes-checkpoint', "concat_ws(' ', count(*), sum(id))", '41 1470'],
  ['basic-with-inserts-merge', "concat_ws(' ', count(*), sum(id), max(str))", '140 11130 val=49'],
  ['basic-with-inserts-overwrite-restore', "concat_ws(' ', count(*), sum(id))", '200 19900'],
  ['basic-with-inserts-updates', "concat_ws(' ', count(*), sum(id), min(str))", '100 4950 N/A'],
  ['data-reader-array-primitives', 'sum(as_array_long[1])', '45'],
  ['data-reader-date-types-UTC', 'min(timestamp)', '2020-01-01 08:09:10+00'],
  ['data-reader-escaped-chars', "string_agg(_2, ' ' ORDER BY _2)", 'bar+%21 bar+%22 bar+%23'],
  ['data-reader-map', "sum(a[i]) || ' ' || sum(f[i][1].val)", '45 45'],
  ['data-reader-nested-struct', 'sum(a.ac.aca)', '45'],
  [
    'data-reader-partition-values',
    "concat_ws(' ', count(*), count(as_date), max(as_timestamp))",
    '3 2 2021-09-08 11:11:11+00',
  ],
  ['data-reader-primitives', "concat_ws(' ', count(*), count(as_boolean), sum(as_big_decimal))", '11 10 45'],
  ['data-skipping-basic-stats-all-types-checkpoint', 'max(as_date)', '2000-01-01'],
  ['dv-with-columnmapping', "concat_ws(' ', count(*), sum(part), sum(col1), min(col2))", '35 165 1015 foo0'],
  [
    'table-with-columnmapping-mode-name',
    "concat_ws(' ', count(*), sum(ByteType), sum(nested_struct.ac.aca))",
    '6 10 10',
  ],
  ['log-replay-special-characters', 'count(*)', '0'],
  ['only-checkpoint-files', "concat_ws(' ', count(*), sum(id))", '25 225'],
  ['snapshot-data2-deleted', "concat_ws(' ', count(*), sum(col1), max(col2))", '20 190 data-3-9'],
  ['snapshot-data3', "concat_ws(' ', count(*), sum(col1), max(col2))", '30 235 data-3-9'],
  ['time-travel-partition-changes-b', "concat_ws(' ', count(*), sum(id), sum(part2))", '10 145 5'],
  ['time-travel-schema-changes-b', "concat_ws(' ', count(*), sum(id), count(part))", '20 190 10'],
  ['time-travel-start-start20-start40', "concat_ws(' ', count(*), sum(id))", '30 435'],
  ['v2-checkpoint-json', "concat_ws(' ', count(*), sum(id))", '10 45'],
]
const refused: Readonly<Record<string, readonly [fault: string, message: string]>> = {
  'corrupted-last-checkpoint': ['corrupt', 'its log names no schema'],
  'deltalog-invalid-protocol-version': ['unsupported', 'reader version 99'],
  'deltalog-state-reconstruction-without-metadata': ['corrupt', 'its log names no schema'],
  'deltalog-state-reconstruction-without-protocol': ['corrupt', 'its log names no protocol'],
  'no-delta-log-folder': ['missing', 'there is no Delta table'],
  'update-deleted-directory': ['corrupt', 'its log names no schema'],
  'versions-not-contiguous': ['corrupt', '00000000000000000001.json is missing'],
}

describeWithData('delta-tables', 'tables that Spark and others wrote', (root) => {
  async function tables(): Promise<{ session: DuckdbSession; tables: DuckdbTables }> {
    const session = await DuckdbSession.open({ threads: 2, memoryLimit: '1GB' })
    onTestFinished(() => session.close())
    return { session, tables: new DuckdbTables(root, new DeltaLog(new DuckdbCheckpoints(session), 'test')) }
  }
  async function ask(table: string, question: string): Promise<unknown> {
    const lake = await tables()
    const snapshot = await lake.tables.read(table)
    const vectors = await DuckdbVectors.open(lake.session)
    const rows = await vectors.scanSql({ snapshot, files: [...snapshot.files.values()], columns: snapshot.schema })
    const [row] = await lake.session.rows(`SELECT CAST((${question}) AS VARCHAR) AS answer FROM (${rows})`)
    return row?.['answer']
  }

  it.each(Object.entries(refused))('refuses %s and says why', async (table, [fault, message]) => {
    await expect(ask(table, 'count(*)')).rejects.toMatchObject({ fault, message: expect.stringContaining(message) })
  })
  it.each(read)('reads the rows of %s', async (table, question, answer) => {
    expect(await ask(table, question)).toBe(answer)
  })
  it('names the data file that a log promises and the disk lacks', async () => {
    const lake = await openDuckdb({ root })
    onTestFinished(() => lake.close())
    const table = stored({
      name: 'checkpoint',
      grain: '',
      key: [],
      columns: { intCol: int('a column', { nullable: true }) },
    })
    await expect(lake.open(table)).rejects.toMatchObject({
      fault: 'corrupt',
      message: expect.stringContaining('checkpoint/15'),
    })
  })
  it('knows for each of the tables whether it is read or refused', () => {
    const known = [...read.map(([table]) => table), ...Object.keys(refused), 'checkpoint']
    expect(readdirSync(root).filter((name) => !known.includes(name))).toEqual([])
  })
})
