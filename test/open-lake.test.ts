import { spawn } from 'node:child_process'
import { mkdir, readdir, utimes, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { text } from 'node:stream/consumers'
import { expect, it, onTestFinished, vi } from 'vitest'
import { ConfigError, openLake } from '../src/index.ts'
import { isLeftBehind } from '../src/pipeline/process-mark.ts'
import { tempFolder } from './engines/temp-folder.ts'
import { compiled, transpiled } from './compiled.ts'
import { testKey } from './pipeline/test-lake.ts'

const options = async () => ({ lake: path.join(await tempFolder(), 'lake'), cwd: '/', env: {} })

it('gives the same lake twice, which ends with its last close', async () => {
  const same = await options()
  const [one, two] = await Promise.all([openLake(same), openLake(same)])
  expect(one).toBe(two)
  await one.close()
  expect(await two.tables()).toEqual([])
  await two.close()
  await expect(two.tables()).rejects.toThrow('the lake is closed')
  const third = await openLake(same)
  expect(third).not.toBe(one)
  // a close too many does no harm to whoever has it open now
  await one.close()
  expect(await third.tables()).toEqual([])
  await third.close()
})

it.each([{ set: { 'gold.top': 3 } }, { env: { TMDB_API_KEY: testKey } }])(
  'refuses other settings while it is open: %j',
  async (other) => {
    const first = await options()
    const lake = await openLake(first)
    await expect(openLake({ ...first, ...other })).rejects.toThrow(ConfigError)
    await lake.close()
    await (await openLake({ ...first, ...other })).close()
  },
)

it('makes nothing before it is asked for something', async () => {
  const { lake: root, ...rest } = await options()
  await using lake = await openLake({ ...rest, lake: root })
  expect([lake.root, lake.config.gold.top]).toEqual([root, 10])
  await lake.tables()
  expect(await readdir(path.dirname(root))).toEqual([])
})

it('takes settings from file, environment and options, in this order', async () => {
  const cwd = await tempFolder()
  await writeFile(path.join(cwd, 'movielake.yaml'), 'gold: { top: 3, rating_min_votes: 7 }\n')
  const env = { MOVIELAKE__GOLD__TOP: '4', MOVIELAKE__LAKE__PATH: './other' }
  await using lake = await openLake({ cwd, env, set: [{ key: 'gold.top', value: '5', origin: 'flag --top' }] })
  expect([lake.root, lake.config.gold.top, lake.config.gold.rating_min_votes]).toEqual([path.join(cwd, 'other'), 5, 7])
  await expect(openLake({ cwd, env: {}, set: { 'gold.topp': 1 } })).rejects.toThrow(ConfigError)
})

it('shows other containers each hour that its folder of intermediate results is in use', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
  onTestFinished(() => void vi.useRealTimers())
  const parent = await tempFolder()
  await using lake = await openLake({ ...(await options()), set: { 'duckdb.temp_directory': parent } })
  await lake.sql('select 1 as n')
  const [folder = '', session = ''] = await readdir(parent, { recursive: true })
  expect(session).toMatch(/^movielake-[^/]*\/movielake-\w+$/)
  const isLeft = () => isLeftBehind('elsewhere-7-3f9a1c', path.join(parent, folder))
  const twoDaysAgo = new Date(Date.now() - 2 * 24 * 60 * 60 * 1000)
  for (const name of [session, folder]) await utimes(path.join(parent, name), twoDaysAgo, twoDaysAgo)
  expect(await isLeft()).toBe(true)
  vi.advanceTimersByTime(60 * 60 * 1000)
  await vi.waitFor(async () => expect(await isLeft()).toBe(false))
})

it('importing does nothing, and a process that has closed its lake ends by itself', async () => {
  const cwd = await tempFolder()
  const script = `import { openLake } from '${await compiled('src/index.ts')}'
    console.log(process.getActiveResourcesInfo().filter((name) => /Timeout|TCP|FS/.test(name)).length)
    await using lake = await openLake({ lake: 'lake', env: {}, set: { 'ingest.movie_ids': [597], 'report.enabled': false } })
    console.log((await lake.run()).status)`
  await mkdir(path.join(cwd, 'work'))
  // explicit resource management is not in node 20: typescript writes it out
  await writeFile(path.join(cwd, 'work/main.mjs'), transpiled(script))
  const child = spawn(process.execPath, ['main.mjs'], {
    cwd: path.join(cwd, 'work'),
    env: { PATH: process.env['PATH'] },
  })
  const [out, err] = await Promise.all([text(child.stdout), text(child.stderr)])
  expect([out, err]).toEqual(['0\nok\n', ''])
  const files = await readdir(path.join(cwd, 'work/lake'))
  expect(files.toSorted()).toEqual(['bronze', 'gold', 'published.json', 'runs', 'silver'])
})
