import { expect, it } from 'vitest'
import { writeVectors } from '../../src/delta/deletion-vector.ts'
import { LocalStorage } from '../../src/delta/local-storage.ts'
import { restoreActions } from '../../src/delta/restore.ts'
import { tempFolder } from '../engines/temp-folder.ts'
import { file, snapshotOf } from './test-snapshot.ts'

it('brings back what has gone, takes away what has come, and leaves the rest', async () => {
  const storage = new LocalStorage(await tempFolder())
  await storage.put('old', '')
  const [old, kept, young] = [file('old'), file('kept'), file('young')]
  const current = { ...snapshotOf([kept, young]), storage }
  const actions = await restoreActions(current, { ...snapshotOf([old, kept]), storage }, 7)
  expect(actions).toEqual([
    { remove: expect.objectContaining({ path: 'young', dataChange: true, deletionTimestamp: 7 }) },
    { add: { ...old, dataChange: true } },
  ])
})

it('brings back schema and properties', async () => {
  const current = snapshotOf([])
  const metadata = { ...current.metadata, schemaString: '{"type":"struct","fields":[]}' }
  expect(await restoreActions(current, { ...current, metadata }, 7)).toEqual([{ metaData: metadata }])
})

it('refuses a version whose deletion vector a vacuum has taken', async () => {
  const storage = new LocalStorage(await tempFolder())
  await storage.put('old', '')
  const { path, vectors } = await writeVectors(storage, [[1]])
  const old = { ...file('old'), deletionVector: vectors[0] }
  const current = { ...snapshotOf([]), storage }
  expect(await restoreActions(current, snapshotOf([old]), 7)).toHaveLength(1)
  await storage.delete(path)
  await expect(restoreActions(current, snapshotOf([old]), 7)).rejects.toThrow(`${path} is gone`)
})

it('refuses a version whose files a vacuum has taken', async () => {
  const storage = new LocalStorage(await tempFolder())
  const current = { ...snapshotOf([]), storage }
  await expect(restoreActions(current, snapshotOf([file('old')]), 7)).rejects.toMatchObject({
    fault: 'missing',
    message: 't: version 0 cannot come back: old is gone',
  })
})
