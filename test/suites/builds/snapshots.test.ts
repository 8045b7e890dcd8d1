import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Lake } from '../../../src/index.ts'
import type { OnEnd } from '../../engines/temp-folder.ts'
import { describeWithData } from '../../shared-data.ts'
import { expectSameRows, newLake, readRows, type Beginning, type Rows } from '../../silver/lakes.ts'

const days = {
  '2025-12-09.json.gz': '2025-12-09T00:00:00Z',
  '2026-01-16T12.ndjson.gz': '2026-01-16T12:00:00Z',
  '2026-01-16T16.ndjson.gz': '2026-01-16T16:00:00Z',
  '2026-02-27.ndjson.gz': '2026-02-27T00:00:00Z',
}

// another run brings each answer into another lake
const rowsOf = (lake: Lake) => readRows(lake, ['silver.quarantine.run_id'])

describeWithData('snapshots', 'real answers of four days', (folder) => {
  async function lakeOf(
    order: readonly (readonly [string, string])[],
    { builtAfterEach, ...beginning }: { readonly builtAfterEach?: 'silver' | 'all' } & Beginning = {},
    set: Readonly<Record<string, unknown>> = {},
  ): Promise<Lake> {
    const lake = await newLake(set, beginning)
    for (const [file, fetchedAt] of order) {
      await lake.import([`${folder}/${file}`], { fetchedAt })
      if (builtAfterEach !== undefined) await lake.build(builtAfterEach === 'silver' ? { layer: 'silver' } : {})
    }
    await lake.build()
    return lake
  }

  const ends: (() => Promise<void>)[] = []
  let atOnce: Rows = {}
  beforeAll(async () => {
    const onEnd: OnEnd = (end) => void ends.push(end)
    atOnce = await rowsOf(await lakeOf(Object.entries(days), { onEnd }, { 'duckdb.threads': 2 }))
  })
  afterAll(async () => {
    for (const end of ends) await end()
  })

  it('make 18 movies, each measured on three days', () => {
    expect(atOnce['silver.movies']).toHaveLength(18)
    expect(atOnce['silver.movie_measures']).toHaveLength(3 * 18)
  })

  it('make the same tables built in reverse as all at once', async () => {
    const inReverse = await lakeOf(Object.entries(days).toReversed(), { builtAfterEach: 'silver' })
    expectSameRows(await rowsOf(inReverse), atOnce)
  })

  it('make the same tables built day by day, and anew', async () => {
    const dayByDay = await lakeOf(Object.entries(days), { builtAfterEach: 'all' })
    expectSameRows(await rowsOf(dayByDay), atOnce)
    const { steps } = await dayByDay.build({ full: true })
    expect(steps.map(({ step, status }) => [step, status])).toEqual([
      ['silver', 'unchanged'],
      ['gold', 'unchanged'],
      ['publish', 'unchanged'],
    ])
  })
})
