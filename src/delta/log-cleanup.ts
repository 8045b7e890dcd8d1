import { logRetentionMs } from './duration.ts'
import { commitPath, listLog, writtenAt } from './log.ts'
import type { Snapshot } from './snapshot.ts'

/**
 * Takes commits and checkpoints out of the log that are older than the table wants to remember. What is left begins with a
 * checkpoint. Answers the paths that are gone; none when the table is to keep its whole log.
 */
export async function cleanLog({ storage, metadata }: Snapshot, now: number): Promise<readonly string[]> {
  if (metadata.configuration['delta.enableExpiredLogCleanup'] === 'false') return []
  const listing = await listLog(storage)
  const cutoff = now - logRetentionMs(metadata.configuration)
  let expired = -1
  for (const version of listing?.commits ?? []) {
    if ((await writtenAt(storage, version)) >= cutoff) break
    expired = version
  }
  // all versions from this checkpoint on stay
  const first = listing?.checkpoints.findLast(({ version }) => version <= expired)?.version ?? 0
  const log = (await storage.list('_delta_log')).filter((path) => (versionOf(path) ?? first) < first)
  // the oldest commit goes first: whatever stops this, the log never has a hole in the middle
  const commits = new Set((listing?.commits ?? []).map(commitPath))
  const gone = [...log.filter((path) => commits.has(path)), ...log.filter((path) => !commits.has(path))]
  for (const path of gone) await storage.delete(path)
  return gone
}

// commits, their checksums, checkpoints and compacted commits all begin with a version
function versionOf(path: string): number | undefined {
  const digits = /^_delta_log\/(\d{20})\./.exec(path)?.[1]
  return digits === undefined ? undefined : Number(digits)
}
