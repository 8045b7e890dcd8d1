import { InputError } from '../errors.ts'
import { nearest } from '../config/keys.ts'
import type { Context } from './context.ts'
import type { RunRecord } from '../index.ts'
import { formatDuration, formatInstant } from '../report/numbers.ts'
import { resultText } from './result-text.ts'
import { textTable } from './text-table.ts'

/** Lists the runs, newest first, or prints the record of one. */
export async function runs(context: Context, _: object, [runId]: readonly string[]): Promise<number> {
  const lake = await context.lake()
  const records = await lake.runs()
  if (runId === undefined) list(context, records, (await lake.lockHolder()) !== undefined)
  else tell(context, find(records, runId))
  return 0
}

function find(records: readonly RunRecord[], runId: string): RunRecord {
  const found = records.find(({ run_id }) => run_id === runId)
  if (found !== undefined) return found
  const near = nearest(
    runId,
    records.map(({ run_id }) => run_id),
  )
  throw new InputError(`there is no run ${runId}`, {
    hint: near === undefined ? 'movielake runs lists them' : `did you mean ${near}?`,
  })
}

function list({ out, flags, json }: Context, records: readonly RunRecord[], isAtWork: boolean): void {
  if (flags.json === true) return json(records)
  const head = ['run', 'command', 'status', 'started (UTC)', 'took'].map((title, i) => ({ title, isRight: i === 4 }))
  const rows = records.map(({ run_id, command, status, started_at, duration_ms }) => [
    run_id,
    command,
    // a process that was killed could not write down its end
    status === 'running' && !isAtWork ? 'cut off' : status,
    formatInstant(started_at),
    duration_ms === null ? '-' : formatDuration(duration_ms),
  ])
  for (const line of textTable(head, rows, out.columns(), (text) => out.styled('dim', text))) out.line(line)
  if (records.length === 0) out.line('no runs yet: movielake run')
}

function tell(context: Context, record: RunRecord): void {
  if (context.flags.json === true) return context.json(record)
  const { out } = context
  const { run_id, command, status, started_at, ended_at, is_sample, error, steps } = record
  out.line(`${out.styled('bold', run_id)}  ${command}  ${status}${is_sample ? '  from the sample server' : ''}`)
  out.line(`started ${formatInstant(started_at)}, ended ${ended_at === null ? '-' : formatInstant(ended_at)} (UTC)`)
  const rows = steps.map((step) => [step.step, step.status, formatDuration(step.duration_ms)])
  const head = [{ title: 'step' }, { title: 'status' }, { title: 'took', isRight: true }]
  for (const line of textTable(head, rows, out.columns(), (text) => out.styled('dim', text))) out.line(line)
  for (const line of resultText({ ...record, duration_ms: record.duration_ms ?? 0 }, context)) out.line(line)
  if (error !== null) out.line(`${error.name}: ${error.message}${error.hint === null ? '' : ` (${error.hint})`}`)
}
