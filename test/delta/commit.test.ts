import { expect, it } from 'vitest'
import { noRow } from '../../src/delta/condition.ts'
import { putActions } from '../../src/delta/commit.ts'
import { LocalStorage } from '../../src/delta/local-storage.ts'
import type { Storage } from '../../src/delta/storage.ts'
import { tempFolder } from '../engines/temp-folder.ts'

class Unsteady extends LocalStorage {
  readonly lost: 'answer' | 'file' | 'everything'

  constructor(folder: string, lost: 'answer' | 'file' | 'everything') {
    super(folder)
    this.lost = lost
  }

  override async putIfAbsent(path: string, content: string): Promise<boolean> {
    if (this.lost !== 'file') await super.putIfAbsent(path, content)
    throw new Error('socket hang up')
  }
  override async read(path: string): Promise<Buffer | undefined> {
    if (this.lost === 'everything') throw new Error('no route to host')
    return super.read(path)
  }
}

const put = (storage: Storage): Promise<number> =>
  putActions({
    place: { table: 't', storage },
    base: undefined,
    actions: [{ protocol: { minReaderVersion: 1, minWriterVersion: 2 } }],
    reads: noRow,
    operation: { name: 'WRITE', parameters: {}, metrics: {}, engineInfo: 'test' },
    now: 0,
  })

it('knows a commit of which only the answer was lost', async () => {
  expect(await put(new Unsteady(await tempFolder(), 'answer'))).toBe(0)
})

it('hands on the error of a store that did not put the commit', async () => {
  await expect(put(new Unsteady(await tempFolder(), 'file'))).rejects.toThrow('socket hang up')
})

it('says that it does not know when the store does not answer any more', async () => {
  const storage = new Unsteady(await tempFolder(), 'everything')
  await expect(put(storage)).rejects.toMatchObject({
    fault: 'corrupt',
    message: 't: whether version 0 was written is not known',
  })
})
