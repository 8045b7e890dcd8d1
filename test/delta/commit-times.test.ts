import { utimes } from 'node:fs/promises'
import { expect, it } from 'vitest'
import { commitTimes } from '../../src/delta/commit-times.ts'
import { readHistory, versionAt } from '../../src/delta/history.ts'
import { LocalStorage } from '../../src/delta/local-storage.ts'
import { commitPath } from '../../src/delta/log.ts'
import { tempFolder } from '../engines/temp-folder.ts'

/** A log of commits whose files were written at these seconds; those that say a time themselves come as pairs with it. */
async function logOf(...times: readonly (number | readonly [file: number, said: number])[]): Promise<LocalStorage> {
  const storage = new LocalStorage(await tempFolder())
  for (const [version, time] of times.entries()) {
    const [file, said] = typeof time === 'number' ? [time, undefined] : time
    const info = { timestamp: 5, ...(said !== undefined && { inCommitTimestamp: said * 1000 }) }
    const lines = [{ commitInfo: info }, { txn: { appId: 'a', version } }]
    await storage.put(commitPath(version), lines.map((line) => `${JSON.stringify(line)}\n`).join(''))
    await utimes(storage.locate(commitPath(version)), file, file)
  }
  return storage
}
const seconds = async (storage: LocalStorage): Promise<readonly number[]> =>
  (await readHistory(storage)).map(({ timestamp }) => timestamp / 1000)

it('takes the times of files, whatever the commits say, and whole milliseconds of them', async () => {
  expect(await seconds(await logOf(10, 20.0005, 30))).toEqual([10, 20, 30])
})

it('raises a time that is no later than that of an older commit', async () => {
  expect(await seconds(await logOf(10, 30, 20, 20, 40))).toEqual([10, 30, 30.001, 30.002, 40])
})

it('takes what commits say of themselves where they do, though the files were copied later', async () => {
  const storage = await logOf(90, 91, [92, 30], [93, 40])
  expect(await seconds(storage)).toEqual([90, 91, 30, 40])
  const at = async (second: number): Promise<number> => versionAt({ storage, table: 't' }, second * 1000)
  expect([await at(30), await at(39.999), await at(95)]).toEqual([2, 2, 3])
  await expect(at(29)).rejects.toMatchObject({ fault: 'missing' })
})

it('knows the same times without reading commits to their end', async () => {
  const storage = await logOf(10, [20, 15], [20, 16])
  const history = await readHistory(storage)
  expect(await commitTimes(storage, [0, 1, 2])).toEqual(
    history.map(({ version, timestamp }) => ({ version, timestamp })),
  )
})

it('reads a first line however long it is, and one that says nothing', async () => {
  const storage = await logOf([10, 5])
  const info = { commitInfo: { operation: 'x'.repeat(20_000), inCommitTimestamp: 7000 } }
  await storage.put(commitPath(0), `${JSON.stringify(info)}\n`)
  expect(await commitTimes(storage, [0])).toEqual([{ version: 0, timestamp: 7000 }])
  await storage.put(commitPath(0), '{"txn":{"appId":"a","version":1}}\n')
  await utimes(storage.locate(commitPath(0)), 8, 8)
  expect(await commitTimes(storage, [0])).toEqual([{ version: 0, timestamp: 8000 }])
})

it('names the earliest and the newest version it knows of', async () => {
  const storage = await logOf(10, 20)
  await expect(versionAt({ storage, table: 't' }, 9999)).rejects.toMatchObject({
    fault: 'missing',
    message: 't: there is no version as old as 1970-01-01T00:00:09.999Z',
    hint: 'the earliest known is version 0 of 1970-01-01T00:00:10.000Z, the newest version 1 of 1970-01-01T00:00:20.000Z',
  })
})
