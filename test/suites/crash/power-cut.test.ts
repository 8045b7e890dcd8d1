import path from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openTables, problemOf, record, type Tables } from '../../delta-table/power-cuts.ts'
import { tempFolder } from '../../engines/temp-folder.ts'

let tables: Tables
beforeAll(async () => {
  tables = await openTables()
})
afterAll(() => tables.close())

it('goes on from whatever power cuts leave, by chance, too', async () => {
  const recording = await record(tables, await tempFolder(), {}, { seeds: [1, 2] })
  const folder = await tempFolder()
  for (const [i, cut] of recording.cuts.entries()) {
    const isWorkedOn = !cut.moment.includes('by chance') || i % 3 === 0
    expect(
      await problemOf(tables, recording, cut, { folder: path.join(folder, String(i)), isWorkedOn }),
    ).toBeUndefined()
  }
})
