import { TableError } from '../../errors.ts'
import type { Table } from '../../table.ts'
import { sparkDialect } from './spark-dialect.ts'
import type { SparkCommit, SparkTables } from './spark-tables.ts'

const hint = 'build from the whole table'

/**
 * SQL for the rows appended after version `since` up to `newest`: those in files that came with the commits. Throws TableError `conflict` when one of
 * them removed rows, `missing` when the log no longer has them all.
 */
export async function addedSince(
  tables: SparkTables,
  table: Table<unknown>,
  since: number,
  newest: number,
): Promise<string> {
  const { name } = table
  if (since > newest)
    throw new TableError(`${name}: version ${since} was read before, but the newest is ${newest}`, {
      fault: 'conflict',
      hint,
    })
  const commits = (await tables.history(name)).filter(({ version }) => version > since && version <= newest)
  if (commits.length < newest - since)
    throw new TableError(`${name}: the log no longer has all versions after ${since}`, { fault: 'missing', hint })
  const other = commits.find((commit) => commit.isChange && !commit.isAppend)
  if (other !== undefined)
    throw new TableError(`${name}: version ${other.version} removed rows, it did not only append`, {
      fault: 'conflict',
      hint,
    })
  const pieces: string[] = []
  for (const [from, to] of stretches(commits.toReversed())) {
    const before = new Set(await tables.files(name, from - 1))
    const added = (await tables.files(name, to)).filter((path) => !before.has(path))
    if (added.length === 0) continue
    const paths = added.map(sparkDialect.text).join(', ')
    pieces.push(`${await tables.select(table, to)} WHERE _metadata.file_path IN (${paths})`)
  }
  if (pieces.length === 0) return `${await tables.select(table, newest)} WHERE false`
  return pieces.join('\nUNION ALL\n')
}

/** From and to which versions rows were appended without the files being laid out anew in between, which would hide what is new. */
function stretches(commits: readonly SparkCommit[]): readonly (readonly [number, number])[] {
  const found: [number, number][] = []
  let isOpen = false
  for (const { version, isAppend, isLayout } of commits) {
    const last = found.at(-1)
    if (isLayout) isOpen = false
    else if (isAppend && isOpen && last !== undefined) last[1] = version
    else if (isAppend) {
      found.push([version, version])
      isOpen = true
    }
  }
  return found
}
