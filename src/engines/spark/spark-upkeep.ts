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
  request: VacuumRequest,
  note: CommitNote,
): Promise<TableUpkeep> {
  const { retentionHours = 168, dryRun = false } = request
  return measured(upkeep, table, async () => {
    await checkSpared(upkeep.tables, table, request)
    const sql = `VACUUM ${upkeep.tables.name(table)} RETAIN ${retentionHours} HOURS`
    if (dryRun) await upkeep.session.run(`${sql} DRY RUN`)
    else await upkeep.writer.noted(table, note, sql)
  })
}

/** Spark spares the newest version alone, beside what is younger than the retention. */
async function checkSpared(
  tables: SparkTables,
  table: string,
  { keepVersions = [], keepAppendedSince: since }: VacuumRequest,
): Promise<void> {
  const hint = 'run movielake build first, so that nothing older is needed'
  const newest = await tables.newest(table)
  const other = keepVersions.find((version) => version !== newest)
  if (other !== undefined)
    throw new TableError(`${table}: readers are shown version ${other}, which a vacuum by Spark would not spare`, {
      fault: 'unsupported',
      hint,
    })
  if (since === undefined || since === newest) return
  const layout = (await tables.history(table)).find(({ version, isLayout }) => isLayout && version > since)
  if (layout !== undefined)
    throw new TableError(
      `${table}: what was appended after version ${since} has not been taken in yet, and version ${layout.version} put it into other files`,
      {
        fault: 'unsupported',
        hint,
      },
    )
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
