import { TableError } from '../errors.ts'
import type { Action } from './actions.ts'
import { filesOf } from './deletion-vector.ts'
import { removeAction } from './merge-plan.ts'
import type { Snapshot } from './snapshot.ts'

/**
 * The actions that make a table what it was at an older version: its rows, schema and properties. Its protocol stays, and so do
 * watermarks. Throws TableError `missing` when a data file or deletion vector of that version is no longer on the disk.
 */
export async function restoreActions(current: Snapshot, target: Snapshot, now: number): Promise<readonly Action[]> {
  const back = [...target.files].filter(([key]) => !current.files.has(key)).map(([, file]) => file)
  for (const path of new Set(back.flatMap(filesOf))) {
    if ((await current.storage.info(path)) !== undefined) continue
    throw new TableError(`${current.table}: version ${target.version} cannot come back: ${path} is gone`, {
      fault: 'missing',
      hint: 'a vacuum has removed its files; restore a younger version',
    })
  }
  const gone = [...current.files].filter(([key]) => !target.files.has(key)).map(([, file]) => file)
  const isSame = JSON.stringify(current.metadata) === JSON.stringify(target.metadata)
  return [
    ...(isSame ? [] : [{ metaData: target.metadata }]),
    ...gone.map((file) => removeAction(file, now)),
    ...back.map((add): Action => ({ add: { ...add, dataChange: true } })),
  ]
}
