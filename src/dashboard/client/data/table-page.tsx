import { formatBytes } from '../../../report/numbers.ts'
import type { TableAnswer } from '../../api-types.ts'
import { DataTable } from '../parts/data-table.tsx'
import { Link } from '../parts/link.tsx'
import { Panel } from '../parts/panel.tsx'
import { Loaded } from '../parts/states.tsx'
import { api } from '../state/api.ts'
import { formatCount, formatInstant, unknown } from '../state/format.ts'
import { tableAddress } from '../state/page.ts'
import { useTitle } from '../state/title.ts'
import { useAnswer } from '../state/use-answer.ts'

/** One table: its columns with meaning and unit, and its versions. */
export function TablePage({ name }: { readonly name: string }) {
  useTitle(name)
  const answer = useAnswer(api.table(name))
  return (
    <>
      <p class="crumbs">
        <Link href="/data">← All tables</Link>
      </p>
      <h1 class="mono">{name}</h1>
      <Loaded answer={answer}>
        {(value) => (
          <>
            <TableFacts answer={value} />
            <div class="stack">
              <Columns answer={value} />
              <Versions answer={value} />
            </div>
          </>
        )}
      </Loaded>
    </>
  )
}

function TableFacts({ answer: { table, key, inputs } }: { readonly answer: TableAnswer }) {
  return (
    <dl class="facts">
      {fact('Holds', table.grain)}
      {fact('Key', key.join(', '))}
      {fact('Rows', formatCount(table.rows))}
      {fact(
        'Size',
        `${formatBytes(table.size_bytes)} in ${formatCount(table.files)} ${table.files === 1 ? 'file' : 'files'}`,
      )}
      {fact('Version', `${table.version}, published is ${table.published ?? 'none'}`)}
      {fact('Written', formatInstant(table.committed_at))}
      {fact(
        'Made from',
        inputs.length === 0
          ? 'TMDB'
          : inputs.map((input, at) => (
              <span key={input}>
                {at > 0 && ', '}
                <Link href={tableAddress(input)}>{input}</Link>
              </span>
            )),
      )}
    </dl>
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

function Columns({ answer: { columns, table } }: { readonly answer: TableAnswer }) {
  return (
    <Panel id="columns" title="Columns" subtitle={formatCount(columns.length)} isLoading={false}>
      <DataTable
        label={`Columns of ${table.table}`}
        columns={[
          { name: 'Column', cell: ({ name }) => <code>{name}</code> },
          { name: 'Type', cell: ({ type }) => <code>{type}</code> },
          { name: 'Unit', cell: ({ unit }) => unit ?? '' },
          { name: 'May be empty', cell: ({ nullable }) => (nullable ? 'yes' : 'no') },
          { name: 'Meaning', cell: ({ about }) => about },
        ]}
        rows={columns}
        keyOf={({ name }) => name}
      />
    </Panel>
  )
}

function Versions({ answer: { versions, table } }: { readonly answer: TableAnswer }) {
  return (
    <Panel id="versions" title="Versions" subtitle="Newest first" isLoading={false}>
      <DataTable
        label={`Versions of ${table.table}`}
        columns={[
          { name: 'Version', isNumber: true, cell: ({ version }) => version },
          { name: 'Written', cell: ({ committed_at }) => formatInstant(committed_at) },
          { name: 'Operation', cell: ({ operation }) => operation },
          {
            name: 'Run',
            cell: ({ run_id }) => (run_id === null ? unknown : <Link href={`/runs/${run_id}`}>{run_id}</Link>),
          },
          { name: 'Readers', cell: ({ is_published }) => is_published && <span class="badge">see this one</span> },
        ]}
        rows={versions}
        keyOf={({ version }) => version}
      />
    </Panel>
  )
}
