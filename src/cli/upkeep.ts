import type { TableUpkeep, Upkeep } from '../index.ts'
import { counted, formatBytes, formatDuration, formatNumber } from '../report/numbers.ts'
import type { Context } from './context.ts'
import { textTable } from './text-table.ts'

interface VacuumFlags {
  readonly dryRun?: boolean
  readonly retentionHours?: number
}

/** Brings small files of the tables together. */
export async function optimize(context: Context, _: object, tables: readonly string[]): Promise<number> {
  const lake = await context.lake()
  return tell(context, await lake.optimize({ tables: named(tables), signal: context.io.signal }))
}

/** Takes files off the disk that nobody can ask for. */
export async function vacuum(context: Context, flags: VacuumFlags, tables: readonly string[]): Promise<number> {
  const lake = await context.lake()
  const { dryRun = false, retentionHours } = flags
  const scope = { tables: named(tables), dryRun, ...(retentionHours !== undefined && { retentionHours }) }
  return tell(context, await lake.vacuum({ ...scope, signal: context.io.signal }))
}

const named = (tables: readonly string[]): readonly string[] | undefined => (tables.length === 0 ? undefined : tables)

function tell({ out, flags, json }: Context, { run, tables }: Upkeep): number {
  if (flags.json === true) {
    json({ run, tables })
    return 0
  }
  const head = ['table', 'version', 'files before', 'after', 'size before', 'after'].map((title, i) => ({
    title,
    isRight: i > 0,
  }))
  const changed = tables.filter(({ filesBefore, filesAfter, versionBefore, version }) => {
    return filesBefore !== filesAfter || versionBefore !== version
  })
  const rows = changed.map((one) => [
    one.table,
    one.version === one.versionBefore ? String(one.version) : `${one.versionBefore} to ${one.version}`,
    formatNumber(one.filesBefore, 'count'),
    formatNumber(one.filesAfter, 'count'),
    formatBytes(one.sizeBytesBefore),
    formatBytes(one.sizeBytesAfter),
  ])
  if (rows.length > 0)
    for (const line of textTable(head, rows, out.columns(), (text) => out.styled('dim', text))) out.line(line)
  out.line(
    `${endOf(changed, run === null)}${run === null ? '' : ` in ${formatDuration(run.duration_ms)} (run ${run.run_id})`}`,
  )
  return 0
}

function endOf(changed: readonly TableUpkeep[], isPlan: boolean): string {
  const [files, bytes] = changed.reduce(
    ([count, size], one) => [count + one.filesBefore - one.filesAfter, size + one.sizeBytesBefore - one.sizeBytesAfter],
    [0, 0],
  )
  if (changed.length === 0) return isPlan ? 'nothing to take' : 'nothing to do'
  // an optimize may lay rows out in more bytes than others have
  const size = `${formatBytes(Math.abs(bytes))} ${bytes < 0 ? 'more' : 'less'}`
  const what = `${counted(files, 'file')} fewer in ${counted(changed.length, 'table')}, ${size}`
  return isPlan ? `nothing was done: it would be ${what}` : what
}
