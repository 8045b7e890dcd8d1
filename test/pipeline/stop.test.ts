import { readFileSync, writeFileSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import path from 'node:path'
import { expect, it, onTestFinished, vi } from 'vitest'
import { StoppedError } from '../../src/errors.ts'
import type { LakeEvent } from '../../src/index.ts'
import { heartbeatMs } from '../../src/pipeline/lock.ts'
import { parseMisbehaviour } from '../../src/sources/tmdb/index.ts'
import { newest, orphansIn, sampleServer, testLake } from './test-lake.ts'

const isAt = (event: LakeEvent, step: string, done: number): boolean =>
  event.type === 'step.progress' && event.step === step && event.done >= done

it.each<[string, number, number]>([
  ['ingest', 2, 2],
  ['silver', 6, 4],
  ['gold', 9, 4],
])(
  'a run stopped in %s keeps what is committed, leaves no lock and no files, and goes on when asked for again',
  async (step, done, least) => {
    const lake = await testLake(await sampleServer(), { set: { 'tmdb.concurrency': 1 } })
    const stopping = new AbortController()
    const off = lake.on((event) => {
      if (isAt(event, step, done)) stopping.abort(new StoppedError('stopped by SIGTERM', { signal: 'SIGTERM' }))
    })
    await expect(lake.run({ signal: stopping.signal })).rejects.toMatchObject({ name: 'StoppedError', exitCode: 143 })
    off()
    const [record] = await lake.runs()
    expect(record).toMatchObject({ status: 'stopped', error: { message: 'stopped by SIGTERM', exit_code: 143 } })
    expect(record?.steps.at(-1)).toMatchObject({ step, status: 'stopped' })
    expect(await readdir(lake.root)).not.toContain('lock.json')
    expect(await orphansIn(lake.root)).toEqual([])
    expect((await newest(lake, 'bronze.movies')).length).toBeGreaterThanOrEqual(least)
    const next = await lake.run()
    expect(next).toMatchObject({ status: 'ok' })
    expect(next.run_id).toBe(record?.run_id)
    expect((await newest(lake, 'bronze.movies')).length).toBe(4)
    expect(await lake.table('gold.movie_performance').count()).toBe(4)
  },
)

it('says stopped for any reason the signal has', async () => {
  const lake = await testLake(await sampleServer())
  const stopping = new AbortController()
  lake.on((event) => void (event.type === 'step.started' && stopping.abort()))
  await expect(lake.ingest({ signal: stopping.signal })).rejects.toMatchObject({ name: 'StoppedError', exitCode: 130 })
  expect((await lake.runs())[0]).toMatchObject({ status: 'stopped' })
})

it('does nothing at all when the signal has aborted before', async () => {
  const lake = await testLake(await sampleServer())
  await expect(lake.run({ signal: AbortSignal.abort() })).rejects.toThrow(StoppedError)
  expect(await readdir(path.join(lake.root))).toEqual([])
})

it('runs one at a time, also in one process', async () => {
  const lake = await testLake(await sampleServer())
  const [first, second] = await Promise.allSettled([lake.ingest(), lake.ingest()])
  expect([first.status, second.status].toSorted()).toEqual(['fulfilled', 'rejected'])
  const refused = first.status === 'rejected' ? first : second
  expect(refused).toMatchObject({ reason: { name: 'LockError', exitCode: 4 } })
  expect(await lake.runs()).toHaveLength(1)
})

it('ends when somebody else has taken its lock', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
  onTestFinished(() => void vi.useRealTimers())
  const server = await sampleServer({ misbehave: parseMisbehaviour('hang:movies=597') })
  const lake = await testLake(server)
  const file = path.join(lake.root, 'lock.json')
  lake.on((event) => {
    if (!isAt(event, 'ingest', 3)) return
    const { token: _, ...holder } = JSON.parse(readFileSync(file, 'utf8'))
    writeFileSync(file, JSON.stringify({ ...holder, command: 'build', token: 'taker' }))
    void vi.advanceTimersByTimeAsync(heartbeatMs)
  })
  await expect(lake.ingest()).rejects.toMatchObject({ name: 'LockError', exitCode: 4 })
  expect((await lake.runs())[0]).toMatchObject({ status: 'failed', steps: [{ counts: { kept: 3 } }] })
  expect(readFileSync(file, 'utf8')).toContain('taker')
})
