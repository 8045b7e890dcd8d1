import type { AddFile } from '../../delta/actions.ts'
import type { LogNote } from '../../delta/delta-log.ts'
import { readHistory } from '../../delta/history.ts'
import type { Storage } from '../../delta/storage.ts'
import { TableError } from '../../errors.ts'
import type { TableUpkeep, VacuumRequest } from '../engine.ts'
import { bytesOf, optimize, retried, vacuum, type UpkeepParts } from './duckdb-upkeep.ts'

/** Brings small files of a table together, and says how many there were and are. */
export async function optimizeTable(parts: UpkeepParts, { userMetadata }: LogNote): Promise<TableUpkeep> {
  const { log, place } = parts
  const before = await log.read(place)
  await retried(() => optimize(parts, userMetadata === undefined ? {} : { userMetadata }))
  const after = await log.read(place)
  return {
    table: place.table,
    versionBefore: before.version,
    version: after.version,
    filesBefore: before.files.size,
    filesAfter: after.files.size,
    sizeBytesBefore: bytesOf([...before.files.values()]),
    sizeBytesAfter: bytesOf([...after.files.values()]),
  }
}

/** Takes files off the disk that nobody needs, and says how many there were and are. */
export async function vacuumTable(
  parts: UpkeepParts,
  { retentionHours, dryRun = false, keepVersions = [], keepAppendedSince }: VacuumRequest,
  { userMetadata }: LogNote,
): Promise<TableUpkeep> {
  const { log, place } = parts
  const { version: versionBefore } = await log.read(place)
  const kept = [
    ...(await filesOfVersions(parts, keepVersions)),
    ...(keepAppendedSince === undefined ? [] : await appendedSince(place.storage, keepAppendedSince)),
  ]
  const [filesBefore, sizeBytesBefore] = await onDisk(place.storage)
  const options = {
    dryRun,
    // the lake's lock keeps other writers away, and what readers see is kept
    allowShortRetention: true,
    ...(retentionHours !== undefined && { retentionHours }),
    ...(userMetadata !== undefined && { userMetadata }),
  }
  const taken = (await vacuum(parts, options, kept)).filter(({ path }) => !isOfLog(path))
  return {
    table: place.table,
    versionBefore,
    version: (await log.read(place)).version,
    filesBefore,
    filesAfter: filesBefore - taken.length,
    sizeBytesBefore,
    sizeBytesAfter: sizeBytesBefore - bytesOf(taken),
  }
}

async function filesOfVersions({ log, place }: UpkeepParts, versions: readonly number[]): Promise<readonly AddFile[]> {
  const files: AddFile[] = []
  for (const version of versions) {
    try {
      files.push(...(await log.read(place, { version })).files.values())
    } catch (error) {
      // a version that the log has forgotten is read by nobody
      if (!(error instanceof TableError && error.fault === 'missing')) throw error
    }
  }
  return files
}

async function appendedSince(storage: Storage, since: number): Promise<readonly AddFile[]> {
  const commits = await readHistory(storage, since + 1)
  return commits.flatMap(({ actions }) => actions.flatMap(({ add }) => (add?.dataChange === true ? [add] : [])))
}

/** The files in a table's folder, those of its log left out, and their bytes. */
async function onDisk(storage: Storage): Promise<readonly [count: number, sizeBytes: number]> {
  const paths = (await storage.list('')).filter((path) => !isOfLog(path))
  const infos = await Promise.all(paths.map((path) => storage.info(path)))
  return [paths.length, infos.reduce((sum, info) => sum + (info?.size ?? 0), 0)]
}

const isOfLog = (path: string): boolean => path.startsWith('_delta_log/')
