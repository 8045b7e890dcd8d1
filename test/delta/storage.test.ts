import { describe, expect, it } from 'vitest'
import { LocalStorage } from '../../src/delta/local-storage.ts'
import { checkPutIfAbsent } from '../../src/delta/storage.ts'
import { tempFolder } from '../engines/temp-folder.ts'

describe('a folder as a store', () => {
  it('gives a name to the first alone, and keeps what that one put', async () => {
    const storage = new LocalStorage(await tempFolder())
    const texts = ['a', 'b', 'c']
    const put = await Promise.all(texts.map((text) => storage.putIfAbsent('log/1', text)))
    expect(put.filter((isFirst) => isFirst)).toHaveLength(1)
    expect((await storage.read('log/1'))?.toString()).toBe(texts[put.indexOf(true)])
    expect(await storage.list('')).toEqual(['log/1'])
  })

  it('replaces a file that is put again, and reads a part of it', async () => {
    const storage = new LocalStorage(await tempFolder())
    await storage.put('a/b.bin', 'first')
    await storage.put('a/b.bin', 'second')
    expect((await storage.read('a/b.bin', { offset: 2, length: 3 }))?.toString()).toBe('con')
    expect((await storage.read('a/b.bin', { offset: 5, length: 30 }))?.toString()).toBe('d')
    expect(await storage.info('a/b.bin')).toMatchObject({ size: 6 })
  })

  it('leaves nothing of a put that failed', async () => {
    const storage = new LocalStorage(await tempFolder())
    await storage.put('a/b', '')
    await expect(storage.put('a', 'in the place of a folder')).rejects.toMatchObject({ code: 'EISDIR' })
    expect(await storage.list('')).toEqual(['a/b'])
  })

  it('has nothing where nothing is', async () => {
    const storage = new LocalStorage(`${await tempFolder()}/none`)
    expect(await storage.read('a')).toBeUndefined()
    expect(await storage.info('a')).toBeUndefined()
    expect(await storage.list('a')).toEqual([])
    await storage.delete('a')
  })

  it('takes away the folders that a delete leaves empty, and no others', async () => {
    const parent = new LocalStorage(await tempFolder())
    const storage = new LocalStorage(parent.locate('table'))
    await storage.put('x=1/y=2/a', '')
    await storage.put('x=1/b', '')
    await storage.delete('x=1/y=2/a')
    expect(await storage.list('')).toEqual(['x=1/b'])
    expect(await storage.info('x=1/y=2')).toBeUndefined()
    await storage.delete('x=1/b')
    expect(await parent.info('table')).toBeUndefined()
    expect(await parent.info('')).toBeDefined()
  })
})

describe('the probe of a store', () => {
  it('leaves nothing in one that keeps its promise', async () => {
    const storage = new LocalStorage(await tempFolder())
    await checkPutIfAbsent(storage)
    expect(await storage.list('')).toEqual([])
  })

  it.each([
    [
      'replaces what is there',
      async (storage: LocalStorage, path: string, text: string | Uint8Array) => storage.put(path, text),
    ],
    [
      'looks first and writes then',
      async (storage: LocalStorage, path: string, text: string | Uint8Array) => {
        if ((await storage.info(path)) !== undefined) return false
        await storage.put(path, text)
        return true
      },
    ],
  ])('refuses one that %s', async (_, put) => {
    class Careless extends LocalStorage {
      override async putIfAbsent(path: string, text: string | Uint8Array): Promise<boolean> {
        return (await put(this, path, text)) !== false
      }
    }
    const storage = new Careless(await tempFolder())
    await expect(checkPutIfAbsent(storage)).rejects.toMatchObject({ fault: 'unsupported' })
  })
})
