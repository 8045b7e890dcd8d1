import type { RunsAnswer, RunSummary } from '../../api-types.ts'
import { DataTable } from '../parts/data-table.tsx'
import { Link } from '../parts/link.tsx'
import { Panel } from '../parts/panel.tsx'
import { EmptyMessage, Loaded } from '../parts/states.tsx'
import { api } from '../state/api.ts'
import { formatCount, formatDuration, formatInstant } from '../state/format.ts'
import { usePublication } from '../state/publication.tsx'
import { useTitle } from '../state/title.ts'
import { useAnswer } from '../state/use-answer.ts'
import { RunStatus } from './run-status.tsx'

/** Every run: how it went, how long it took, what it changed. */
export function RunsPage() {
  useTitle('Runs')
  const answer = useAnswer(api.runs(), { again: usePublication().runs })
  const { value } = answer
  const count = value === undefined ? undefined : countText(value)
  return (
    <>
      <h1>Runs</h1>
      <Panel id="runs" title="All runs" subtitle={count} isLoading={answer.isLoading}>
        <Loaded answer={answer}>{({ runs }) => <RunList runs={runs} />}</Loaded>
      </Panel>
    </>
  )
}

function RunLink({ id }: { readonly id: string }) {
  return (
    <span class="nowrap">
      <Link href={`/runs/${id}`}>{id}</Link>
    </span>
  )
}

function countText({ runs, total }: RunsAnswer): string {
  return runs.length === total
    ? `${formatCount(total)}, newest first`
    : `The newest ${runs.length} of ${formatCount(total)}`
}

function RunList({ runs }: { readonly runs: readonly RunSummary[] }) {
  if (runs.length === 0) return <EmptyMessage why="There has been no run yet. Start one: movielake run" />
  return (
    <DataTable
      label="Runs"
      columns={[
        { name: 'Run', cell: ({ run_id }) => <RunLink id={run_id} /> },
        { name: 'Status', cell: (run) => <RunStatus status={run.status} isPublished={run.is_published} /> },
        { name: 'Command', cell: ({ command, is_sample }) => (is_sample ? `${command} (sample)` : command) },
        { name: 'Started', cell: ({ started_at }) => formatInstant(started_at) },
        { name: 'Duration', isNumber: true, cell: ({ duration_ms }) => formatDuration(duration_ms) },
        { name: 'Rows changed', isNumber: true, cell: ({ rows_changed }) => formatCount(rows_changed) },
        { name: 'Steps', cell: ({ steps, error }) => error?.message ?? steps.map(({ step }) => step).join(' → ') },
      ]}
      rows={runs}
      keyOf={({ run_id }) => run_id}
    />
  )
}
