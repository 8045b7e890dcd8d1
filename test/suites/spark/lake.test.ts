import { expect, it } from 'vitest'
import type { Lake } from '../../../src/index.ts'
import { describeWithData } from '../../shared-data.ts'
import { expectSameRows, newLake, readRows, type Rows } from '../../silver/lakes.ts'
import { sparkUrl } from './server.ts'

const days = [
  ['2025-12-09.json.gz', '2025-12-09T00:00:00Z'],
  ['2026-01-16T12.ndjson.gz', '2026-01-16T12:00:00Z'],
  ['2026-02-27.ndjson.gz', '2026-02-27T00:00:00Z'],
] as const
const onSpark = { engine: 'spark', 'spark.url': sparkUrl, 'report.enabled': false }

// another run brings each answer into another lake, and each engine has its own hashes
const others = [
  'silver.quarantine.run_id',
  ...['movie', 'curated', 'links', 'credits'].map((name) => `silver.fingerprints.${name}`),
]
const rowsOf = (lake: Lake, layer = ''): Promise<Rows> => readRows(lake, others, layer)

describeWithData('snapshots', 'a lake of real answers', (folder) => {
  async function take(lake: Lake, [file, fetchedAt]: (typeof days)[number], layer?: 'silver'): Promise<Lake> {
    await lake.import([`${folder}/${file}`], { fetchedAt })
    await lake.build(layer && { layer })
    return lake
  }

  it('is on Spark what it is on DuckDB, and goes on from one to the other', { timeout: 1_800_000 }, async () => {
    const [first, second, third] = days
    const alone = await take(await newLake(), first)
    const begun = await take(await newLake(onSpark), first)
    expectSameRows(await rowsOf(begun), await rowsOf(alone))
    await begun.close()

    await take(alone, second)
    const continued = await take(await newLake({}, { copyOf: begun.root }), second)
    expectSameRows(await rowsOf(continued), await rowsOf(alone))
    await continued.close()

    // gold is made anew each time, as it was on the first day
    await take(alone, third, 'silver')
    const again = await take(await newLake(onSpark, { copyOf: continued.root }), third, 'silver')
    expectSameRows(await rowsOf(again, 'silver.'), await rowsOf(alone, 'silver.'))
    const { steps } = await again.build({ layer: 'silver' })
    expect(steps.map(({ status }) => status)).toEqual(['unchanged'])
  })
})

describeWithData('tmdb-5000', 'a lake of five thousand films', (folder) => {
  it('is on Spark what it is on DuckDB', { timeout: 1_800_000 }, async () => {
    const rows: Rows[] = []
    for (const set of [{}, onSpark]) {
      const lake = await newLake(set)
      await lake.import([`${folder}/payloads.ndjson.gz`], { fetchedAt: '2017-09-28T00:00:00Z' })
      await lake.build()
      rows.push(await rowsOf(lake))
      await lake.close()
    }
    const [onDuckdb = {}, there = {}] = rows
    expectSameRows(there, onDuckdb)
    expect(onDuckdb['silver.movies']?.length).toBeGreaterThan(4000)
  })
})
