import { formatDuration, formatInstant, formatNumber } from './numbers.ts'
import { reportTable, type ReportTable } from './report-table.ts'
import type { AnswersOfRun, PublishedTable, Refused, RunFacts } from './trust.ts'

/** The steps of a run up to the one that published: what each did and how long it took. */
export function stepTable({ steps }: RunFacts): ReportTable {
  const until = steps.findIndex(({ step }) => step === 'publish')
  const rows = steps.slice(0, until < 0 ? steps.length : until + 1).map((step) => ({
    step: step.step,
    status: step.status,
    rows_changed: step.wrote.reduce((all, { inserted, updated, deleted }) => all + inserted + updated + deleted, 0),
    counts: countsText(step.counts),
    duration: formatDuration(step.duration_ms),
  }))
  return reportTable('Steps of the run', rows, [
    ['step', 'step'],
    ['status', 'status'],
    ['rows_changed', 'rows changed', 'count'],
    ['counts', 'counted'],
    ['duration', 'time'],
  ])
}

function countsText(counts: Readonly<Record<string, number>>): string {
  const parts = Object.entries(counts).filter(([, count]) => count > 0)
  return parts.length === 0 ? '-' : parts.map(([name, count]) => `${formatNumber(count, 'count')} ${name}`).join(', ')
}

/** Where the newest answer of each film is from. */
export const answersTable = (answers: readonly AnswersOfRun[]): ReportTable =>
  reportTable(
    'Where the answers are from',
    answers.map(({ run_id, films, oldest_at, newest_at, run }) => ({
      run_id,
      source: run === undefined ? 'unknown' : sourceText(run),
      films,
      oldest: formatInstant(oldest_at),
      newest: formatInstant(newest_at),
    })),
    [
      ['run_id', 'run'],
      ['source', 'source'],
      ['films', 'films', 'count'],
      ['oldest', 'oldest answer, UTC'],
      ['newest', 'newest answer, UTC'],
    ],
  )

function sourceText({ is_sample, command }: RunFacts): string {
  if (is_sample) return 'sample server'
  return command === 'import' ? 'imported files' : 'TMDB'
}

const severities = {
  refused: 'refused: not in any table',
  error: 'left out of silver',
  warning: 'kept, with a warning',
} as const

/** What was refused or is odd, and why. */
export const refusedTable = (refused: readonly Refused[]): ReportTable =>
  reportTable(
    'What was refused, and why',
    refused.map(({ reason, severity, count, examples }) => ({
      reason: reason.replaceAll('_', ' '),
      outcome: severities[severity],
      count,
      examples: examples.join('; '),
    })),
    [
      ['reason', 'reason'],
      ['outcome', 'outcome'],
      ['count', 'answers', 'count'],
      ['examples', 'for example'],
    ],
  )

/** The published version of each table, and what its rows were held against. */
export const versionTable = (tables: readonly PublishedTable[]): ReportTable =>
  reportTable(
    'Published tables and their checks',
    tables.map(({ key, ...table }) => ({ ...table, unique: key.length === 0 ? '-' : key.join(', ') })),
    [
      ['table', 'table'],
      ['grain', 'holds'],
      ['version', 'version', 'count'],
      ['rows', 'rows', 'count'],
      ['never_null_count', 'columns never null', 'count'],
      ['unique', 'unique'],
    ],
  )
