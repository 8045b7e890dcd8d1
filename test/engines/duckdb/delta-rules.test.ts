import path from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { writeVectors } from '../../../src/delta/deletion-vector.ts'
import { between, filesThatMayHold } from '../../../src/delta/skipping.ts'
import { createDelta } from '../../../src/delta-table/index.ts'
import { versionName } from '../../../src/delta/log.ts'
import { features, field, handmade, metaData, plain } from './handmade-table.ts'

it('takes partition values from the log, whatever the path says', async () => {
  const t = await handmade()
  const file = await t.file('day=2001-01-01/a.parquet', 'SELECT 1::BIGINT AS id', {
    add: { partitionValues: { day: '2025-12-09' } },
  })
  await t.commit(0, plain, metaData([field('id', 'long'), field('day', 'date')], {}, ['day']), file)
  expect(await t.rows()).toEqual([{ id: 1, day: '2025-12-09' }])
})

it('writes the empty text of a partition as null, and keeps it apart from the text of a null', async () => {
  const t = await handmade()
  const table = await createDelta(path.join(t.root, 'p'), { columns: { p: 'string', n: 'long' }, partitionBy: ['p'] })
  onTestFinished(() => table.close())
  const texts = ['', null, '__HIVE_DEFAULT_PARTITION__']
  await table.append(texts.map((p, n) => ({ p, n })))
  expect((await table.files()).map(({ partition, rows }) => [partition['p'], rows])).toEqual(
    expect.arrayContaining([
      [null, 2],
      ['__HIVE_DEFAULT_PARTITION__', 1],
    ]),
  )
})

it('writes instants as microseconds in UTC, those without a zone as such, and no numbers of fields', async () => {
  const t = await handmade()
  const folder = path.join(t.root, 'p')
  const table = await createDelta(folder, { columns: { at: 'timestamp', local: 'timestamp_ntz' } })
  onTestFinished(() => table.close())
  await table.append([{ at: '2025-12-09T10:45:30Z', local: '2025-12-09T10:45:30' }])
  const [file] = await table.files()
  const rows = await t.session.rows(
    `SELECT name, type, logical_type AS kind, field_id AS id FROM parquet_schema('${folder}/${file?.path}') WHERE name <> 'duckdb_schema'`,
  )
  expect(rows).toMatchObject([
    { name: 'at', type: 'INT64', id: null },
    { name: 'local', type: 'INT64', id: null },
  ])
  const kinds = rows.map(({ kind }) => String(kind))
  expect(kinds[0]).toMatch(/isAdjustedToUTC=1.*MICROS/)
  expect(kinds[1]).toMatch(/isAdjustedToUTC=0.*MICROS/)
})

it('knows a file by its path and deletion vector, whatever the order of its commit', async () => {
  const t = await handmade()
  const { vectors } = await writeVectors(t.storage, [[1], [1, 2]])
  const file = (n: number) =>
    t.file('a.parquet', 'SELECT i::BIGINT AS id FROM range(4) r(i)', { add: { deletionVector: vectors[n] } })
  const gone = (n: number) => ({ remove: { path: 'a.parquet', dataChange: true, deletionVector: vectors[n] } })
  await t.commit(0, features(['deletionVectors']), metaData([field('id', 'long')]), await file(0))
  await t.commit(1, await file(1), gone(0))
  expect(await t.rows()).toEqual([{ id: 0 }, { id: 3 }])
  await t.commit(2, await file(0), gone(1))
  expect(await t.rows()).toEqual([{ id: 0 }, { id: 2 }, { id: 3 }])
  const { files, tombstones } = await t.read()
  expect([files.size, tombstones.size]).toEqual([1, 1])
})

it('adds a file again that the same commit removes', async () => {
  const t = await handmade()
  const file = await t.file('a.parquet', 'SELECT 1::BIGINT AS id')
  await t.commit(0, plain, metaData([field('id', 'long')]), file)
  await t.commit(1, file, { remove: { path: 'a.parquet', dataChange: false } })
  expect(await t.rows()).toEqual([{ id: 1 }])
})

it('passes over actions and fields that it does not know', async () => {
  const t = await handmade()
  const file = await t.file('a.parquet', 'SELECT 1::BIGINT AS id', { add: { moonPhase: { of: 'full' } } })
  await t.commit(0, { moon: { phase: 1 } }, plain, metaData([field('id', 'long')]), file, { cdc: { path: 'x' } })
  expect(await t.rows()).toEqual([{ id: 1 }])
})

it('disregards a column of a file that the schema lacks', async () => {
  const t = await handmade()
  const file = await t.file('a.parquet', "SELECT 1::BIGINT AS id, 'insert' AS _change_type")
  await t.commit(0, plain, metaData([field('id', 'long')]), file)
  expect(await t.rows()).toEqual([{ id: 1 }])
})

it('keeps a file whose bounds Spark gives as the text NaN', async () => {
  const t = await handmade()
  const stats = '{"numRecords":1,"minValues":{"d":"NaN","id":"NaN"},"maxValues":{"d":"NaN","id":"NaN"}}'
  const file = await t.file('a.parquet', "SELECT 'NaN'::DOUBLE AS d, 5::BIGINT AS id", { add: { stats } })
  await t.commit(0, plain, metaData([field('d', 'double'), field('id', 'long')]), file)
  const snapshot = await t.read()
  for (const column of ['d', 'id'])
    expect(filesThatMayHold(snapshot, between(snapshot.schema, column, '5', '6'))).toHaveLength(1)
})

it('reads a checkpoint whose parsed statistics hold NaN, which JSON has no word for', async () => {
  const t = await handmade()
  await t.storage.put('_delta_log/none', '')
  const log = t.storage.locate('_delta_log')
  await t.session.run(`COPY (
    SELECT {path: 'a', partitionValues: map {}, size: 1, modificationTime: 0, dataChange: true, stats: '{"numRecords":1}', stats_parsed: {numRecords: 1, minValues: {d: 'NaN'::DOUBLE}}} AS "add", NULL AS protocol, NULL AS metaData
    UNION ALL BY NAME SELECT {minReaderVersion: 1, minWriterVersion: 2} AS protocol
    UNION ALL BY NAME SELECT {id: 't', format: {provider: 'parquet'}, schemaString: '{"type":"struct","fields":[]}', partitionColumns: []::VARCHAR[]} AS metaData
  ) TO '${log}/${versionName(0)}.checkpoint.parquet'`)
  expect([...(await t.read()).files.keys()]).toEqual(['a'])
})

it('keeps what features say of a file when it is marked, and in a checkpoint', async () => {
  const t = await handmade()
  const said = { tags: { INSERTION_TIME: '1' }, baseRowId: 7, defaultRowCommitVersion: 0, clusteringProvider: 'liquid' }
  await t.commit(0, features([], ['domainMetadata']), metaData([field('id', 'long')]), {
    add: { path: 'a', partitionValues: {}, size: 1, modificationTime: 0, dataChange: true, ...said },
  })
  await t.log.checkpoint(t.tables.place('t'), 0, Date.now())
  await t.storage.delete('_delta_log/00000000000000000000.json')
  const [file] = (await t.read()).files.values()
  expect(file).toMatchObject(said)
})
