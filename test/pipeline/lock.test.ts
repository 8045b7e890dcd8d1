import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { expect, it, onTestFinished, vi } from 'vitest'
import { LockError, StoppedError } from '../../src/errors.ts'
import type { Lake } from '../../src/index.ts'
import { acquireLock, heartbeatMs, readLock, type LockHolder } from '../../src/pipeline/lock.ts'
import { pidSpace } from '../../src/pipeline/process-alive.ts'
import { tempFolder } from '../engines/temp-folder.ts'
import { compiled } from '../compiled.ts'
import { sampleServer, testLake } from './test-lake.ts'

const who = { run_id: 'r1', command: 'run' }
const clock = () => new Date('2026-03-01T12:00:00Z')
const lockIn = async (): Promise<string> => path.join(await tempFolder(), 'lock.json')
const deadPid = async (): Promise<number> => {
  const child = spawn(process.execPath, ['-e', ''])
  await once(child, 'exit')
  return child.pid ?? 0
}

async function writeHolder(file: string, holder: Partial<LockHolder>): Promise<void> {
  const now = clock().toISOString()
  const here = { pid: process.ppid, host: hostname(), pid_space: pidSpace() }
  const beat = { started_at: now, heartbeat_at: now, token: 'other' }
  await writeFile(file, JSON.stringify({ ...who, ...here, ...beat, ...holder }))
}

it('names the holder to a second writer, also of the same process', async () => {
  const file = await lockIn()
  const lock = await acquireLock(file, who, clock)
  const second = acquireLock(file, { ...who, run_id: 'r2' }, clock)
  await expect(second).rejects.toThrow(`locked by "run", run r1, process ${process.pid} on ${hostname()}`)
  await expect(second).rejects.toMatchObject({ exitCode: 4, hint: expect.stringContaining('movielake unlock') })
  await lock.release()
  await (await acquireLock(file, who, clock)).release()
  expect(await readdir(path.dirname(file))).toEqual([])
})

it('says when a holder elsewhere counts as dead, and how not to wait for that', async () => {
  const file = await lockIn()
  await writeHolder(file, { host: 'elsewhere', heartbeat_at: '2026-03-01T11:59:00Z' })
  await expect(acquireLock(file, who, clock)).rejects.toMatchObject({
    hint: expect.stringMatching(
      /last at 2026-03-01T11:59:00Z and counts as dead 90 s later; .*: movielake unlock --force$/,
    ),
  })
})

it.each<[string, () => Promise<Partial<LockHolder>>]>([
  ['whose process is gone', async () => ({ pid: await deadPid() })],
  ['silent for more than 90 seconds', async () => ({ heartbeat_at: '2026-03-01T11:58:29Z' })],
  ['of another host, silent', async () => ({ host: 'elsewhere', heartbeat_at: '2026-03-01T11:58:29Z' })],
  ['of a dead process that had our id', async () => ({ pid: process.pid })],
])('takes the place of a holder %s', async (_, holder) => {
  const file = await lockIn()
  await writeHolder(file, await holder())
  const lock = await acquireLock(file, { ...who, run_id: 'r2' }, clock)
  expect(lock.displaced).toMatchObject({ run_id: 'r1' })
  expect(await readLock(file)).toMatchObject({ run_id: 'r2', pid: process.pid })
  await lock.release()
  expect(await readdir(path.dirname(file))).toEqual([])
})

it.each<[string, Partial<LockHolder>]>([
  ['alive', {}],
  ['of another host, heard of a minute ago', { host: 'elsewhere', pid: 1, heartbeat_at: '2026-03-01T11:59:00Z' }],
  ['whose process id counts elsewhere, like that of another container with our host name', { pid_space: 'elsewhere' }],
  ['whose clock is ahead of ours', { heartbeat_at: '2026-03-01T15:00:00Z' }],
])('leaves the lock to a holder %s', async (_, holder) => {
  const file = await lockIn()
  await writeHolder(file, holder)
  await expect(acquireLock(file, who, clock)).rejects.toThrow(LockError)
})

it.each(['', '{', '[]', '{"pid":"x"}'])('takes a lock whose file is damaged: %j', async (content) => {
  const file = await lockIn()
  await writeFile(file, content)
  const lock = await acquireLock(file, who, clock)
  expect(await readLock(file)).toMatchObject(who)
  await lock.release()
})

it('takes over from who died while taking over', async () => {
  const file = await lockIn()
  const pid = await deadPid()
  await writeHolder(file, { pid, token: 'first' })
  await writeHolder(`${file}.first`, { pid, token: 'second' })
  const lock = await acquireLock(file, { ...who, run_id: 'r3' }, clock)
  expect(await readLock(file)).toMatchObject({ run_id: 'r3' })
  await lock.release()
  expect(await readdir(path.dirname(file))).toEqual([])
})

const inNewPidSpace = ['--user', '--map-root-user', '--pid', '--fork', '--mount-proc', '--kill-child']
const hasPidSpaces = spawnSync('unshare', [...inNewPidSpace, 'true']).status === 0

it.skipIf(!hasPidSpaces)('is not taken from a living process by one of our host name that cannot see it', async () => {
  const file = await lockIn()
  const lock = await acquireLock(file, who, () => new Date())
  const module = fileURLToPath(await compiled('test/pipeline/lock-taker.ts'))
  const taker = spawn('unshare', [...inNewPidSpace, process.execPath, module])
  onTestFinished(() => void taker.kill())
  taker.stdin.end(`take ${file}\n`)
  const lines: string[] = []
  for await (const line of createInterface({ input: taker.stdout })) lines.push(line)
  expect(lines).toEqual(['ready', 'lost'])
  await lock.release()
})

it('gives a stale lock to one of three processes that take it at once', async () => {
  const module = fileURLToPath(await compiled('test/pipeline/lock-taker.ts'))
  const pid = await deadPid()
  const takers = [1, 2, 3].map(() => spawn(process.execPath, [module]))
  onTestFinished(() => takers.forEach((taker) => void taker.kill()))
  const lines = takers.map(({ stdout }) => createInterface({ input: stdout })[Symbol.asyncIterator]())
  const answers = () => Promise.all(lines.map(async (one) => String((await one.next()).value)))
  const ask = (line: string) => {
    for (const { stdin } of takers) stdin.write(`${line}\n`)
    return answers()
  }
  expect(await answers()).toEqual(['ready', 'ready', 'ready'])
  for (let round = 0; round < 10; round += 1) {
    const file = await lockIn()
    await writeHolder(file, { pid, heartbeat_at: new Date().toISOString() })
    expect((await ask(`take ${file}`)).sort()).toEqual(['lost', 'lost', 'won'])
    expect(await ask('free')).toEqual(['free', 'free', 'free'])
    expect(await readdir(path.dirname(file))).toEqual([])
  }
})

it('shows that it lives, and puts back a lock that was removed by hand', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
  const file = await lockIn()
  let now = clock()
  const lock = await acquireLock(file, who, () => now)
  now = new Date('2026-03-01T12:00:10Z')
  await vi.advanceTimersByTimeAsync(heartbeatMs)
  await vi.waitFor(async () => expect((await readLock(file))?.heartbeat_at).toBe('2026-03-01T12:00:10.000Z'))
  await rm(file)
  await vi.advanceTimersByTimeAsync(heartbeatMs)
  await vi.waitFor(async () => expect(await readLock(file)).toMatchObject(who))
  vi.useRealTimers()
  await lock.release()
})

it('tells the run whose lock was taken, and leaves the lock to who took it', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
  const file = await lockIn()
  const lock = await acquireLock(file, who, clock)
  await writeHolder(file, { command: 'build', token: 'taker' })
  await vi.advanceTimersByTimeAsync(heartbeatMs)
  await vi.waitFor(() => expect(lock.lost.aborted).toBe(true))
  vi.useRealTimers()
  expect(lock.lost.reason).toMatchObject({ message: expect.stringContaining('taken over by "build"'), exitCode: 4 })
  await lock.release()
  expect(await readFile(file, 'utf8')).toContain('taker')
})

it('tells a run that was suspended when its lock is gone: who took it may have ended', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
  const file = await lockIn()
  let now = clock()
  const lock = await acquireLock(file, who, () => now)
  await rm(file)
  now = new Date(now.getTime() + 91_000)
  await vi.advanceTimersByTimeAsync(heartbeatMs)
  await vi.waitFor(() => expect(lock.lost.aborted).toBe(true))
  vi.useRealTimers()
  await lock.release()
  expect(await readLock(file)).toBeUndefined()
})

it('tells a run whose beats did not reach the disk when its lock is gone, and does not put it back', async () => {
  const file = await lockIn()
  let now = clock()
  const lock = await acquireLock(file, who, () => now)
  await rm(path.dirname(file), { recursive: true })
  for (const seconds of [40, 80, 120]) {
    now = new Date(clock().getTime() + seconds * 1000)
    if (seconds === 120) await mkdir(path.dirname(file))
    // beats
    await lock.renameRun('r1')
  }
  expect(lock.lost.aborted).toBe(true)
  expect(await readLock(file)).toBeUndefined()
  await lock.release()
})

it('waits for the lock as long as it is told to, and says for whom', async () => {
  const file = path.join(await tempFolder(), 'lock.json')
  const lake = await testLake(await sampleServer(), { lake: path.dirname(file), set: { 'lake.lock_wait_seconds': 20 } })
  const warnings: string[] = []
  lake.on((event) => void (event.type === 'warning' && warnings.push(event.message)))
  const lock = await acquireLock(file, who, () => new Date())
  const run = lake.ingest()
  await vi.waitFor(() =>
    expect(warnings).toEqual([expect.stringMatching(/locked by "run".*: waiting for it up to 20 s/)]),
  )
  await lock.release()
  expect(await run).toMatchObject({ status: 'ok' })
})

/** A lake that is locked, which waits this long for its lock. */
async function lockedLake(waitSeconds: number): Promise<Lake> {
  const lake = await testLake(undefined, { set: { 'lake.lock_wait_seconds': waitSeconds } })
  const lock = await acquireLock(path.join(lake.root, 'lock.json'), who, () => new Date())
  onTestFinished(() => lock.release())
  return lake
}

it('gives up waiting for the lock when the time is over', async () => {
  await expect((await lockedLake(0.1)).build()).rejects.toThrow(LockError)
})

it('ends waiting for the lock when it is stopped', async () => {
  const lake = await lockedLake(20)
  const stopping = new AbortController()
  lake.on(() => stopping.abort())
  await expect(lake.build({ signal: stopping.signal })).rejects.toThrow(StoppedError)
})

it('unlock removes the lock of a dead run, and that of a living one only by force', async () => {
  const lake = await testLake()
  const file = path.join(lake.root, 'lock.json')
  const now = new Date().toISOString()
  await writeHolder(file, { heartbeat_at: now })
  await expect(lake.unlock()).rejects.toThrow(LockError)
  expect(await lake.unlock({ force: true })).toMatchObject({ run_id: 'r1' })
  await writeHolder(file, { heartbeat_at: now, pid: await deadPid() })
  expect(await lake.unlock()).toMatchObject({ run_id: 'r1' })
  expect(await lake.unlock()).toBeUndefined()
})
