import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { OnEnd } from '../../engines/temp-folder.ts'
import { addAnswers, expectSameRows, newLake, readRows, type Rows } from '../../silver/lakes.ts'
import { actor, answer, film } from '../../silver/given.ts'
import { silverTables } from '../../../src/silver/index.ts'
import { defaultRules } from '../../../src/rules.ts'

const ann = actor(1, 'Ann', { credit_id: 'a' })
const bo = actor(2, 'Bo', { credit_id: 'b' })
const first = [
  answer(film({ id: 1, credits: { cast: [ann, bo], crew: [] } })),
  answer(film({ id: 2, belongs_to_collection: null, credits: { cast: [ann], crew: [] } })),
]
const later = { at: '2026-01-02T00:00:00.000000Z', run: 'run-2' }
const second = [
  answer(film({ id: 1, belongs_to_collection: null, credits: { cast: [ann], crew: [] } }), later),
  answer(film({ id: 2, title: 'Other', credits: { cast: [bo], crew: [] } }), later),
]
const tables = silverTables(defaultRules).map(({ table }) => table.name)

const ends: (() => Promise<void>)[] = []
const onEnd: OnEnd = (end) => void ends.push(end)
let inSteps = ''
let expected: Rows = {}
beforeAll(async () => {
  const lake = await newLake({}, { onEnd })
  inSteps = lake.root
  await addAnswers(lake, first)
  await lake.build({ layer: 'silver' })
  await addAnswers(lake, second)
  await lake.build({ layer: 'silver' })
  const anew = await newLake({}, { bronzeOf: inSteps, onEnd })
  await anew.build()
  expected = await readRows(anew)
  await lake.close()
})
afterAll(async () => {
  for (const end of ends.toReversed()) await end()
})

it.each(['silver.movies_curated', 'silver.people', 'silver.fingerprints'])(
  'a build that was cut off before it had committed %s is made good by the next one',
  async (table) => {
    const lake = await newLake({}, { copyOf: inSteps })
    for (const name of tables.slice(tables.indexOf(table))) await forgetLastCommit(lake.root, name)
    await lake.build()
    expectSameRows(await readRows(lake), expected)
  },
)

async function forgetLastCommit(root: string, table: string): Promise<void> {
  const log = join(root, ...table.split('.'), '_delta_log')
  const commits = (await readdir(log)).filter((name) => name.endsWith('.json')).sort()
  expect(commits).toHaveLength(2)
  await rm(join(log, commits[1] ?? ''))
}
