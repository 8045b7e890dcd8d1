import { createHash, randomUUID } from 'node:crypto'
import { link, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { dirname } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { z } from 'zod'
import { LockError } from '../errors.ts'
import type { Clock } from './clock.ts'
import { isAlive, pidSpace } from './process-alive.ts'

const holderSchema = z.object({
  run_id: z.string(),
  command: z.string(),
  pid: z.int(),
  host: z.string(),
  /** Where `pid` counts; older versions do not say. */
  pid_space: z.string().default(''),
  started_at: z.string(),
  heartbeat_at: z.string(),
  /** Tells this holding from all others, also of the same process. */
  token: z.string().default(''),
})

/** Who is writing to the lake. */
export type LockHolder = Readonly<z.infer<typeof holderSchema>>

/** A lock that is held. */
export interface Lock {
  /** The holder that was found dead and whose place was taken, if there was one. */
  readonly displaced: LockHolder | undefined
  /** Aborts, with a LockError, when somebody else has taken the lock, or may have had it: this process was silent for too long. */
  readonly lost: AbortSignal
  /** The lock names this run from now on. */
  renameRun(runId: string): Promise<void>
  release(): Promise<void>
}

/** How often the holder shows that it lives, in milliseconds. */
export const heartbeatMs = 10_000
const staleAfterMs = 90_000

/** The tokens of the locks this process holds: a process id alone may be that of a dead predecessor, in a container it always is. */
const held = new Set<string>()

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
  const here = { pid: process.pid, host: hostname(), pid_space: pidSpace() }
  const holder = { ...who, ...here, started_at: now, heartbeat_at: now, token: randomUUID() }
  held.add(holder.token)
  try {
    return new HeldLock(path, holder, clock, await takePlace(path, holder, clock))
  } catch (error) {
    held.delete(holder.token)
    throw error
  }
}

/** The holder of the lock, or undefined when it is free or nobody can tell. */
export async function readLock(path: string): Promise<LockHolder | undefined> {
  return (await readPlace(path))?.holder
}

/** The lock is free afterwards, whoever held it. */
export const removeLock = (path: string): Promise<void> => rm(path, { force: true })

/** Whether the holder is dead: its process is gone, or it has been silent for too long. */
export function isStale(holder: LockHolder, now: Date): boolean {
  if (held.has(holder.token)) return false
  if (isSilent(holder, now)) return true
  if (!isHere(holder)) return false
  return holder.pid === process.pid ? holder.token !== '' : !isAlive(holder.pid)
}

/** Whether the holder's process id says something here. */
const isHere = ({ host, pid_space }: LockHolder): boolean => host === hostname() && pid_space === pidSpace()

const isSilent = ({ heartbeat_at }: LockHolder, now: Date): boolean =>
  now.getTime() - Date.parse(heartbeat_at) > staleAfterMs

/** What to do about a holder that is not known to be dead. */
export function lockHint(holder: LockHolder): string {
  const force = 'if that process is gone for good, run: movielake unlock --force'
  if (isHere(holder)) return `wait for it to end; ${force}`
  return `wait for it to end; it was heard of last at ${holder.heartbeat_at} and counts as dead ${staleAfterMs / 1000} s later; ${force}`
}

class HeldLock implements Lock {
  readonly displaced: LockHolder | undefined
  readonly #path: string
  readonly #clock: Clock
  readonly #timer: NodeJS.Timeout
  readonly #lost = new AbortController()
  #holder: LockHolder
  #beating: Promise<void> = Promise.resolve()

  constructor(path: string, holder: LockHolder, clock: Clock, displaced: LockHolder | undefined) {
    this.#path = path
    this.#holder = holder
    this.#clock = clock
    this.displaced = displaced
    this.#timer = setInterval(() => this.#beatNext(), heartbeatMs)
    this.#timer.unref()
  }

  get lost(): AbortSignal {
    return this.#lost.signal
  }

  async renameRun(runId: string): Promise<void> {
    this.#holder = { ...this.#holder, run_id: runId }
    this.#beatNext()
    await this.#beating
  }

  async release(): Promise<void> {
    clearInterval(this.#timer)
    await this.#beating
    held.delete(this.#holder.token)
    try {
      if ((await readPlace(this.#path))?.token === this.#holder.token) await removeLock(this.#path)
    } catch {
      // what is left behind counts as dead at once for this process, for others when it ends or 90 seconds later
    }
  }

  #beatNext(): void {
    this.#beating = this.#beating.then(() =>
      this.#beat().catch(() => {
        // a beat that fails is made up for by the next: the lock is stale only after nine of them
      }),
    )
  }

  async #beat(): Promise<void> {
    const present = await readPlace(this.#path)
    // a process that was suspended: who took its place may have ended and left none
    const isTaken = present === undefined ? isSilent(this.#holder, this.#clock()) : present.token !== this.#holder.token
    if (isTaken) {
      clearInterval(this.#timer)
      const by =
        present?.holder === undefined ? 'somebody else' : `"${present.holder.command}" on ${present.holder.host}`
      this.#lost.abort(new LockError(`the lock was taken over by ${by}`, { hint: 'let them end, then run it again' }))
      return
    }
    const heartbeat_at = this.#clock().toISOString()
    const text = JSON.stringify({ ...this.#holder, heartbeat_at })
    if (present !== undefined) await replace(this.#path, text)
    // removed by hand while we work: it is ours as long as nobody has taken it
    else if (!(await putIfAbsent(this.#path, text))) return
    // only a beat that others can read counts; the run may have been renamed while it was written
    this.#holder = { ...this.#holder, heartbeat_at }
  }
}

/** Puts the holder into the lock's place; answers whom it displaced. */
async function takePlace(path: string, holder: LockHolder, clock: Clock): Promise<LockHolder | undefined> {
  for (let attempt = 0; attempt < 20; attempt += 1) {
    if (await putIfAbsent(path, JSON.stringify(holder))) return undefined
    const present = await readPlace(path)
    if (present === undefined) continue
    checkStale(present, clock)
    if (await displace(path, present.token, holder, clock)) return present.holder
    await wait(20)
  }
  throw new LockError('the lock changes hands too fast', { hint: 'try again' })
}

/**
 * Takes the place of the dead holder called `token`; false when it is no longer there. The right to do so is a file that only one can make,
 * `lock.json.<token>`. Who died between making it and using it is displaced in the same way, so that two never take one place.
 */
async function displace(path: string, token: string, holder: LockHolder, clock: Clock): Promise<boolean> {
  const claims = [`${path}.${token}`]
  for (let claim = claims[0]; claim !== undefined; claim = claims.at(-1)) {
    if (await putIfAbsent(claim, JSON.stringify(holder))) break
    const other = await readPlace(claim)
    if (other === undefined) return false
    checkStale(other, clock)
    claims.push(`${path}.${other.token}`)
  }
  const isStillThere = (await readPlace(path))?.token === token
  if (isStillThere) await replace(path, JSON.stringify(holder))
  for (const claim of isStillThere ? claims : claims.slice(-1)) await rm(claim, { force: true })
  return isStillThere
}

/** What stands in a lock file; without a holder when the file is damaged. */
interface Place {
  readonly token: string
  readonly holder: LockHolder | undefined
}

async function readPlace(path: string): Promise<Place | undefined> {
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
  const { data: holder } = holderSchema.safeParse(parseJson(text))
  if (holder === undefined) return { token: fingerprint(text), holder }
  const { token, host, pid, started_at } = holder
  return { token: token === '' ? fingerprint(`${host} ${pid} ${started_at}`) : token, holder }
}

const fingerprint = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 16)

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // damaged: nobody holds it
    return undefined
  }
}

function checkStale({ holder }: Place, clock: Clock): void {
  if (holder === undefined || isStale(holder, clock())) return
  const { command, run_id, pid, host, started_at } = holder
  throw new LockError(
    `the lake is locked by "${command}", run ${run_id}, process ${pid} on ${host} since ${started_at}`,
    { hint: lockHint(holder) },
  )
}

/** Whether the file was made: false when there is one already. Nobody ever sees it half-written. */
async function putIfAbsent(path: string, text: string): Promise<boolean> {
  const temporary = `${path}.${randomUUID()}.tmp`
  try {
    await writeFile(temporary, text)
    await link(temporary, path)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  } finally {
    await rm(temporary, { force: true })
  }
}

async function replace(path: string, text: string): Promise<void> {
  const temporary = `${path}.${randomUUID()}.tmp`
  try {
    await writeFile(temporary, text)
    await rename(temporary, path)
  } finally {
    await rm(temporary, { force: true })
  }
}
