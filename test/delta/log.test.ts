import { expect, it } from 'vitest'
import { parseActions } from '../../src/delta/actions.ts'
import { LocalStorage } from '../../src/delta/local-storage.ts'
import { commitPath, listLog, readCommit, versionName } from '../../src/delta/log.ts'
import { tempFolder } from '../engines/temp-folder.ts'

const line = '{"txn":{"appId":"a","version":1}}\n'

it('takes an empty commit for damage', async () => {
  const storage = new LocalStorage(await tempFolder())
  await storage.put(commitPath(3), '')
  await expect(readCommit(storage, 3)).rejects.toMatchObject({
    fault: 'corrupt',
    message: expect.stringContaining('0003.json'),
  })
})

it('names file and line of what is no action', () => {
  expect(() => parseActions(`${line}{"add":`, 'x.json')).toThrow('x.json line 2: not JSON')
  expect(() => parseActions('{"add":{"path":7}}', 'x.json')).toThrow('x.json line 1: not a delta action: add.path')
})

it('lists only checkpoints of which all parts are there', async () => {
  const storage = new LocalStorage(await tempFolder())
  const names = ['10.checkpoint.parquet', '20.checkpoint.0000000001.0000000002.parquet', '20.json', '.21.tmp']
  for (const name of names) await storage.put(`_delta_log/${name.replace(/^\d+/, (n) => versionName(Number(n)))}`, line)
  const listing = await listLog(storage)
  expect(listing?.checkpoints.map(({ version }) => version)).toEqual([10])
  expect(listing?.commits).toEqual([20])
})

it('knows no log in a folder without one', async () => {
  expect(await listLog(new LocalStorage(await tempFolder()))).toBeUndefined()
})
