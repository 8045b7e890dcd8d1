import { TableError } from '../errors.ts'
import type { AddFile } from './actions.ts'
import { filesOf } from './deletion-vector.ts'
import { fileRetentionMs } from './duration.ts'
import type { Snapshot } from './snapshot.ts'
import type { FileInfo } from './storage.ts'

/** A file that no version needs which can still be asked for. */
export interface Unneeded extends FileInfo {
  readonly path: string
}

/** What a vacuum may take. */
export interface VacuumLimits {
  /** Files that left the table longer ago than this many milliseconds are taken; by default what the table says, else a week. */
  readonly retentionMs?: number
  /** Takes files younger than the table wants to keep: only when nobody else reads or writes it. */
  readonly allowShortRetention?: boolean
  /** Files that are spared, whoever needs them. */
  readonly kept?: readonly AddFile[]
  readonly now: number
}

/**
 * The files in the table's folder that neither its newest version needs nor one younger than the retention, and that no writer
 * may be about to commit. Throws TableError `mismatch` for another retention than the table's own: a longer
 * one always, a shorter one unless it is allowed.
 */
export async function unneededFiles(snapshot: Snapshot, limits: VacuumLimits): Promise<readonly Unneeded[]> {
  const { storage, table, files, tombstones, metadata } = snapshot
  const leastMs = fileRetentionMs(metadata.configuration)
  const { retentionMs = leastMs, allowShortRetention = false, kept = [], now } = limits
  // which files have left the table is remembered for as long as it says, and no longer
  if (retentionMs > leastMs)
    throw new TableError(
      `${table}: keeps removed files for ${hours(leastMs)} hours, ${hours(retentionMs)} were asked for`,
      { fault: 'mismatch', hint: 'set delta.deletedFileRetentionDuration, and they are kept from then on' },
    )
  if (retentionMs < leastMs && !allowShortRetention)
    throw new TableError(
      `${table}: keeps removed files for ${hours(leastMs)} hours, ${hours(retentionMs)} were asked for`,
      {
        fault: 'mismatch',
        hint: 'readers of older versions and writers at work lose their files; allow the short retention only when there are none',
      },
    )
  const cutoff = now - retentionMs
  const removedSince = [...tombstones.values()].filter((one) => (one.deletionTimestamp ?? 0) > cutoff)
  const needed = new Set(
    [...files.values(), ...removedSince, ...kept].flatMap(filesOf).map((path) => storage.locate(path)),
  )
  const unneeded: Unneeded[] = []
  for (const path of await storage.list('')) {
    if ((isHidden(path) && !isLeftOver(path)) || needed.has(storage.locate(path))) continue
    const info = await storage.info(path)
    if (info !== undefined && info.modifiedAt < cutoff) unneeded.push({ path, ...info })
  }
  return unneeded
}

/** Those of the files that a version does not need. */
export function filesBeside({ storage, files }: Snapshot, among: readonly Unneeded[]): readonly Unneeded[] {
  const needed = new Set([...files.values()].flatMap(filesOf).map((path) => storage.locate(path)))
  return among.filter(({ path }) => !needed.has(storage.locate(path)))
}

const hours = (milliseconds: number): number => Math.round((milliseconds / 3600 / 1000) * 10) / 10

// the log and what programs keep beside data; partition folders may begin with `_`, and change data is data
const isHidden = (path: string): boolean =>
  path
    .split('/')
    .some((part) => part.startsWith('.') || (part.startsWith('_') && part !== '_change_data' && !part.includes('=')))

// what a put that was cut short has left, in the log, too
const isLeftOver = (path: string): boolean =>
  /(^|\/)\.[^/]+\.[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\.tmp$/.test(path)
