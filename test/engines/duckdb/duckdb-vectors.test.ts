import { expect, it, onTestFinished } from 'vitest'
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
