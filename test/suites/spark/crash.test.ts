import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, it } from 'vitest'
import type { Engine } from '../../../src/engines/engine.ts'
import { openSparkEngine } from '../../../src/engines/spark/spark-engine.ts'
import { openLake } from '../../../src/index.ts'
import { count, sql } from '../../../src/frame/index.ts'
import { bigint, stored } from '../../../src/table.ts'
import { tempFolder } from '../../engines/temp-folder.ts'
import { sparkJars } from './server.ts'
import { startSpark } from './spark-server.js'

const films = 200_000
const counts = stored({
  name: 'silver.counts',
  grain: 'one row per movie',
  key: ['movie_id'],
  columns: { movie_id: bigint('TMDB id'), looks: bigint('how often it was looked at') },
})
const note = { runId: 'run-1' }
const looked = (looks: number): typeof counts.frame =>
  sql({
    movie_id: 'bigint',
    looks: 'bigint',
  })`SELECT id AS movie_id, CAST(${looks} AS BIGINT) AS looks FROM range(${films})`.dropNulls('movie_id', 'looks')

async function fileOf(payload: object): Promise<string> {
  const file = path.join(await tempFolder(), 'movies.ndjson')
  await writeFile(file, `${JSON.stringify(payload)}\n`)
  return file
}

/** The version of the table, and how many rows have which value. */
async function standing(lake: Engine): Promise<unknown> {
  const found = (await lake.open(counts)).groupBy('looks').agg(() => ({ movies: count() }))
  return { version: (await lake.state(counts.name))?.version, rows: await found.collect() }
}

it('a server that is killed in the middle of a merge leaves the old version or the new one, and work goes on, also of a lake that is open', async () => {
  const [folder, root] = [await tempFolder(), await tempFolder()]
  const start = (port = 0) => startSpark({ folder, jars: sparkJars, port, memory: '2g' })
  let server = await start()
  const open = (): Promise<Engine> => openSparkEngine({ url: server.url, root })
  try {
    await (await (await open()).overwrite(counts, looked(0))).commit(note)
    const lake = await openLake({ lake: root, env: {}, set: { engine: 'spark', 'spark.url': server.url } })
    await lake.import([await fileOf({ id: 1, title: 'M1', credits: { cast: [], crew: [] } })])
    const answers = lake.table('bronze.movies')
    expect(await answers.count()).toBe(1)
    const committing = (await (await open()).merge(counts, looked(1))).commit(note).catch((error: unknown) => error)
    await sleep(800)
    await server.kill()
    const told = await committing
    server = await start(server.port)
    await expect(answers.count()).rejects.toMatchObject({ fault: 'lost', exitCode: 75 })
    expect(await answers.count()).toBe(1)
    expect((await lake.sql('SELECT movie_id FROM bronze.movies')).rows).toEqual([{ movie_id: 1 }])
    await lake.close()
    const found = await standing(await open())
    const [before, after] = [0, 1].map((version) => ({ version, rows: [{ looks: version, movies: films }] }))
    if (told instanceof Error) {
      expect(told).toMatchObject({ fault: 'unreachable', exitCode: 75 })
      expect([before, after]).toContainEqual(found)
    } else expect(found).toEqual(after)
    const { version } = found as { readonly version: number }
    const last = await open()
    await (await last.merge(counts, looked(version + 1))).commit(note)
    expect(await standing(last)).toEqual({ version: version + 1, rows: [{ looks: version + 1, movies: films }] })
    await last.close()
  } finally {
    await server.kill()
  }
})
