import { fileKey, type AddFile, type ChangeFile, type ReadAction } from './actions.ts'
import type { DeltaLog } from './delta-log.ts'
import { readCommits } from './history.ts'
import { parseSchema } from './schema.ts'
import type { Place, Snapshot } from './snapshot.ts'

/** What one commit did to the rows of a table, as files. */
export interface FileChanges {
  readonly version: number
  /** Milliseconds since 1970. */
  readonly timestamp: number
  /** Where the files lie, and the table's columns after the commit. */
  readonly snapshot: Pick<Snapshot, 'storage' | 'schema' | 'metadata' | 'protocol'>
  /** Files that say of each row what became of it. Where there are any, they alone count: the others hold rows that stayed, too. */
  readonly recorded: readonly AddFile[]
  /** Files that came. */
  readonly added: readonly AddFile[]
  /** Files that went. */
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
  const hint = 'begin at a later version, or compare the rows of two that are there'
  for (const { version, timestamp, actions } of await readCommits(place, from, to, hint)) {
    protocol = actions.find((action) => action.protocol)?.protocol ?? protocol
    metadata = actions.find(({ metaData }) => metaData)?.metaData ?? metadata
    schema = parseSchema(metadata.schemaString, place.table)
    const snapshot = { ...first, schema, metadata, protocol }
    const change = changeOf(actions, files)
    if (change !== undefined) changes.push({ version, timestamp, snapshot, ...change })
    for (const { remove } of actions) if (remove) files.delete(fileKey(remove))
    for (const { add } of actions) if (add) files.set(fileKey(add), add)
  }
  return changes
}

type Change = Pick<FileChanges, 'recorded' | 'added' | 'removed'>

/** What a commit did to the table with these files; undefined when all rows stayed: files may only have been laid out anew. */
function changeOf(actions: readonly ReadAction[], files: ReadonlyMap<string, AddFile>): Change | undefined {
  const recorded = actions.flatMap(({ cdc }) => (cdc ? [asDataFile(cdc)] : []))
  if (recorded.length > 0) return { recorded, added: [], removed: [] }
  const added = actions.flatMap(({ add }) => (add?.dataChange === true ? [add] : []))
  const removed = actions.flatMap(
    ({ remove }) => (remove && remove.dataChange !== false && files.get(fileKey(remove))) || [],
  )
  return added.length + removed.length === 0 ? undefined : { recorded, added, removed }
}

const asDataFile = ({ path, partitionValues }: ChangeFile): AddFile => ({
  path,
  partitionValues,
  size: 0,
  modificationTime: 0,
  dataChange: false,
})
