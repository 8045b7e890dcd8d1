import { cp, readFile, stat } from 'node:fs/promises'
import path from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Lake, LakeEvent, RunResult } from '../../src/index.ts'
import { parseMisbehaviour, type SampleServer } from '../../src/sources/tmdb/index.ts'
import { tempFolder, type OnEnd } from '../engines/temp-folder.ts'
import { eventsOf, fewIds, filesIn, sampleServer, testLake, versionsOf } from './test-lake.ts'

const written = async (root: string): Promise<Record<string, number>> =>
  Object.fromEntries(
    await Promise.all(
      (await filesIn(root))
        .filter((file) => !file.startsWith('runs/'))
        .map(async (file) => [file, (await stat(path.join(root, file))).mtimeMs] as const),
    ),
  )

const ends: (() => Promise<void>)[] = []
const onEnd: OnEnd = (end) => void ends.push(end)
let ranOnce = ''
let events: LakeEvent[] = []
let result: RunResult
beforeAll(async () => {
  ranOnce = await tempFolder(onEnd)
  const lake = await testLake(await sampleServer({}, onEnd), { lake: ranOnce }, onEnd)
  events = eventsOf(lake)
  result = await lake.run()
  await lake.close()
})
afterAll(async () => {
  for (const end of ends.toReversed()) await end()
})

/** A copy of the lake that ran once, and its server, which says the same again. */
async function lakeThatRan(): Promise<{ readonly lake: Lake; readonly server: SampleServer }> {
  const root = await tempFolder()
  await cp(ranOnce, root, { recursive: true })
  const server = await sampleServer()
  return { lake: await testLake(server, { lake: root }), server }
}

it('keeps the raw files of two runs on one day, and changes only what changed', async () => {
  const server = await sampleServer({ date: '2026-01-16' })
  const lake = await testLake(server, { set: { 'ingest.movie_ids': [0, ...fewIds] } })
  const first = await lake.run()
  const titles = await lake
    .table('silver.movies')
    .select('movie_id', 'title')
    .orderBy((m) => [m.movie_id])
    .collect()
  server.setDate('2026-02-27')
  const second = await lake.run()
  expect([first.status, second.status]).toEqual(['ok', 'ok'])
  const raw = (await filesIn(path.join(lake.root, 'bronze/movies'))).filter((file) => file.endsWith('.parquet'))
  const stamps = [first, second].map(({ run_id }) => run_id.slice(9, 15))
  expect(raw.map((file) => /^ingestion_date=[\d-]+\/movies_raw_(\d{6})-.*\.parquet$/.exec(file)?.[1]).sort()).toEqual(
    stamps,
  )
  expect(await lake.table('bronze.movies').count()).toBe(8)
  const silver = second.steps.find(({ step }) => step === 'silver')
  expect(silver?.wrote).toContainEqual(expect.objectContaining({ table: 'silver.movies', inserted: 0, deleted: 0 }))
  expect(silver?.wrote.map(({ table }) => table)).not.toContain('silver.movie_genres')
  expect(
    await lake
      .table('silver.movies')
      .select('movie_id', 'title')
      .orderBy((m) => [m.movie_id])
      .collect(),
  ).toEqual(titles)
  expect((await lake.published())?.run_id).toBe(second.run_id)
})

it('writes nothing in silver and gold when the answers say nothing new', async () => {
  const { lake } = await lakeThatRan()
  const before = await filesIn(lake.root)
  const versions = await versionsOf(lake)
  const again = await lake.run()
  expect(again.status).toBe('unchanged')
  expect(again.steps.map(({ step, status }) => `${step} ${status}`)).toEqual([
    'ingest ok',
    'silver unchanged',
    'gold unchanged',
    'publish unchanged',
  ])
  const isBuilt = (file: string): boolean => /^(silver|gold)\//.test(file)
  expect((await filesIn(lake.root)).filter(isBuilt)).toEqual(before.filter(isBuilt))
  expect(await versionsOf(lake)).toEqual({ ...versions, 'bronze.movies': 1 })
})

it('writes nothing but its record when it has nothing new to build, says why, and builds anew what another rule changes', async () => {
  const { lake, server } = await lakeThatRan()
  const before = await written(lake.root)
  const said = eventsOf(lake)
  expect(await lake.build()).toMatchObject({
    status: 'unchanged',
    steps: [{ wrote: [] }, { wrote: [] }, { wrote: [] }],
  })
  expect(await written(lake.root)).toEqual(before)
  const notes = said.flatMap((event) => (event.type === 'step.ended' ? [event.note] : []))
  expect(notes).toEqual(['no new answers', 'silver has not changed', 'readers see the newest versions already'])
  expect(await lake.plan('build')).toMatchObject({ steps: [{ is_due: false }, { is_due: false }] })
  await lake.close()
  const other = await testLake(server, { lake: lake.root, set: { 'gold.top': 2 } })
  expect(await other.plan('build')).toMatchObject({
    steps: [{ is_due: false }, { is_due: true, reason: 'gold.rankings was built by other rules' }],
  })
  const { steps } = await other.build()
  expect(steps.map(({ wrote }) => wrote.map(({ table }) => table))).toEqual([[], ['gold.rankings'], []])
  expect((await other.kpis()).rankings['highest_revenue']).toHaveLength(2)
})

it('says the steps in order, with totals, nothing after the end, and keeps a record of them', async () => {
  const { lake } = await lakeThatRan()
  const { run_id } = result
  const milestones = events.filter(({ type }) => type !== 'step.progress')
  expect(milestones.map((event) => ('step' in event ? `${event.type} ${event.step}` : event.type))).toEqual([
    'run.started',
    ...['ingest', 'silver', 'gold', 'publish'].flatMap((step) => [`step.started ${step}`, `step.ended ${step}`]),
    'run.ended',
  ])
  const of = (step: string) => events.filter((event) => event.type === 'step.progress' && event.step === step)
  expect(of('ingest').at(-1)).toMatchObject({ done: 4, total: 4 })
  expect(of('silver').at(0)).toMatchObject({ done: 0, total: 12, note: 'silver.movies' })
  expect(events.at(-1)).toMatchObject({ type: 'run.ended', run_id, status: 'ok' })
  expect(await eventsFile(lake.root, run_id)).toEqual(milestones)
  const [record] = await lake.runs()
  expect(record).toMatchObject({ run_id, command: 'run', status: 'ok', is_sample: false, error: null })
  expect(record?.steps[1]).toMatchObject({ step: 'silver', read: { 'bronze.movies': 0 }, counts: { movies: 4 } })
  expect(record?.steps[2]?.read).toMatchObject({ 'silver.movies': 0 })
  expect(record?.published).toMatchObject({ 'bronze.movies': 0, 'gold.rankings': 0 })
})

it('writes down the events of a run that fails, too', async () => {
  const lake = await testLake(await sampleServer({ misbehave: parseMisbehaviour('401') }))
  await expect(lake.run()).rejects.toThrow('status 401')
  const [record] = await lake.runs()
  const types = (await eventsFile(lake.root, record?.run_id ?? '')).map(({ type }) => type)
  expect(types).toEqual(['run.started', 'step.started', 'step.ended', 'run.ended'])
})

it('goes on when a listener throws, and warns the others', async () => {
  const lake = await testLake(await sampleServer())
  let called = 0
  lake.on(() => {
    called += 1
    throw new Error('no more paper')
  })
  lake.on(async () => {
    throw new Error('nobody waits for this one')
  })
  const said = eventsOf(lake)
  const { status, run_id } = await lake.ingest()
  expect([status, called]).toEqual(['ok', 1])
  const warning = { type: 'warning', message: 'a listener threw and is not told any more: no more paper' }
  expect(said).toContainEqual(expect.objectContaining(warning))
  expect(await eventsFile(lake.root, run_id)).toContainEqual(expect.objectContaining(warning))
})

it('goes on when the clock goes back', async () => {
  let now = new Date('2026-03-02T10:00:00Z')
  const lake = await testLake(await sampleServer(), { clock: () => now })
  await lake.ingest()
  now = new Date('2026-03-01T09:00:00Z')
  expect(await lake.run()).toMatchObject({ status: 'ok' })
  expect((await lake.runs()).map(({ run_id }) => run_id.slice(0, 8))).toEqual(['20260302', '20260301'])
})

async function eventsFile(root: string, runId: string): Promise<LakeEvent[]> {
  const text = await readFile(path.join(root, 'runs', runId, 'events.ndjson'), 'utf8')
  return text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
}
