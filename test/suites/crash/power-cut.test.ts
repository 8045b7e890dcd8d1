import * as fs from 'node:fs/promises'
import path from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { LocalStorage, type Disk } from '../../../src/delta/local-storage.ts'
import { ConflictError } from '../../../src/errors.ts'
import { tempFolder } from '../../engines/temp-folder.ts'
import { fates, PowerDisk, restoreImage } from './power-disk.ts'
import { first as rows, steps } from './crash-steps.ts'
import { openTables, problemOf, record, type Flaw, type Tables } from './power-cuts.ts'

let tables: Tables
beforeAll(async () => {
  tables = await openTables()
})
afterAll(() => tables.close())

it('is at the old version or the new one after a power cut at any moment, and later work goes on from there', async () => {
  const recording = await record(tables, await tempFolder(), {}, { seeds: [1, 2] })
  const folder = await tempFolder()
  for (const [i, cut] of recording.cuts.entries()) {
    const isWorkedOn = !cut.moment.includes('by chance') || i % 3 === 0
    const trial = { folder: path.join(folder, String(i)), isWorkedOn }
    expect(await problemOf(tables, recording, cut, trial)).toBeUndefined()
  }
})

abstract class Flawed extends LocalStorage {
  readonly disk: Disk

  constructor(folder: string, disk: Disk = fs) {
    super(folder, disk)
    this.disk = disk
  }
}
class ForgetsDataFiles extends Flawed {
  override async persist(): Promise<void> {}
}
class ForgetsNewFolders extends Flawed {
  override async persist(files: readonly string[]): Promise<void> {
    for (const file of new Set(files.flatMap((one) => [one, path.dirname(one)]))) {
      const handle = await this.disk.open(this.locate(file), 'r')
      await handle.sync()
      await handle.close()
    }
  }
}
class WritesInPlace extends Flawed {
  override async putIfAbsent(file: string, content: string | Uint8Array): Promise<boolean> {
    await this.disk.mkdir(path.dirname(this.locate(file)), { recursive: true })
    const handle = await this.disk.open(this.locate(file), 'w')
    await handle.writeFile(content)
    await handle.sync()
    await handle.close()
    return true
  }
}
class TripsOverLitter extends Flawed {
  override async put(file: string, content: string | Uint8Array): Promise<void> {
    const begun = `${this.locate(file)}.begun`
    await (await this.disk.open(begun, 'wx')).close()
    await super.put(file, content)
    await this.disk.rm(begun)
  }
}

it.each<[string, Flaw, string]>([
  ['does not wait for the contents of files', { forgets: 'files' }, 'create: done, nothing kept: '],
  ['does not wait for the names in folders', { forgets: 'folders' }, 'append: done, nothing kept: version -1'],
  ['does not wait for data files', { store: ForgetsDataFiles }, 'append: done, nothing kept: '],
  ['does not wait for new folders', { store: ForgetsNewFolders }, 'append: done, nothing kept: '],
  ['writes commits in their place', { store: WritesInPlace }, 'half of each file kept: '],
  ['trips over what a put that was stopped has left', { store: TripsOverLitter }, 'EEXIST'],
])('the test notices a store that %s', async (_, flaw, said) => {
  const performed = steps.filter(({ name }) => ['append', 'checkpoint'].includes(name))
  const recording = await record(tables, await tempFolder(), flaw, { performed })
  const folder = await tempFolder()
  const found: string[] = []
  for (const [i, cut] of recording.cuts.entries()) {
    const trial = { folder: path.join(folder, String(i)), isWorkedOn: cut.moment.includes('checkpoint'), flaw }
    found.push((await problemOf(tables, recording, cut, trial)) ?? '')
    if (found.at(-1)?.includes(said)) return
  }
  expect(found).toContain(said)
})

/** The number of rows after a power cut, of a table whose maker was killed after so many calls, and to which somebody else has appended. */
async function countAfter(calls: number, work: (storage: LocalStorage) => Promise<unknown>) {
  const power = new PowerDisk(await tempFolder())
  const films = (): LocalStorage => new LocalStorage(power.locate('films'), power.disk)
  power.stopAfter(calls)
  const isKilled = await work(films()).then(
    () => false,
    () => true,
  )
  power.stopAfter(Infinity)
  const other = films()
  await tables.create(other).catch((error: unknown) => {
    if (!(error instanceof ConflictError)) throw error
  })
  await tables.open(other).append(rows)
  const folder = await tempFolder()
  await restoreImage(power.image(fates.nothing), folder)
  const after = tables.open(new LocalStorage(path.join(folder, 'films')))
  return { isKilled, found: await after.collect().then(({ length }) => length, String) }
}

it('keeps what a program was told that went on after another was killed, when the power is cut then', async () => {
  const found: unknown[] = []
  for (let calls = 0, isOn = true; isOn; calls += 1) {
    const after = await countAfter(calls, async (storage) => {
      await tables.create(storage)
      await tables.open(storage).append(rows)
    })
    isOn = after.isKilled
    found.push(after.found)
  }
  expect(found.length).toBeGreaterThan(25)
  expect(found.filter((count) => count !== rows.length && count !== 2 * rows.length)).toEqual([])
})
