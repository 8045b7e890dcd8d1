import { mkdir, readdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { expect, it } from 'vitest'
import { parseActions } from '../../src/delta/actions.ts'
import { listLog, putCommit, readCommit, versionName } from '../../src/delta/log.ts'
import { tempFolder } from '../engines/temp-folder.ts'

const line = '{"txn":{"appId":"a","version":1}}\n'

it('gives a version to the first writer alone', async () => {
  const folder = await tempFolder()
  const put = await Promise.all(['a', 'b', 'c'].map((appId) => putCommit(folder, 0, line.replace('"a"', `"${appId}"`))))
  expect(put.filter((isFirst) => isFirst)).toHaveLength(1)
  const winner = ['a', 'b', 'c'][put.indexOf(true)]
  expect((await readCommit(folder, 0))[0]?.txn?.appId).toBe(winner)
})

it('leaves no temporary file behind, whether it wins or not', async () => {
  const folder = await tempFolder()
  await putCommit(folder, 0, line)
  await putCommit(folder, 0, line)
  expect(await readdir(path.join(folder, '_delta_log'))).toEqual([`${versionName(0)}.json`])
})

it('takes an empty commit for damage', async () => {
  const folder = await tempFolder()
  await mkdir(path.join(folder, '_delta_log'))
  await writeFile(path.join(folder, '_delta_log', `${versionName(3)}.json`), '')
  await expect(readCommit(folder, 3)).rejects.toMatchObject({
    fault: 'corrupt',
    message: expect.stringContaining('0003.json'),
  })
})

it('names file and line of what is no action', () => {
  expect(() => parseActions(`${line}{"add":`, 'x.json')).toThrow('x.json line 2: not JSON')
  expect(() => parseActions('{"add":{"path":7}}', 'x.json')).toThrow('x.json line 1: not a delta action: add.path')
})

it('lists only checkpoints of which all parts are there', async () => {
  const folder = await tempFolder()
  await mkdir(path.join(folder, '_delta_log'))
  const names = ['10.checkpoint.parquet', '20.checkpoint.0000000001.0000000002.parquet', '20.json', '.21.tmp']
  for (const name of names)
    await writeFile(
      path.join(
        folder,
        '_delta_log',
        name.replace(/^\d+/, (n) => versionName(Number(n))),
      ),
      line,
    )
  const listing = await listLog(folder)
  expect(listing?.checkpoints.map(({ version }) => version)).toEqual([10])
  expect(listing?.commits).toEqual([20])
})

it('knows no log in a folder without one', async () => {
  expect(await listLog(await tempFolder())).toBeUndefined()
})
