import { mkdir } from 'node:fs/promises'
import { isDeepStrictEqual } from 'node:util'
import { LakeError, type LockError, StoppedError, StorageError } from '../errors.ts'
import { newRunId } from './clock.ts'
import type { Listeners } from './events.ts'
import type { Lock } from './lock.ts'
import { checkFormat } from './publish.ts'
import type { RunRecord, RunResult } from './results.ts'
import { listRunIds, readRunRecord, writeRunRecord } from './run-record.ts'
import { Run } from './run.ts'
import type { Session } from './session.ts'
import { stopWith } from './stop-with.ts'
import { clearDeadFolders } from './temporary-folder.ts'
import { waitForLock } from './wait-for-lock.ts'

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
 * `isResumed` is true when the run takes up one of the last day that was cut off; it then has its id. Throws what `work` throws,
 * LockError, StoppedError once the signal has aborted, and StorageError when the disk refuses.
 */
export async function withRun(
  surroundings: Surroundings,
  request: RunRequest,
  listeners: Listeners,
  work: (session: Session, isResumed: boolean) => Promise<void>,
): Promise<RunResult> {
  const { paths, clock, config } = surroundings
  const lock = await enter(surroundings, request, listeners)
  const signal = AbortSignal.any([surroundings.signal, lock.lost])
  const endStopping = stopWith(signal, () => surroundings.engine.stop?.())
  const told = (error: unknown): unknown => storageError(stopReason(error, signal), paths.root)
  try {
    await checkFormat(paths.published)
    await clearDeadFolders(config.duckdb.temp_directory ?? paths.temporary)
    const cutOff = await findCutOff(surroundings, request)
    const runId = cutOff?.run_id ?? newRunId(clock())
    await lock.renameRun(runId)
    const { command, parameters, sampleUrl } = request
    const run = await Run.open({ runId, command, parameters, sampleUrl, cutOff, folder: paths.runs, clock, listeners })
    return await recorded(run, told, () => work({ ...surroundings, signal, run }, cutOff !== undefined))
  } catch (error) {
    throw told(error)
  } finally {
    endStopping()
    await lock.release()
  }
}

/** Makes the lake's folder if there is none, and takes the lock, waiting for it as long as the config says. */
async function enter(
  { paths, clock, signal, config }: Surroundings,
  { command }: RunRequest,
  listeners: Listeners,
): Promise<Lock> {
  const { lock_wait_seconds: waitSeconds } = config.lake
  const onWait = ({ message, hint }: LockError): void =>
    void listeners.tell({
      type: 'warning',
      at: clock().toISOString(),
      message: `${message}: waiting for it up to ${waitSeconds} s`,
      ...(hint !== undefined && { hint }),
    })
  try {
    signal.throwIfAborted()
    await mkdir(paths.root, { recursive: true })
    const who = { run_id: newRunId(clock()), command }
    return await waitForLock(paths.lock, who, clock, { waitMs: waitSeconds * 1000, signal, onWait })
  } catch (error) {
    throw storageError(stopReason(error, signal), paths.root)
  }
}

async function recorded(run: Run, told: (error: unknown) => unknown, work: () => Promise<void>): Promise<RunResult> {
  try {
    await work()
  } catch (cause) {
    const error = told(cause)
    await run.close(error).catch(() => {
      // a disk that is full takes no record either: what went wrong first is what is told
    })
    throw error
  }
  return run.close()
}

/**
 * The newest run of the last day that was asked for the same, if it never ended. The lock is held: no living process is at it.
 * Runs that never ended and will not be taken up any more are noted as stopped.
 */
async function findCutOff({ paths, clock }: Surroundings, request: RunRequest): Promise<RunRecord | undefined> {
  const nowMs = clock().getTime()
  let newest: RunRecord | undefined
  let lookedAtMs: number | undefined
  for (const id of await listRunIds(paths.runs)) {
    const record = await readRunRecord(paths.runs, id)
    if (record === undefined) continue
    const startedMs = Date.parse(record.started_at)
    // the run before this one has looked at those that were too old for it
    lookedAtMs ??= Math.min(nowMs, startedMs) - resumeWithinMs
    if (startedMs < lookedAtMs) break
    const isOld = nowMs - startedMs >= resumeWithinMs
    const isSame = record.command === request.command && isDeepStrictEqual(record.parameters, request.parameters)
    const isOver = isOld || (isSame && newest !== undefined)
    if (isSame && !isOld) newest ??= record
    if (record.status === 'running' && isOver) await noteCutOff(paths.runs, record)
  }
  return newest !== undefined && isUnfinished(newest) ? newest : undefined
}

/** Whether a run ended before its work was done, for no fault of the data: killed, stopped, locked out, its key refused, or given up by the source. */
const isUnfinished = ({ status, error }: RunRecord): boolean =>
  status === 'running' || (error !== null && [4, 5, 75, 130, 143].includes(error.exit_code))

const noteCutOff = (runs: string, record: RunRecord): Promise<void> =>
  writeRunRecord(runs, {
    ...record,
    status: 'stopped',
    error: { name: 'StoppedError', message: 'the process ended in the middle', hint: null, exit_code: 1 },
  })

/** What stopped the work, where it was stopped and the error only says so; other errors as they are. */
function stopReason(error: unknown, signal: AbortSignal): unknown {
  const isStop = error instanceof StoppedError || error === signal.reason
  if (!signal.aborted || !isStop) return error
  if (signal.reason instanceof LakeError) return signal.reason
  return new StoppedError('stopped', { cause: signal.reason })
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
  if (code === 'EEXIST' || code === 'ENOTDIR')
    return new StorageError(`${root}: there is a file where a folder is needed`, {
      cause,
      hint: 'choose another folder with --lake',
    })
  return cause
}
