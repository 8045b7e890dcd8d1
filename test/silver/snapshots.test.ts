import { expect, it } from 'vitest'
import type { Lake } from '../../src/index.ts'
import { describeWithData } from '../shared-data.ts'
import { expectSameRows, newLake, readRows } from './lakes.ts'

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
    builtAfterEach?: 'silver' | 'all',
    set: Readonly<Record<string, unknown>> = {},
  ): Promise<Lake> {
    const lake = await newLake(set)
    for (const [file, fetchedAt] of order) {
      await lake.import([`${folder}/${file}`], { fetchedAt })
      if (builtAfterEach !== undefined) await lake.build(builtAfterEach === 'silver' ? { layer: 'silver' } : {})
    }
    await lake.build()
    return lake
  }

  it('make the same tables built day by day, in reverse, all at once and anew', async () => {
    const atOnce = await rowsOf(await lakeOf(Object.entries(days), undefined, { 'duckdb.threads': 2 }))
    expect(atOnce['silver.movies']).toHaveLength(18)
    expect(atOnce['silver.movie_measures']).toHaveLength(3 * 18)
    expectSameRows(await rowsOf(await lakeOf(Object.entries(days).toReversed(), 'silver')), atOnce)

    const dayByDay = await lakeOf(Object.entries(days), 'all')
    expectSameRows(await rowsOf(dayByDay), atOnce)
    const { steps } = await dayByDay.build({ full: true })
    expect(steps.map(({ step, status }) => [step, status])).toEqual([
      ['silver', 'unchanged'],
      ['gold', 'unchanged'],
      ['publish', 'unchanged'],
    ])
  })
})
