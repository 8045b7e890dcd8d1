import type { RunAnswer } from '../../api-types.ts'
import { Link } from '../parts/link.tsx'
import { Panel } from '../parts/panel.tsx'
import { EmptyMessage, Loaded } from '../parts/states.tsx'
import { api } from '../state/api.ts'
import { formatCount, formatDuration, formatInstant, formatValue } from '../state/format.ts'
import { usePublication } from '../state/publication.tsx'
import { useTitle } from '../state/title.ts'
import { useAnswer } from '../state/use-answer.ts'
import { LineagePanel } from './lineage-panel.tsx'
import { Refusals, Steps } from './run-tables.tsx'
import { RunStatus } from './run-status.tsx'

/** One run: its steps, what they read and wrote, what was refused, and where the data went. */
export function RunPage({ id }: { readonly id: string }) {
  useTitle(`Run ${id}`)
  const answer = useAnswer(api.run(id), { again: usePublication().runs })
  return (
    <>
      <p class="crumbs">
        <Link href="/runs">← All runs</Link>
      </p>
      <h1 class="mono">{id}</h1>
      <Loaded answer={answer}>{(value) => <Run answer={value} />}</Loaded>
    </>
  )
}

function Run({ answer }: { readonly answer: RunAnswer }) {
  const { run, rows_read, is_published, refusals, lineage } = answer
  return (
    <>
      <dl class="facts">
        {fact('Status', <RunStatus status={run.status} isPublished={is_published} />)}
        {fact('Command', run.command)}
        {fact('Started', formatInstant(run.started_at))}
        {fact('Duration', formatDuration(run.duration_ms))}
        {fact('Source', run.is_sample ? 'sample server' : 'TMDB')}
        {fact('Version', `movielake ${run.process.version}`)}
        {fact('Asked for', <Parameters parameters={run.parameters} />)}
      </dl>
      {run.error !== null && (
        <div class="state" role="alert">
          <p class="state-title">{run.error.name}</p>
          <p>
            {run.error.message}
            {run.error.hint !== null && <span class="state-hint">{run.error.hint}</span>}
          </p>
        </div>
      )}
      <div class="grid">
        <Panel id="steps" title="Steps" isLoading={false}>
          {run.steps.length === 0 ? (
            <EmptyMessage why="No step has ended yet" />
          ) : (
            <Steps steps={run.steps} rowsRead={rows_read} />
          )}
        </Panel>
        <Panel id="refusals" title="Checks and quarantine" isLoading={false}>
          {refusals.length === 0 ? <EmptyMessage why="Nothing was refused" /> : <Refusals refusals={refusals} />}
        </Panel>
        <LineagePanel lineage={lineage} />
      </div>
    </>
  )
}

function fact(name: string, value: preact.ComponentChildren) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  )
}

function Parameters({ parameters }: { readonly parameters: Readonly<Record<string, unknown>> }) {
  const known = Object.entries(parameters).filter(([, value]) => value !== null)
  const given = known.map(([name, value]) => `${name}: ${describe(value)}`)
  return <>{given.length === 0 ? 'nothing special' : given.join('; ')}</>
}

const most = 5

/** A parameter on one line; of a long list only how many it has. */
function describe(value: unknown): string {
  if (Array.isArray(value))
    return value.length > most ? `${formatCount(value.length)} values` : value.map(describe).join(', ')
  if (typeof value !== 'object' || value === null) return formatValue(value)
  return Object.entries(value)
    .map(([name, part]) => `${name} ${describe(part)}`)
    .join(' ')
}
