import { formatBytes } from '../../../report/numbers.ts'
import type { TableRow } from '../../api-types.ts'
import { DataTable } from '../parts/data-table.tsx'
import { Link } from '../parts/link.tsx'
import { Panel } from '../parts/panel.tsx'
import { EmptyMessage, Loaded } from '../parts/states.tsx'
import { api } from '../state/api.ts'
import { formatCount, formatInstant, unknown } from '../state/format.ts'
import { tableAddress } from '../state/page.ts'
import { useTitle } from '../state/title.ts'
import { useAnswer } from '../state/use-answer.ts'

/** Every table of the lake: what is in it, how large and how fresh it is. */
export function DataPage() {
  useTitle('Data')
  const answer = useAnswer(api.tables())
  const layers = [...new Set(answer.value?.tables.map(({ layer }) => layer))]
  return (
    <>
      <h1>Data</h1>
      <Loaded answer={answer}>
        {({ tables }) => (
          <div class="stack">
            {tables.length === 0 && <EmptyMessage why="There are no tables yet. Make them: movielake run" />}
            {layers.map((layer) => (
              <Panel key={layer} id={layer} title={layer} subtitle={about[layer]} isLoading={false}>
                <TableList layer={layer} tables={tables.filter((table) => table.layer === layer)} />
              </Panel>
            ))}
          </div>
        )}
      </Loaded>
    </>
  )
}

const about: Readonly<Record<string, string>> = {
  bronze: 'Every answer as it came',
  silver: 'Clean, one row per thing',
  gold: 'Counted from silver, exact',
}

function TableList({ layer, tables }: { readonly layer: string; readonly tables: readonly TableRow[] }) {
  return (
    <DataTable
      label={`Tables of ${layer}`}
      columns={[
        { name: 'Table', cell: ({ table }) => <Link href={tableAddress(table)}>{table}</Link> },
        { name: 'Holds', cell: ({ grain }) => grain },
        { name: 'Rows', isNumber: true, cell: ({ rows }) => formatCount(rows) },
        { name: 'Size', isNumber: true, cell: ({ size_bytes }) => formatBytes(size_bytes) },
        { name: 'Version', isNumber: true, cell: ({ version }) => version },
        { name: 'Published', isNumber: true, cell: ({ published }) => published ?? unknown },
        { name: 'Written', cell: ({ committed_at }) => formatInstant(committed_at) },
      ]}
      rows={tables}
      keyOf={({ table }) => table}
    />
  )
}
