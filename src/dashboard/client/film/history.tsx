import type { FilmMeasures } from '../../api-types.ts'
import { DataTable } from '../parts/data-table.tsx'
import { Panel } from '../parts/panel.tsx'
import { EmptyMessage } from '../parts/states.tsx'
import { formatCount, formatMoney, formatRating, unknown } from '../state/format.ts'
import { Spark } from './spark.tsx'

/** What TMDB said of a film on each day it was asked. */
export function History({ history }: { readonly history: readonly FilmMeasures[] }) {
  const days = history.length === 1 ? 'One ingestion date' : `${formatCount(history.length)} ingestion dates`
  return (
    <Panel id="history" title="History" subtitle={days} isLoading={false}>
      {history.length === 0 && <EmptyMessage why="There is no answer of TMDB with measures yet" />}
      {history.length > 1 && (
        <div class="sparks">
          {measures.map(({ name, of, format }) => (
            <Spark
              key={name}
              name={name}
              format={format}
              points={history.map((day) => ({ on: day.measured_on, value: of(day) }))}
            />
          ))}
        </div>
      )}
      {history.length > 0 && (
        <DataTable
          label="History of the film"
          columns={[
            { name: 'Asked on', cell: ({ measured_on }) => measured_on },
            ...measures.map(({ name, of, format }) => ({
              name,
              isNumber: true,
              cell: (day: FilmMeasures) => format(of(day)),
            })),
          ]}
          rows={history.toReversed()}
          keyOf={({ measured_on }) => measured_on}
        />
      )}
    </Panel>
  )
}

interface Measure {
  readonly name: string
  readonly of: (day: FilmMeasures) => number | null
  readonly format: (value: number | null) => string
}

const measures: readonly Measure[] = [
  { name: 'Popularity', of: (day) => day.popularity, format: (value) => value?.toFixed(1) ?? unknown },
  { name: 'Rating', of: (day) => day.vote_average, format: formatRating },
  { name: 'Votes', of: (day) => day.vote_count, format: (value) => (value === null ? unknown : formatCount(value)) },
  { name: 'Budget', of: (day) => day.budget_musd, format: formatMoney },
  { name: 'Revenue', of: (day) => day.revenue_musd, format: formatMoney },
]
