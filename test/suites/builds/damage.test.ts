import { execFileSync, spawn } from 'node:child_process'
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest'
import { openDelta } from '../../../src/delta-table/index.ts'
import { openLake, StorageError, TableError, type Lake } from '../../../src/index.ts'
import { startSampleServer, type SampleServer } from '../../../src/sources/tmdb/index.ts'
import { tempFolder } from '../../engines/temp-folder.ts'
import { compiled } from '../../compiled.ts'
import { fewIds, filesIn, sampleServer, testKey, testLake } from '../../pipeline/test-lake.ts'

let server: SampleServer
let whole = ''
beforeAll(async () => {
  server = await startSampleServer({ date: '2026-02-27' })
  whole = await mkdtemp(path.join(tmpdir(), 'movielake-test-'))
  const set = {
    'ingest.movie_ids': fewIds,
    'tmdb.base_url': server.url,
    'duckdb.threads': 1,
    'report.enabled': false,
  }
  await using lake = await openLake({ lake: whole, cwd: '/', env: { TMDB_API_KEY: testKey }, set })
  await lake.ingest()
  await lake.run()
})
afterAll(async () => {
  await server.close()
  await rm(whole, { recursive: true })
})

/** A lake with a published run, of which a file was changed. */
async function damaged(file: string, change: (content: string) => string | undefined): Promise<Lake> {
  const root = await tempFolder()
  await cp(whole, root, { recursive: true })
  const changed = change(await readFile(path.join(root, file), 'utf8'))
  if (changed === undefined) await rm(path.join(root, file))
  else await writeFile(path.join(root, file), changed)
  return testLake(server, { lake: root })
}
const log = (table: string, version: number): string => `${table}/_delta_log/${String(version).padStart(20, '0')}.json`

it.each<[string, string, (content: string) => string | undefined, string]>([
  ['lacks a commit', log('bronze/movies', 0), () => undefined, 'corrupt'],
  ['has half a commit', log('bronze/movies', 0), (content) => content.slice(0, content.length / 2), 'corrupt'],
  ['has a commit that is no JSON', log('silver/movies', 0), () => '\0\0\0', 'corrupt'],
  [
    'is of a newer protocol',
    log('silver/movies', 0),
    (content) => content.replace('"minReaderVersion":1', '"minReaderVersion":9'),
    'unsupported',
  ],
])('a table whose log %s is refused by name, and nothing is written', async (_, file, change, fault) => {
  const lake = await damaged(file, change)
  const before = (await filesIn(lake.root)).filter((name) => !name.startsWith('runs/'))
  const built = lake.build()
  await expect(built).rejects.toMatchObject({ name: 'TableError', fault, exitCode: 1, hint: expect.any(String) })
  await expect(built).rejects.toThrow(file.startsWith('bronze') ? /bronze[./]movies/ : /silver[./]movies/)
  expect((await filesIn(lake.root)).filter((name) => !/^(runs|tmp)\//.test(name))).toEqual(before)
  expect((await lake.runs())[0]).toMatchObject({ status: 'failed', error: { name: 'TableError' } })
})

it('a silver table that was moved away is built anew from bronze', async () => {
  const lake = await damaged(log('silver/movies', 0), () => '{')
  await expect(lake.build()).rejects.toThrow(TableError)
  await rm(path.join(lake.root, 'silver/movies'), { recursive: true })
  expect(await lake.build()).toMatchObject({ status: 'ok' })
  expect(await lake.table('silver.movies').count()).toBe(4)
})

it('silver is built anew when bronze was laid out anew and no longer tells which answers are new', async () => {
  const root = await tempFolder()
  await cp(whole, root, { recursive: true })
  const lake = await testLake(server, { lake: root, set: { 'ingest.movie_ids': [...fewIds, 168259] } })
  await lake.ingest()
  const bronze = await openDelta(path.join(lake.root, 'bronze/movies'))
  onTestFinished(() => bronze.close())
  await bronze.optimize()
  await bronze.vacuum({ retentionHours: 0, allowShortRetention: true })
  expect((await lake.plan('build')).steps[0]?.reason).toMatch(/no longer tells what came after version \d+/)
  expect(await lake.build()).toMatchObject({ status: 'ok' })
  expect(await lake.table('silver.movies').count()).toBe(5)
})

it('a lake of a newer version is left alone', async () => {
  const lake = await damaged('published.json', (content) => content.replace('"format": 1', '"format": 2'))
  const before = await filesIn(lake.root)
  const message = 'the lake has format 2, this movielake knows up to 1'
  const readers = [
    () => lake.kpis(),
    () => lake.table('silver.movies').count(),
    () => lake.sql('select 1 from silver.movies'),
  ]
  for (const read of readers)
    await expect(read()).rejects.toMatchObject({ fault: 'unsupported', message: expect.stringContaining(message) })
  await expect(lake.run()).rejects.toThrow(message)
  expect((await filesIn(lake.root)).filter((file) => !file.startsWith('tmp/'))).toEqual(before)
})

it.each(['', '{"format":1}'])(
  'published.json that is %j is told to readers and written anew by a build',
  async (content) => {
    const lake = await damaged('published.json', () => content)
    await expect(lake.kpis()).rejects.toMatchObject({
      fault: 'corrupt',
      hint: expect.stringContaining('movielake build'),
    })
    await lake.build()
    expect((await lake.kpis()).rankings['highest_revenue']).toHaveLength(4)
  },
)

it.each(['{', '[]'])('a run.json that is %j is passed over', async (content) => {
  const lake = await damaged('published.json', (same) => same)
  const runs = path.join(lake.root, 'runs/20990101T000000Z-abcdef')
  await mkdir(runs)
  await writeFile(path.join(runs, 'run.json'), content)
  expect(await lake.build()).toMatchObject({ status: 'unchanged' })
  expect(await lake.runs()).toHaveLength(3)
})

it('refuses a place where a file is', async () => {
  const file = path.join(await tempFolder(), 'lake')
  await writeFile(file, 'mine')
  const lake = await testLake(server, { lake: file })
  await expect(lake.run()).rejects.toThrow(StorageError)
  expect(await readFile(file, 'utf8')).toBe('mine')
})

it('reads a lake it may not write, and says so when it is to write', async ({ skip }) => {
  const root = await tempFolder()
  await cp(whole, root, { recursive: true })
  execFileSync('chmod', ['-R', 'a+rX,a-w', root])
  onTestFinished(() => void execFileSync('chmod', ['-R', 'u+w', root]))
  const module = await compiled('src/index.ts')
  const script = `import { openLake } from '${module}'
    const lake = await openLake({ lake: process.argv[2], cwd: '/', env: {} })
    console.log((await lake.kpis()).directors.length > 0, await lake.table('silver.movies').count())
    await lake.build().catch((e) => console.log(e.name, e.exitCode, e.message, '/', e.hint))
    await lake.close()`
  const file = path.join(await tempFolder(), 'reader.mjs')
  await writeFile(file, script)
  execFileSync('chmod', ['-R', 'a+rX', path.dirname(file)])
  // root may write anywhere: another user is needed
  const user = process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {}
  const child = spawn(process.execPath, [file, root], { ...user, stdio: ['ignore', 'pipe', 'pipe'] })
  const [out, err] = await Promise.all([text(child.stdout), text(child.stderr)])
  if (/EACCES.*node_modules|Cannot find module|MODULE_NOT_FOUND/.test(err))
    skip('another user may not read this folder')
  expect(err).toBe('')
  expect(out).toBe(
    `true 4\nStorageError 1 ${root}: cannot be written (EACCES) / give write access to the folder, or choose another with --lake\n`,
  )
})

it('ends with a clear error when the disk is full, loses nothing and goes on when there is room', async ({ skip }) => {
  const disk = await mkdtemp(path.join(tmpdir(), 'movielake-disk-'))
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', disk], { stdio: 'ignore' })
  } catch {
    await rm(disk, { recursive: true })
    skip('a small disk needs the right to mount one')
  }
  onTestFinished(async () => {
    execFileSync('umount', ['-l', disk])
    await rm(disk, { recursive: true })
  })
  const wide = await sampleServer()
  const lake = await testLake(wide, { lake: path.join(disk, 'lake') })
  await lake.run()
  const published = await lake.published()
  const filler = path.join(disk, 'filler')
  execFileSync('sh', ['-c', `head -c 100m /dev/zero > ${filler} 2>/dev/null || true`])
  const full = lake.run()
  await expect(full).rejects.toMatchObject({
    exitCode: 1,
    message: expect.stringMatching(/disk is full|space|ENOSPC/i),
  })
  await expect(full).rejects.toMatchObject({ hint: expect.stringContaining('make room') })
  expect(await lake.published()).toEqual(published)
  expect((await lake.kpis()).rankings['highest_revenue']).toHaveLength(4)
  await rm(filler)
  execFileSync('mount', ['-o', 'remount,size=64m', disk])
  expect(await lake.run()).toMatchObject({ status: 'unchanged' })
  expect(await lake.table('silver.movies').count()).toBe(4)
})
