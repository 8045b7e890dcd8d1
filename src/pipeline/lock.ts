import { link, mkdir, readFile, rename, rm, unlink, writeFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { dirname } from 'node:path'
import { randomUUID } from 'node:crypto'
import { LockError } from '../errors.ts'
import type { Clock } from './clock.ts'
import { writeFileAtomically } from './write-file.ts'

/** Who is writing to the lake. */
export interface LockHolder {
  readonly run_id: string
  readonly command: string
  readonly pid: number
  readonly host: string
  readonly started_at: string
  readonly heartbeat_at: string
}

/** A lock that is held. */
export interface Lock {
  /** The holder that was found dead and whose place was taken, if there was one. */
  readonly displaced: LockHolder | undefined
  release(): Promise<void>
}

const heartbeatMs = 10_000
const staleAfterMs = 90_000

/**
 * The lake's lock, held by this process and renewed until `release`. Takes the place of a holder that is dead: its process is gone on this
 * machine, or it has not been heard of for 90 seconds. Throws LockError, naming the holder, when it is alive.
 */
export async function acquireLock(
  path: string,
  who: Pick<LockHolder, 'run_id' | 'command'>,
  clock: Clock,
): Promise<Lock> {
  await mkdir(dirname(path), { recursive: true })
  const now = clock().toISOString()
  const holder: LockHolder = { ...who, pid: process.pid, host: hostname(), started_at: now, heartbeat_at: now }
  const displaced = await takePlace(path, holder, clock)
  const beat = setInterval(() => {
    // a beat that fails is made up for by the next: the lock is stale only after nine of them
    writeFileAtomically(path, JSON.stringify({ ...holder, heartbeat_at: clock().toISOString() })).catch(() => undefined)
  }, heartbeatMs)
  beat.unref()
  return {
    displaced,
    async release() {
      clearInterval(beat)
      if ((await readLock(path))?.run_id === holder.run_id) await rm(path, { force: true })
    },
  }
}

/** The holder of the lock, or undefined when it is free. */
export async function readLock(path: string): Promise<LockHolder | undefined> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as LockHolder
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}

/** The lock is free afterwards, whoever held it. */
export const removeLock = (path: string): Promise<void> => rm(path, { force: true })

/** Whether the holder is dead: its process is gone, or it has been silent for too long. */
export function isStale(holder: LockHolder, now: Date): boolean {
  if (now.getTime() - Date.parse(holder.heartbeat_at) > staleAfterMs) return true
  return holder.host === hostname() && !isAlive(holder.pid)
}

async function takePlace(path: string, holder: LockHolder, clock: Clock): Promise<LockHolder | undefined> {
  let displaced: LockHolder | undefined
  for (let attempt = 0; attempt < 5; attempt += 1) {
    if (await putIfAbsent(path, JSON.stringify(holder))) return displaced
    const present = await readLock(path)
    if (present !== undefined && !isStale(present, clock())) throw lockError(present)
    displaced = present
    await clearStale(path, clock)
  }
  throw new LockError('the lock changes hands too fast', { hint: 'try again' })
}

/** Removes the lock if it is still a stale one: somebody else may have taken the place by now, and keeps it. */
async function clearStale(path: string, clock: Clock): Promise<void> {
  const aside = `${path}.${randomUUID()}.stale`
  try {
    await rename(path, aside)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return
    throw error
  }
  const holder = await readLock(aside)
  if (holder !== undefined && !isStale(holder, clock())) await link(aside, path)
  await unlink(aside)
}

/** Whether the file was made: false when there is one already. Nobody ever sees it half-written. */
async function putIfAbsent(path: string, text: string): Promise<boolean> {
  const temporary = `${path}.${randomUUID()}.tmp`
  await writeFile(temporary, text)
  try {
    await link(temporary, path)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  } finally {
    await unlink(temporary)
  }
}

const lockError = ({ command, run_id, pid, host, started_at }: LockHolder): LockError =>
  new LockError(`the lake is locked by "${command}", run ${run_id}, process ${pid} on ${host} since ${started_at}`, {
    hint: 'wait for it to end; if that process is gone for good, run: movielake unlock',
  })

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
