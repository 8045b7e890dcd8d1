import { StoppedError, TableError } from '../errors.ts'
import { parseAction, parseActions, type ReadAction, type Sidecar } from './actions.ts'
import type { CheckpointIo } from './checkpoint.ts'
import type { CheckpointFiles } from './log.ts'
import { decodePath } from './path-encoding.ts'
import type { Storage } from './storage.ts'

/**
 * All actions of a checkpoint, those in sidecars included. Throws TableError `corrupt`, naming the file, when one of its files cannot be
 * read, or the whole is not the state of a table at that version.
 */
export async function readCheckpoint(
  storage: Storage,
  { version, parts }: CheckpointFiles,
  io: CheckpointIo,
): Promise<readonly ReadAction[]> {
  let actions: readonly ReadAction[] = []
  for (const part of parts) actions = actions.concat(await readPart(storage, part, io))
  const name = storage.locate(parts[0] ?? '')
  const said = actions.find(({ checkpointMetadata }) => checkpointMetadata)?.checkpointMetadata?.version
  if (said !== undefined && said !== version) throw damaged(`${name}: says that it is of version ${said}`)
  for (const needed of ['protocol', 'metaData'] as const)
    if (!actions.some((action) => action[needed])) throw damaged(`${name}: the checkpoint holds no ${needed}`)
  const sidecars = actions.flatMap(({ sidecar }) => sidecar ?? [])
  for (const sidecar of sidecars) actions = actions.concat(await readPart(storage, sidecarPath(sidecar), io))
  return actions
}

async function readPart(storage: Storage, part: string, io: CheckpointIo): Promise<readonly ReadAction[]> {
  const file = storage.locate(part)
  if (part.endsWith('.json')) {
    const bytes = await storage.read(part)
    if (bytes === undefined) throw damaged(`${file}: the checkpoint is gone`)
    return parseActions(bytes.toString(), file)
  }
  const rows = await io.read(file).catch((cause: unknown) => {
    if (cause instanceof StoppedError) throw cause
    throw damaged(`${file}: the checkpoint cannot be read`, cause)
  })
  return rows.map((row) => parseAction(row, file))
}

function sidecarPath({ path }: Sidecar): string {
  const decoded = decodePath(path)
  return decoded.includes('/') ? decoded : `_delta_log/_sidecars/${decoded}`
}

const damaged = (message: string, cause?: unknown): TableError =>
  new TableError(message, { fault: 'corrupt', hint: 'restore the file from a copy of the table', cause })
