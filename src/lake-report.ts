import { join, resolve } from 'node:path'
import type { Config } from './config/config.ts'
import type { LakePaths } from './config/paths.ts'
import { lakeTables } from './pipeline/catalogue.ts'
import type { Published } from './pipeline/publish.ts'
import { readRunRecord } from './pipeline/run-record.ts'
import type { StepOutcome } from './pipeline/run.ts'
import type { OpenTable } from './report/kpis.ts'
import { readReport, type ReportSource } from './report/report.ts'
import { isUpToDate, markOf, replaceFolder, reportFiles, requireReplaceable } from './report/write-report.ts'
import type { Rules } from './rules.ts'
import { version } from './version.ts'

/** A report that was written. */
export interface WrittenReport {
  readonly folder: string
  /** Paths in the folder; `index.html` is the report, `report.md` the same as Markdown. */
  readonly files: readonly string[]
  /** The published state it is of. */
  readonly published: Published
}

/** What a report of a lake is read from. */
export interface ReportedLake {
  /** Opens a table as it is published. */
  readonly open: OpenTable
  readonly published: Published
  readonly config: Config
  readonly rules: Rules
  readonly paths: LakePaths
}

/** Writes the report of what is published into the folder, which is the lake's own unless another is named. */
export async function writeReport(lake: ReportedLake, folder?: string): Promise<WrittenReport> {
  const place = folder === undefined ? lake.paths.report : resolve(folder)
  await requireReplaceable(place)
  const files = reportFiles(await readReport(sourceOf(lake)))
  await replaceFolder(place, files)
  return { folder: place, files: [...files.keys()], published: lake.published }
}

/** The last step of a run: its report, unless there is one of the same state already. `isNews` when readers found other rows than before. */
export async function reportOutcome(lake: ReportedLake, isNews: boolean): Promise<StepOutcome> {
  const { paths } = lake
  const unchanged = { status: 'unchanged', rows: 0, read: lake.published.versions } as const
  if (await isUpToDate(paths.report, markOf(sourceOf(lake))))
    return { ...unchanged, note: 'it is of this state already' }
  const { files } = await writeReport(lake)
  const charts = files.filter((file) => file.endsWith('.svg')).length
  return {
    ...unchanged,
    status: isNews ? 'ok' : 'unchanged',
    note: `${charts} charts, ${join(paths.report, 'index.html')}`,
  }
}

function sourceOf({ open, published, config, rules, paths }: ReportedLake): ReportSource {
  const { required_fields, require_credits, max_rejection_rate } = config.quality
  return {
    open,
    published,
    tables: lakeTables(rules),
    findRun: (runId) => readRunRecord(paths.runs, runId),
    rules,
    quality: { required_fields, require_credits, max_rejection_rate },
    version,
  }
}
