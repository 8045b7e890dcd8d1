import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { expect, it } from 'vitest'
import { parseMisbehaviour } from '../../src/sources/tmdb/index.ts'
import { eventsOf, filesIn, sampleServer, testLake } from './test-lake.ts'

const v3 = 'c0ffee00c0ffee00c0ffee00c0ffee00'
const v4 = `eyJhbGciOiJIUzI1NiJ9.${Buffer.from('{"aud":"movielake"}').toString('base64url')}.c2lnbmF0dXJlLW9mLXRlc3Rz`

/** Where the key stands in what the lake has said or written, read as bytes and, of tables, as rows. */
async function placesOf(key: string, root: string, said: readonly unknown[], rows: unknown): Promise<string[]> {
  const found: string[] = []
  for (const file of await filesIn(root)) if ((await readFile(path.join(root, file))).includes(key)) found.push(file)
  if (JSON.stringify(said).includes(key)) found.push('events')
  if (JSON.stringify(rows).includes(key)) found.push('tables')
  return found
}

it.each([
  ['v3', { TMDB_API_KEY: v3, TMDB_TOKEN: '' }, v3],
  ['v4', { TMDB_TOKEN: v4, TMDB_API_KEY: '' }, v4],
])('a %s key stands nowhere, whatever goes wrong', async (_, env, key) => {
  const server = await sampleServer({ token: key })
  const lake = await testLake(server, {
    env,
    set: {
      'ingest.movie_ids': [0, 597, 598, 599],
      'tmdb.timeout_ms': 300,
      'tmdb.max_attempts': 1,
      'quality.max_rejection_rate': 1,
    },
  })
  const events = eventsOf(lake)
  const told: unknown[] = [events, await lake.run()]
  for (const trouble of ['drop', 'cut', 'hang', 'not_json', 'success_false', '500', '401']) {
    server.setMisbehaviour(parseMisbehaviour(`${trouble}:movies=597`))
    await lake.ingest().catch((error: Error) => told.push(error.message, error.stack, String(error.cause)))
  }
  told.push(await lake.runs(), lake.config, await lake.show(597))
  const tables = [
    await lake.table('bronze.movies', { version: 0 }).collect(),
    await lake.sql('select * exclude payload from bronze.movies'),
    await lake.table('bronze.rejected', { version: 2 }).collect(),
  ]
  expect(server.requests.byStatus[200]).toBeGreaterThan(3)
  expect(await placesOf(key, lake.root, told, tables)).toEqual([])
})

it('a wrong key is refused before anything is asked, and is not repeated', async () => {
  const lake = await testLake(undefined, { env: { TMDB_API_KEY: 'not-a-key-of-tmdb' } })
  const error: Error = await lake.run().then(
    () => new Error('it ran'),
    (cause: Error) => cause,
  )
  expect(error).toMatchObject({ name: 'ConfigError', exitCode: 2 })
  expect(error.message).not.toContain('not-a-key')
  expect(await filesIn(lake.root)).toEqual([])
})
