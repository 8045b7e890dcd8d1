import type { Committed } from '../engines/engine.ts'
import type { Context } from './context.ts'
import type { Plan, RunResult } from '../index.ts'
import { counted, formatDuration, formatNumber } from '../report/numbers.ts'
import { textTable } from './text-table.ts'

/** Prints what a run wrote, as a document or as a table, and answers the exit code. */
export function tellResult(context: Context, result: RunResult, skipCode = 0): number {
  if (context.flags.json === true) context.json(result)
  else for (const line of resultText(result, context)) context.out.line(line)
  return exitCodeOf(result, skipCode)
}

/** The exit code of a run that did not throw: the skip code when nothing was new. */
export const exitCodeOf = ({ status }: RunResult, skipCode = 0): number => (status === 'unchanged' ? skipCode : 0)

/** What a run counted, table by table what it wrote, and how it ended. */
export function resultText(result: RunResult, { out }: Pick<Context, 'out'>): string[] {
  const rows = mergedWrites(result).map(({ table, version, inserted, updated, deleted }) => [
    table,
    String(version),
    ...[inserted, updated, deleted].map((count) => formatNumber(count, 'count')),
  ])
  const head = ['table', 'version', 'inserted', 'updated', 'deleted'].map((title, i) => ({ title, isRight: i > 0 }))
  const [end = '', ...counts] = summaryText(result).toReversed()
  const table = rows.length === 0 ? [] : textTable(head, rows, out.columns(), (line) => out.styled('dim', line))
  return [...counts.toReversed(), ...table, end]
}

/** What a run counted, and how it ended. */
export function summaryText(result: RunResult): string[] {
  const { run_id, status, duration_ms, steps } = result
  const counts = steps.flatMap(({ step, counts: found }) => {
    const parts = Object.entries(found).filter(([, count]) => count > 0)
    return parts.length === 0
      ? []
      : [`${step}: ${parts.map(([name, count]) => `${formatNumber(count, 'count')} ${name}`).join(', ')}`]
  })
  const written = mergedWrites(result).length
  const end = status === 'unchanged' ? 'nothing new, nothing written' : `${counted(written, 'table')} written`
  return [...counts, `${end} in ${formatDuration(duration_ms)} (run ${run_id})`]
}

/** Prints a plan: what would be done, and why. */
export function tellPlan(context: Context, plan: Plan): number {
  const { out, flags } = context
  if (flags.json === true) {
    context.json(plan)
    return 0
  }
  const rows = plan.steps.map(({ step, is_due, reason }) => [step, is_due ? 'due' : 'not due', reason])
  const head = [{ title: 'step' }, { title: '' }, { title: 'why', isElastic: true }]
  for (const line of textTable(head, rows, out.columns(), (text) => out.styled('dim', text))) out.line(line)
  out.line('nothing was done: this is the plan')
  return 0
}

/** One entry a table: commits of the same table in one run, such as batches, taken together. */
function mergedWrites({ steps }: RunResult): Committed[] {
  const byTable = new Map<string, Committed>()
  for (const write of steps.flatMap(({ wrote }) => wrote)) {
    const before = byTable.get(write.table)
    byTable.set(write.table, before === undefined ? write : { ...write, ...summed(before, write) })
  }
  return [...byTable.values()]
}

const summed = (
  a: Committed,
  b: Committed,
): Pick<Committed, 'inserted' | 'updated' | 'deleted' | 'files' | 'sizeBytes'> => ({
  inserted: a.inserted + b.inserted,
  updated: a.updated + b.updated,
  deleted: a.deleted + b.deleted,
  files: a.files + b.files,
  sizeBytes: a.sizeBytes + b.sizeBytes,
})
