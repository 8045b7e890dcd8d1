import { mkdir } from 'node:fs/promises'
import { isDeepStrictEqual } from 'node:util'
import { LakeError, StorageError } from '../errors.ts'
import { newRunId } from './clock.ts'
import type { Listener } from './events.ts'
import { acquireLock } from './lock.ts'
import type { RunRecord, RunResult } from './results.ts'
import { readRunRecords } from './run-record.ts'
import { Run } from './run.ts'
import type { Session } from './session.ts'

/** What a run is asked to do. */
export interface RunRequest {
  readonly command: string
  /** What makes two runs of a command the same; a run that was cut off is taken up by the next one that is asked for the same. */
  readonly parameters: Readonly<Record<string, unknown>>
  /** Address of the sample server, when the answers come from there. */
  readonly sampleUrl?: string | undefined
}

type Surroundings = Omit<Session, 'run'>

const resumeWithinMs = 24 * 60 * 60 * 1000

/**
 * Does `work` as a run: under the lake's lock, with a record from its first moment on, which says how it ended also when it fails.
 * `isResumed` is true when the run takes up one of the last day that was cut off; it then has its id. Throws what `work` throws, and LockError.
 */
export async function withRun(
  surroundings: Surroundings,
  request: RunRequest,
  listener: Listener,
  work: (session: Session, isResumed: boolean) => Promise<void>,
): Promise<RunResult> {
  const { paths, clock } = surroundings
  await makeFolder(paths.root)
  const fresh = newRunId(clock())
  const lock = await acquireLock(paths.lock, { run_id: fresh, command: request.command }, clock)
  try {
    const cutOff = await findCutOff(surroundings, request)
    const run = await Run.open({
      runId: cutOff?.run_id ?? fresh,
      command: request.command,
      parameters: request.parameters,
      sampleUrl: request.sampleUrl,
      startedAt: cutOff?.started_at,
      folder: paths.runs,
      clock,
      listener,
    })
    return await recorded(run, () => work({ ...surroundings, run }, cutOff !== undefined))
  } catch (error) {
    throw storageError(error, paths.root)
  } finally {
    await lock.release()
  }
}

async function recorded(run: Run, work: () => Promise<void>): Promise<RunResult> {
  try {
    await work()
  } catch (error) {
    await run.close(error)
    throw error
  }
  return run.close()
}

/** The newest run, if it was asked for the same and never ended. The lock is held: no living process is at it. */
async function findCutOff({ paths, clock }: Surroundings, request: RunRequest): Promise<RunRecord | undefined> {
  const [newest] = await readRunRecords(paths.runs)
  if (newest?.status !== 'running') return undefined
  const isSame = newest.command === request.command && isDeepStrictEqual(newest.parameters, request.parameters)
  const isRecent = clock().getTime() - Date.parse(newest.started_at) < resumeWithinMs
  return isSame && isRecent ? newest : undefined
}

async function makeFolder(root: string): Promise<void> {
  try {
    await mkdir(root, { recursive: true })
  } catch (error) {
    throw storageError(error, root)
  }
}

/** Errors of the file system in words that say what to do; others as they are. */
function storageError(cause: unknown, root: string): unknown {
  if (cause instanceof LakeError || !(cause instanceof Error)) return cause
  const { code } = cause as NodeJS.ErrnoException
  if (code === 'ENOSPC' || code === 'EDQUOT')
    return new StorageError(`${root}: the disk is full`, {
      cause,
      hint: 'make room and run it again: what was committed is safe, the rest is done anew',
    })
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS')
    return new StorageError(`${root}: cannot be written (${code})`, {
      cause,
      hint: 'give write access to the folder, or choose another with --lake',
    })
  return cause
}
