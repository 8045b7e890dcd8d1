import { rm } from 'node:fs/promises'
import { beforeEach, expect, it } from 'vitest'
import { noRow } from '../../src/delta/condition.ts'
import type { Action } from '../../src/delta/actions.ts'
import { DeltaLog } from '../../src/delta/delta-log.ts'
import { LocalStorage } from '../../src/delta/local-storage.ts'
import { tempFolder } from '../engines/temp-folder.ts'
import { file } from './test-snapshot.ts'

class Noting extends LocalStorage {
  readonly reads: string[] = []
  override read(path: string): Promise<Buffer | undefined> {
    this.reads.push(path)
    return super.read(path)
  }
}

const noCheckpoints = { read: async () => [], write: async () => Buffer.from('') }
let storage: Noting
let log: DeltaLog
beforeEach(async () => {
  storage = new Noting(`${await tempFolder()}/t`)
  log = new DeltaLog(noCheckpoints, 'test')
})

/** A commit by somebody else. */
async function commit(path?: string): Promise<void> {
  const other = new DeltaLog(noCheckpoints, 'other')
  const place = { table: 't', storage: new LocalStorage(storage.root) }
  const base = await other.find(place)
  const schema = base?.schema ?? [{ name: 'id', type: 'long', nullable: true, metadata: {} }]
  const actions: Action[] = path === undefined ? [] : [{ add: file(path) }]
  const target = { place, base, schema, partitionColumns: [] }
  await other.commit({ target, name: 'WRITE', parameters: {}, metrics: {}, actions, reads: noRow, note: {}, now: 0 })
}
const paths = async (version?: number): Promise<readonly string[]> => {
  const snapshot = await log.read({ table: 't', storage }, version === undefined ? {} : { version })
  return [...snapshot.files.values()].map(({ path }) => path)
}

it('reads of a table that was read before only what is new', async () => {
  await commit()
  await commit('a')
  expect(await paths()).toEqual(['a'])
  await commit('b')
  storage.reads.length = 0
  expect(await paths()).toEqual(['a', 'b'])
  expect(storage.reads).toEqual(['_delta_log/00000000000000000002.json'])
  storage.reads.length = 0
  expect(await paths()).toEqual(['a', 'b'])
  expect(storage.reads).toEqual([])
  expect(await paths(1)).toEqual(['a'])
})

it('does not read back a checkpoint that it has written itself', async () => {
  await commit('a')
  await log.checkpoint({ table: 't', storage }, 0, 0)
  storage.reads.length = 0
  expect(await paths()).toEqual(['a'])
  expect(storage.reads).toEqual([])
})

it('reads a table anew that was made anew in its folder', async () => {
  await commit()
  await commit('a')
  expect(await paths()).toEqual(['a'])
  await rm(storage.root, { recursive: true })
  await commit()
  await commit('other')
  await commit('more')
  expect(await paths()).toEqual(['other', 'more'])
  await rm(storage.root, { recursive: true })
  await expect(paths()).rejects.toMatchObject({ fault: 'missing' })
})
