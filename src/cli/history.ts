import type { Context } from './context.ts'
import { formatInstant, formatNumber } from '../report/numbers.ts'
import { textTable } from './text-table.ts'

/** Lists the commits of a table, newest first. */
export async function history(context: Context, _: object, [name = '']: readonly string[]): Promise<number> {
  const lake = await context.lake()
  const commits = await lake.history(name)
  const { out, flags } = context
  if (flags.json === true) {
    context.json(commits)
    return 0
  }
  const head = [
    { title: 'version', isRight: true },
    { title: 'committed (UTC)' },
    { title: 'operation' },
    { title: 'run' },
    { title: 'metrics', isElastic: true },
  ]
  const rows = commits.map(({ version, committedAt, operation, runId, metrics }) => [
    String(version),
    formatInstant(committedAt),
    operation,
    runId ?? '-',
    Object.entries(metrics)
      .filter(([, value]) => value > 0)
      .map(([metric, value]) => `${metric.replace(/^num(Target)?/, '')} ${formatNumber(value, 'count')}`)
      .join(', '),
  ])
  for (const line of textTable(head, rows, Math.max(out.columns(), 100), (text) => out.styled('dim', text)))
    out.line(line)
  return 0
}
