import type { RefusalCount, RunAnswer } from '../../api-types.ts'
import { DataTable } from '../parts/data-table.tsx'
import { Link } from '../parts/link.tsx'
import { formatCount, formatDuration, unknown } from '../state/format.ts'
import { tableAddress } from '../state/page.ts'
import { RunStatus } from './run-status.tsx'

type Step = RunAnswer['run']['steps'][number] & { readonly rowsRead: number | null }

interface StepsProps {
  readonly steps: RunAnswer['run']['steps']
  readonly rowsRead: RunAnswer['rows_read']
}

/** The steps of a run: what they read, what they wrote, how many rows, how long. */
export function Steps({ steps, rowsRead }: StepsProps) {
  return (
    <DataTable
      label="Steps of the run"
      columns={[
        { name: 'Step', cell: ({ step }) => step },
        { name: 'Status', cell: ({ status }) => <RunStatus status={status} /> },
        { name: 'Duration', isNumber: true, cell: ({ duration_ms }) => formatDuration(duration_ms) },
        { name: 'Tables read', isNumber: true, cell: ({ read }) => Object.keys(read).length },
        {
          name: 'Rows read',
          isNumber: true,
          cell: (step) => (step.rowsRead === null ? unknown : formatCount(step.rowsRead)),
        },
        { name: 'Tables written', isNumber: true, cell: ({ wrote }) => wrote.length },
        { name: 'Rows added', isNumber: true, cell: (step) => sum(step, 'inserted') },
        { name: 'Rows changed', isNumber: true, cell: (step) => sum(step, 'updated') },
        { name: 'Rows removed', isNumber: true, cell: (step) => sum(step, 'deleted') },
        { name: 'Counts', cell: ({ counts }) => countsText(counts) },
      ]}
      rows={steps.map((step, at): Step => ({ ...step, rowsRead: rowsRead[at] ?? null }))}
      keyOf={({ step }, at) => `${step} ${at}`}
    />
  )
}

function sum({ wrote }: Step, what: 'inserted' | 'updated' | 'deleted'): string {
  return formatCount(wrote.reduce((total, table) => total + (table[what] ?? 0), 0))
}

function countsText(counts: Step['counts']): string {
  return Object.entries(counts)
    .map(([name, count]) => `${inWords(name)} ${formatCount(count)}`)
    .join(', ')
}

/** `rate limited` for `rateLimited` and `rate_limited`. */
function inWords(name: string): string {
  return name.replaceAll('_', ' ').replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)
}

/** What was refused or found odd, and why. */
export function Refusals({ refusals }: { readonly refusals: readonly RefusalCount[] }) {
  return (
    <>
      <DataTable
        label="Refused and odd movies"
        columns={[
          { name: 'Reason', cell: ({ reason }) => reason },
          { name: 'Severity', cell: ({ severity }) => <span class={`severity-${severity}`}>{severity}</span> },
          { name: 'Movies', isNumber: true, cell: ({ movie_count }) => formatCount(movie_count) },
        ]}
        rows={refusals}
        keyOf={({ reason, severity }) => `${severity} ${reason}`}
      />
      <p class="note">
        Rows with their reasons: <Link href={tableAddress('silver.quarantine')}>silver.quarantine</Link> and{' '}
        <Link href={tableAddress('bronze.rejected')}>bronze.rejected</Link>
      </p>
    </>
  )
}
