import { expect, it, onTestFinished } from 'vitest'
import { createDelta } from '../../../src/delta-table/index.ts'
import { LocalStorage } from '../../../src/delta/local-storage.ts'
import type { AddFile } from '../../../src/delta/actions.ts'
import { writeVectors } from '../../../src/delta/deletion-vector.ts'
import { plainProtocol } from '../../../src/delta/protocol.ts'
import { DuckdbSession } from '../../../src/engines/duckdb/duckdb-session.ts'
import { DuckdbVectors } from '../../../src/engines/duckdb/duckdb-vectors.ts'
import { tempFolder } from '../temp-folder.ts'

it('keeps vectors apart when one of those loaded at the same time is gone', async () => {
  const folder = await tempFolder()
  const session = await DuckdbSession.open({})
  onTestFinished(() => session.close())
  const loaded = await DuckdbVectors.open(session)
  const storage = new LocalStorage(folder)
  await session.run(`COPY (SELECT i FROM range(3) r(i)) TO '${folder}/a.parquet'`)
  const schema = [{ name: 'i', type: 'long', nullable: true, metadata: {} }]
  const metadata = {
    id: '',
    format: { provider: 'parquet' },
    schemaString: '',
    partitionColumns: [],
    configuration: {},
  }
  const { vectors } = await writeVectors(storage, [[0], [1]])
  const gone = { storageType: 'u' as const, pathOrInlineDv: '0'.repeat(20), sizeInBytes: 1, cardinality: 1 }
  const rowsBehind = async (deletionVector: AddFile['deletionVector']): Promise<readonly unknown[]> => {
    const file = {
      path: 'a.parquet',
      partitionValues: {},
      size: 1,
      modificationTime: 0,
      dataChange: true,
      deletionVector,
    }
    const sql = await loaded.scanSql({
      snapshot: { storage, schema, metadata, protocol: plainProtocol },
      files: [file],
      columns: schema,
    })
    return (await session.rows(`SELECT list(i ORDER BY i) AS l FROM (${sql})`)).map(({ l }) => l)
  }
  const [, first] = await Promise.all([rowsBehind(gone).catch(() => undefined), rowsBehind(vectors[0])])
  expect(first).toEqual([['1', '2']])
  expect(await rowsBehind(vectors[1])).toEqual([['0', '2']])
})

it('hides rows of each file that has a vector, and of no other', async () => {
  const table = await createDelta(await tempFolder(), { columns: { i: 'long' } }, { rewriteBytes: 0 })
  onTestFinished(() => table.close())
  for (const first of [0, 10, 20]) await table.append({ sql: `SELECT ${first} + i AS i FROM range(10) r(i)` })
  const left = async (): Promise<readonly unknown[]> =>
    (await table.collect()).map(({ i }) => Number(i)).sort((a, b) => a - b)
  const all = Array.from({ length: 30 }, (_, i) => i)
  await table.delete('i = 1')
  expect(await left()).toEqual(all.filter((i) => i !== 1))
  await table.delete('i IN (20, 22)')
  expect(await left()).toEqual(all.filter((i) => ![1, 20, 22].includes(i)))
  expect((await table.files()).map(({ deletedRows }) => deletedRows).sort()).toEqual([0, 1, 2])
  expect(await table.update('i % 10 = 3', { i: '-i' })).toMatchObject({ updated: 3 })
  expect(await left()).toEqual([-23, -13, -3, ...all.filter((i) => ![1, 3, 13, 20, 22, 23].includes(i))])
})
