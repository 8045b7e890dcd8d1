import { fileKey, type AddFile } from './actions.ts'
import type { DeltaLog } from './delta-log.ts'
import { readHistory } from './history.ts'
import { parseSchema } from './schema.ts'
import type { Place, Snapshot } from './snapshot.ts'

/** What one commit did to the rows of a table, as the files that came and went. */
export interface FileChanges {
  readonly version: number
  /** Milliseconds since 1970. */
  readonly timestamp: number
  /** Where the files lie, and the table's columns after the commit. */
  readonly snapshot: Pick<Snapshot, 'storage' | 'schema' | 'metadata' | 'protocol'>
  readonly added: readonly AddFile[]
  readonly removed: readonly AddFile[]
}

/** The commits from version `from` up to `to` that changed rows, oldest first. Throws TableError `missing` when the log no longer has them all. */
export async function fileChanges(
  log: DeltaLog,
  place: Place,
  from: number,
  to: number,
): Promise<readonly FileChanges[]> {
  const before = from === 0 ? undefined : await log.read(place, { version: from - 1 })
  const first = before ?? (await log.read(place, { version: 0 }))
  let { schema, metadata, protocol } = first
  const files = new Map(before?.files)
  const changes: FileChanges[] = []
  for (const { version, timestamp, actions } of await readHistory(place.storage, from)) {
    if (version > to) break
    protocol = actions.find((action) => action.protocol)?.protocol ?? protocol
    metadata = actions.find(({ metaData }) => metaData)?.metaData ?? metadata
    schema = parseSchema(metadata.schemaString, place.table)
    const removed = actions.flatMap(({ remove }) => (remove && files.get(fileKey(remove))) || [])
    const added = actions.flatMap(({ add }) => add ?? [])
    // files that were only laid out anew hold the rows they held
    const isChange = actions.some(({ add, remove }) => add?.dataChange === true || remove?.dataChange === true)
    if (isChange)
      changes.push({ version, timestamp, snapshot: { ...first, schema, metadata, protocol }, added, removed })
    for (const file of removed) files.delete(fileKey(file))
    for (const file of added) files.set(fileKey(file), file)
  }
  return changes
}
