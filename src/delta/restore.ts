import { TableError } from '../errors.ts'
import type { Action, AddFile } from './actions.ts'
import { filesOf } from './deletion-vector.ts'
import { removeAction } from './merge-plan.ts'
import type { Snapshot } from './snapshot.ts'
import type { Storage } from './storage.ts'

/**
 * The actions that make a table what it was at an older version: its rows, schema and properties. Its protocol stays, and so do
 * watermarks. Throws TableError `missing` when a data file or deletion vector of that version is no longer on the disk.
 */
export async function restoreActions(current: Snapshot, target: Snapshot, now: number): Promise<readonly Action[]> {
  const back = [...target.files].filter(([key]) => !current.files.has(key)).map(([, file]) => file)
  const lost = await lostFile(current.storage, back)
  if (lost !== undefined)
    throw new TableError(`${current.table}: version ${target.version} cannot come back: ${lost} is gone`, {
      fault: 'missing',
      hint: 'a vacuum has removed its files; restore a younger version',
    })
  const gone = [...current.files].filter(([key]) => !target.files.has(key)).map(([, file]) => file)
  const isSame = JSON.stringify(current.metadata) === JSON.stringify(target.metadata)
  return [
    ...(isSame ? [] : [{ metaData: target.metadata }]),
    ...gone.map((file) => removeAction(file, now)),
    ...back.map((add): Action => ({ add: { ...add, dataChange: true } })),
  ]
}

/** A data file or deletion vector that is no longer on the disk; undefined when all are there. */
export async function lostFile(
  storage: Storage,
  files: readonly Pick<AddFile, 'path' | 'deletionVector'>[],
): Promise<string | undefined> {
  for (const path of new Set(files.flatMap(filesOf))) if ((await storage.info(path)) === undefined) return path
  return undefined
}
