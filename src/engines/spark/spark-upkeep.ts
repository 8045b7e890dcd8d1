import { fileRetentionMs } from '../../delta/duration.ts'
import { TableError } from '../../errors.ts'
import type { CommitNote, TableUpkeep, VacuumRequest } from '../engine.ts'
import type { SparkSession } from './connect/session.ts'
import { sparkDialect } from './spark-dialect.ts'
import type { SparkTables } from './spark-tables.ts'
import type { SparkWriter } from './spark-write.ts'

/** What upkeep of a table works with. */
export interface SparkUpkeep {
  readonly session: SparkSession
  readonly tables: SparkTables
  readonly writer: SparkWriter
}

/** Files and what they weigh. */
interface Weighed {
  readonly files: number
  readonly sizeBytes: number
}

/** Lets Spark bring small files of a table together, and says how many there were and are. */
export async function optimizeTable(upkeep: SparkUpkeep, table: string, note: CommitNote): Promise<TableUpkeep> {
  const before = await stateOf(upkeep.tables, table)
  await upkeep.writer.noted(table, note, `OPTIMIZE ${upkeep.tables.name(table)}`)
  const after = await stateOf(upkeep.tables, table)
  return { table, versionBefore: before.version, version: after.version, ...compared(before, after) }
}

/**
 * Lets Spark take files off the disk that no version within the retention needs. Throws TableError: `unsupported` where that could take what is to
 * be spared, `mismatch` for a retention longer than the table's own.
 */
export async function vacuumTable(
  upkeep: SparkUpkeep,
  table: string,
  request: VacuumRequest,
  note: CommitNote,
): Promise<TableUpkeep> {
  const { session, tables, writer } = upkeep
  const { version } = await stateOf(tables, table)
  await checkSpared(tables, table, request)
  const hours = await checkedHours(tables, table, version, request)
  const sql = `VACUUM ${tables.name(table)}${hours === undefined ? '' : ` RETAIN ${hours} HOURS`}`
  const before = await weigh(upkeep, table)
  if (request.dryRun === true) {
    const listed = await session.run(`${sql} DRY RUN`)
    const paths = new Set(listed.map((row) => String(row['path'])))
    const after = await weigh(upkeep, table, paths)
    return { table, versionBefore: version, version, ...compared(before, after) }
  }
  await writer.noted(table, note, sql)
  const after = await weigh(upkeep, table)
  return { table, versionBefore: version, version: (await stateOf(tables, table)).version, ...compared(before, after) }
}

const compared = (
  before: Weighed,
  after: Weighed,
): Pick<TableUpkeep, 'filesBefore' | 'filesAfter' | 'sizeBytesBefore' | 'sizeBytesAfter'> => ({
  filesBefore: before.files,
  filesAfter: after.files,
  sizeBytesBefore: before.sizeBytes,
  sizeBytesAfter: after.sizeBytes,
})

async function stateOf(tables: SparkTables, table: string): Promise<Weighed & { readonly version: number }> {
  const state = await tables.state(table)
  if (state === undefined) throw new TableError(`${table}: there is no such table`, { fault: 'missing' })
  return state
}

/** The hours that a vacuum is told; undefined leaves them to the table. */
async function checkedHours(
  tables: SparkTables,
  table: string,
  version: number,
  { retentionHours }: VacuumRequest,
): Promise<number | undefined> {
  if (retentionHours === undefined) return undefined
  const mostHours = fileRetentionMs((await tables.definition(table, version)).properties) / 3_600_000
  if (retentionHours <= mostHours) return retentionHours
  throw new TableError(
    `${table}: the table keeps note of removed files for ${mostHours} hours, not for ${retentionHours}`,
    {
      fault: 'mismatch',
      hint: 'ask for less, or lengthen delta.deletedFileRetentionDuration',
    },
  )
}

/** The files in a table's folder, but for the log and for `without`. */
async function weigh({ session, tables }: SparkUpkeep, table: string, without = new Set<string>()): Promise<Weighed> {
  const rows = await session.collect(
    `SELECT path, length FROM binaryFile.${sparkDialect.identifier(tables.folder(table))}`,
  )
  const left = rows.filter(({ path }) => !without.has(String(path)))
  return { files: left.length, sizeBytes: left.reduce((sum, { length }) => sum + Number(length), 0) }
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
