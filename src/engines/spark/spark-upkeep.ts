import { TableError } from '../../errors.ts'
import type { CommitNote, TableUpkeep, VacuumRequest } from '../engine.ts'
import type { SparkSession } from './connect/session.ts'
import type { SparkTables } from './spark-tables.ts'
import type { SparkWriter } from './spark-write.ts'

/** What upkeep of a table works with. */
export interface SparkUpkeep {
  readonly session: SparkSession
  readonly tables: SparkTables
  readonly writer: SparkWriter
}

/** Lets Spark bring small files of a table together, and says how many there were and are. */
export function optimizeTable(upkeep: SparkUpkeep, table: string, note: CommitNote): Promise<TableUpkeep> {
  return measured(upkeep, table, () => upkeep.writer.noted(table, note, `OPTIMIZE ${upkeep.tables.name(table)}`))
}

/** Lets Spark take files off the disk that no version within the retention needs. Throws TableError `unsupported` where that could take what is to be spared. */
export function vacuumTable(
  upkeep: SparkUpkeep,
  table: string,
  { retentionHours = 168, dryRun = false, keepVersions = [] }: VacuumRequest,
  note: CommitNote,
): Promise<TableUpkeep> {
  return measured(upkeep, table, async () => {
    const newest = await upkeep.tables.newest(table)
    const other = keepVersions.find((version) => version !== newest)
    // Spark spares the newest version alone, beside what is younger than the retention
    if (other !== undefined)
      throw new TableError(`${table}: readers are shown version ${other}, which a vacuum by Spark would not spare`, {
        fault: 'unsupported',
        hint: 'run movielake build first, so that they are shown the newest one',
      })
    const sql = `VACUUM ${upkeep.tables.name(table)} RETAIN ${retentionHours} HOURS`
    if (dryRun) await upkeep.session.run(`${sql} DRY RUN`)
    else await upkeep.writer.noted(table, note, sql)
  })
}

async function measured({ tables }: SparkUpkeep, table: string, work: () => Promise<unknown>): Promise<TableUpkeep> {
  const before = await tables.state(table)
  if (before === undefined) throw new TableError(`${table}: there is no such table`, { fault: 'missing' })
  await work()
  const after = (await tables.state(table)) ?? before
  return {
    table,
    versionBefore: before.version,
    version: after.version,
    filesBefore: before.files,
    filesAfter: after.files,
    sizeBytesBefore: before.sizeBytes,
    sizeBytesAfter: after.sizeBytes,
  }
}
