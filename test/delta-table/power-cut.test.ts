import path from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { LocalStorage } from '../../src/delta/local-storage.ts'
import { tempFolder } from '../engines/temp-folder.ts'
import { openTables, problemOf, record, type Flaw, type Tables } from './power-cuts.ts'

let tables: Tables
beforeAll(async () => {
  tables = await openTables()
})
afterAll(() => tables.close())

it('is at the old version or the new one after a power cut at any moment, and later work goes on from there', async () => {
  const t0 = performance.now()
  const recording = await record(tables, await tempFolder())
  const t1 = performance.now()
  const folder = await tempFolder()
  const problems: string[] = []
  for (const [i, cut] of recording.cuts.entries()) {
    const problem = await problemOf(tables, recording, cut, path.join(folder, String(i)), i % 5 === 0)
    if (problem !== undefined) problems.push(problem)
  }
  console.log(recording.cuts.length, t1 - t0, performance.now() - t1)
  expect(problems).toEqual([])
})
