import { truncate, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { expect, it } from 'vitest'
import { versionName } from '../../../src/delta/log.ts'
import { DuckdbCheckpoints } from '../../../src/engines/duckdb/duckdb-checkpoint.ts'
import { features, field, handmade, metaData, plain, type Handmade } from './handmade-table.ts'

const uuid = (n: number): string => `${String(n).repeat(8)}-0000-4000-8000-000000000000`
const v2 = features(['v2Checkpoint'])
const head = [v2, metaData([field('id', 'long')])]
const version = (n: number) => ({ checkpointMetadata: { version: n } })
const lines = (...actions: readonly object[]): string => actions.map((one) => `${JSON.stringify(one)}\n`).join('')
const file = (t: Handmade, id: number): Promise<object> => t.file(`${id}.parquet`, `SELECT ${id}::BIGINT AS id`)
const put = (t: Handmade, name: string, content: string | Uint8Array): Promise<void> =>
  t.storage.put(`_delta_log/${name}`, content)
const classic = async (t: Handmade, name: string, ...actions: readonly object[]): Promise<void> =>
  put(t, name, await new DuckdbCheckpoints(t.session).write(actions))
const jsonName = (n: number, id = 1): string => `${versionName(n)}.checkpoint.${uuid(id)}.json`

/** Puts a sidecar with these actions and answers the action that points at it. */
async function sidecar(t: Handmade, name: string, ...actions: readonly object[]): Promise<object> {
  await classic(t, `_sidecars/${name}`, ...actions)
  return { sidecar: { path: name, sizeInBytes: 1, modificationTime: 0 } }
}

it('reads a checkpoint in JSON whose files are in sidecars', async () => {
  const t = await handmade()
  const pointers = [
    await sidecar(t, 'a.parquet', await file(t, 1)),
    await sidecar(t, 'b.parquet', await file(t, 2), await file(t, 3)),
  ]
  await put(t, jsonName(4), lines(version(4), ...head, ...pointers))
  await t.commit(5, await file(t, 4), { remove: { path: '2.parquet', dataChange: true } })
  expect(await t.rows()).toEqual([{ id: 1 }, { id: 3 }, { id: 4 }])
})

it('reads a checkpoint in Parquet whose files are in sidecars, also under the classic name', async () => {
  for (const name of [`.${uuid(1)}`, '']) {
    const t = await handmade()
    await sidecar(t, 'a.parquet', await file(t, 1))
    await put(t, 'top.ndjson', lines(version(4), ...head, { sidecar: { path: 'a.parquet', sizeInBytes: 1 } }))
    const types = `{checkpointMetadata: 'STRUCT(version BIGINT)', sidecar: 'STRUCT(path VARCHAR, sizeInBytes BIGINT)',
      protocol: 'STRUCT(minReaderVersion INT, minWriterVersion INT, readerFeatures VARCHAR[], writerFeatures VARCHAR[])',
      metaData: 'STRUCT(id VARCHAR, format STRUCT(provider VARCHAR), schemaString VARCHAR, partitionColumns VARCHAR[])'}`
    const log = path.join(t.root, 't/_delta_log')
    await t.session.run(
      `COPY (FROM read_json('${log}/top.ndjson', columns = ${types})) TO '${log}/${versionName(4)}.checkpoint${name}.parquet'`,
    )
    expect(await t.rows()).toEqual([{ id: 1 }])
  }
})

it('reads a checkpoint that lists its files itself', async () => {
  const t = await handmade()
  await put(t, jsonName(4), lines(version(4), ...head, await file(t, 1)))
  expect(await t.rows()).toEqual([{ id: 1 }])
})

it('reads the whole one of two checkpoints of a version, whichever it is', async () => {
  for (const damaged of [1, 2]) {
    const t = await handmade()
    const first = await sidecar(t, 'a.parquet', await file(t, 1))
    await put(t, jsonName(4, 1), lines(version(4), ...head, first))
    await classic(t, `${versionName(4)}.checkpoint.parquet`, ...head, await file(t, 1))
    const gone = damaged === 1 ? '_sidecars/a.parquet' : `${versionName(4)}.checkpoint.parquet`
    await truncate(t.storage.locate(`_delta_log/${gone}`), 50)
    expect(await t.rows()).toEqual([{ id: 1 }])
  }
})

it.each([
  ['a sidecar is missing', lines(version(4), ...head, { sidecar: { path: 'none.parquet', sizeInBytes: 1 } }), 'none'],
  ['it is of another version', lines(version(3), ...head), 'says that it is of version 3'],
  ['it has no protocol', lines(version(4), metaData([field('id', 'long')])), 'holds no protocol'],
  ['it is empty', '', 'empty'],
])('refuses a table whose only checkpoint is damaged: %s', async (_, text, message) => {
  const t = await handmade()
  await put(t, jsonName(4), text)
  await expect(t.rows()).rejects.toMatchObject({ fault: 'corrupt', message: expect.stringContaining(message) })
})

it('leaves out a checkpoint in several parts of which one is missing, and reads it when all are there', async () => {
  const t = await handmade()
  const part = (n: number): string => `${versionName(2)}.checkpoint.000000000${n}.0000000002.parquet`
  await t.commit(0, plain, metaData([field('id', 'long')]), await file(t, 1))
  await t.commit(1, await file(t, 2))
  await t.commit(2, await file(t, 3))
  await classic(t, part(1), plain, metaData([field('id', 'long')]), await file(t, 8))
  expect(await t.rows()).toEqual([{ id: 1 }, { id: 2 }, { id: 3 }])
  await classic(t, part(2), await file(t, 9))
  expect(await t.rows()).toEqual([{ id: 8 }, { id: 9 }])
})

it.each([['missing'], ['{"vers'], ['{"version":99,"size":1}'], ['{"version":0,"size":1}']])(
  'needs no word of where the newest checkpoint is: %s',
  async (pointer) => {
    const t = await handmade()
    await put(t, jsonName(4), lines(version(4), ...head, await file(t, 1)))
    await t.commit(5, await file(t, 2))
    if (pointer !== 'missing') await put(t, '_last_checkpoint', pointer)
    expect(await t.rows()).toEqual([{ id: 1 }, { id: 2 }])
  },
)

it('knows the number of rows of a file whose statistics are columns alone', async () => {
  const t = await handmade()
  const log = path.join(t.root, 't/_delta_log')
  await file(t, 1)
  await writeFile(
    path.join(t.root, 'rows.ndjson'),
    lines(...head, {
      add: { path: '1.parquet', size: 1, modificationTime: 0, dataChange: true, stats_parsed: { numRecords: 7 } },
    }),
  )
  const types = `{"add": 'STRUCT(path VARCHAR, partitionValues MAP(VARCHAR, VARCHAR), size BIGINT, modificationTime BIGINT, dataChange BOOLEAN, stats_parsed STRUCT(numRecords BIGINT))',
    protocol: 'STRUCT(minReaderVersion INT, minWriterVersion INT, readerFeatures VARCHAR[], writerFeatures VARCHAR[])',
    metaData: 'STRUCT(id VARCHAR, format STRUCT(provider VARCHAR), schemaString VARCHAR, partitionColumns VARCHAR[])'}`
  await put(t, 'none', '')
  await t.session.run(
    `COPY (FROM read_json('${t.root}/rows.ndjson', columns = ${types})) TO '${log}/${versionName(0)}.checkpoint.parquet'`,
  )
  const [found] = (await t.read()).files.values()
  expect(found?.stats).toBe('{"numRecords":7}')
})

it('reads a checkpoint of a table that has columns named like fields of the log', async () => {
  const t = await handmade()
  const log = path.join(t.root, 't/_delta_log')
  await put(t, 'none', '')
  await t.session.run(`COPY (
    SELECT {path: 'a', partitionValues: map {'x': 'y'}, size: 1, modificationTime: 0, dataChange: true, stats_parsed: {numRecords: 1, minValues: {tags: 1, baseRowId: 'x'}}} AS "add", NULL AS protocol, NULL AS metaData
    UNION ALL BY NAME SELECT {minReaderVersion: 1, minWriterVersion: 2} AS protocol
    UNION ALL BY NAME SELECT {id: 't', format: {provider: 'parquet'}, schemaString: '{"type":"struct","fields":[]}', partitionColumns: []::VARCHAR[]} AS metaData
  ) TO '${log}/${versionName(0)}.checkpoint.parquet'`)
  expect([...(await t.read()).files.keys()]).toEqual(['a'])
})
