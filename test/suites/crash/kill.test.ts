import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cp } from 'node:fs/promises'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { LocalStorage } from '../../../src/delta/local-storage.ts'
import type { DeltaRow } from '../../../src/delta-table/index.ts'
import { compiled } from '../../compiled.ts'
import { largeAppend, steps, worked, workOn } from './crash-steps.ts'
import { openTables, sorted, type Tables } from './power-cuts.ts'
import { tempFolder } from '../../engines/temp-folder.ts'

const killsOfAStep = 4
let program = ''
let tables: Tables
beforeAll(async () => {
  await compiled('test/suites/crash/crash-steps.ts')
  program = fileURLToPath(await compiled('test/suites/crash/killed.ts'))
  tables = await openTables()
})
afterAll(() => tables.close())

/** Does a step in a process of its own, which kills itself after so many calls; answers how many there were when it lived. */
async function stepIn(folder: string, name: string, calls: number | 'copy'): Promise<number | 'killed'> {
  const child = spawn(process.execPath, [program, folder, name, String(calls)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [output, [code, signal]] = await Promise.all([text(child.stdout), once(child, 'exit') as Promise<unknown[]>])
  if (signal === 'SIGKILL') return 'killed'
  expect(code).toBe(0)
  return Number(/done (\d+)/.exec(output)?.[1])
}

/** A table on which all steps before this one were done, and its rows. */
async function tableBefore(name: string): Promise<{ folder: string; rows: readonly DeltaRow[] }> {
  const folder = `${await tempFolder()}/films`
  const storage = new LocalStorage(folder)
  await tables.create(storage)
  let rows: readonly DeltaRow[] = []
  for (const step of steps) {
    if (step.name === name) break
    await step.run(tables.open(storage), tables.open(storage, 0))
    rows = step.change?.(rows) ?? rows
    if (name === largeAppend.name) break
  }
  return { folder, rows }
}

it.each(steps.filter(({ name }) => name !== 'append'))(
  'a process that is killed in the middle of $name leaves the old version or the new one',
  async ({ name, versions, change }) => {
    const { folder, rows } = await tableBefore(name)
    const from = await tables.open(new LocalStorage(folder)).version()
    const counted = `${await tempFolder()}/films`
    await cp(folder, counted, { recursive: true })
    const calls = Number(await stepIn(counted, name, Infinity))
    for (let kill = 0; kill < killsOfAStep; kill += 1) {
      const copy = `${await tempFolder()}/films`
      await cp(folder, copy, { recursive: true, preserveTimestamps: true })
      const at = Math.floor((calls * kill) / killsOfAStep) + (kill % 2)
      expect(await stepIn(copy, name, at)).toBe('killed')
      const table = tables.open(new LocalStorage(copy))
      const version = await table.version()
      expect(version).toBeGreaterThanOrEqual(from)
      expect(version).toBeLessThanOrEqual(from + versions)
      const expected = version === from ? rows : (change?.(rows) ?? rows)
      expect(sorted(await table.collect()), `killed after ${at} of ${calls} calls`).toBe(sorted(expected))
      await workOn(table)
      expect(sorted(await table.collect())).toBe(sorted(worked(expected)))
    }
  },
)

it('a process that is killed while it writes a data file leaves the old version, and a file that a vacuum takes', async () => {
  const { folder, rows } = await tableBefore(largeAppend.name)
  expect(await stepIn(folder, largeAppend.name, 'copy')).toBe('killed')
  const storage = new LocalStorage(folder)
  const table = tables.open(storage)
  expect(await table.version()).toBe(1)
  expect(sorted(await table.collect())).toBe(sorted(rows))
  const dataFiles = async () => (await storage.list('')).filter((file) => /^date=.*\.parquet$/.test(file))
  expect(await dataFiles()).toHaveLength(2)
  await table.vacuum({ retentionHours: 0, allowShortRetention: true })
  expect(await dataFiles()).toHaveLength(1)
  await workOn(table)
  expect(sorted(await table.collect())).toBe(sorted(worked(rows)))
})
