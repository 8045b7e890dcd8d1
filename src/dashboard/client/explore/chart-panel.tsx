import { useRef } from 'preact/hooks'
import { Panel } from '../parts/panel.tsx'
import { EmptyMessage, FaultMessage, Skeleton } from '../parts/states.tsx'
import { api, withQuery } from '../state/api.ts'
import { filterQuery, filtersOf, withoutFilters } from '../state/filters.ts'
import { explore } from '../state/place.ts'
import type { Theme } from '../state/theme.ts'
import { type Answer, useAnswer } from '../state/use-answer.ts'
import type { ChartAnswer } from '../../api-types.ts'
import { Picture } from './picture.tsx'
import { RowsTable } from './rows-table.tsx'
import { Sql } from './sql.tsx'
import { type PanelView, viewOf, withView } from './view.ts'

interface Props {
  readonly id: string
  readonly query: URLSearchParams
  readonly theme: Theme
}

/** One chart of the films that pass the filters, to see as picture, table and SQL, and to save. */
export function ChartPanel({ id, query, theme }: Props) {
  const filters = filterQuery(query)
  const box = useRef<HTMLElement>(null)
  const answer = useAnswer(api.chart(id, filters), { box })
  const title = answer.value?.caption.title ?? id.replaceAll('-', ' ')
  const view = viewOf(query, id)
  const file = (kind: string, more: string): string =>
    withQuery(`/api/charts/${id}.${kind}`, [filters, more].filter((part) => part !== '').join('&'))
  const show = (label: string, name: PanelView) => ({
    label,
    isShown: view === name,
    show: () => explore((now) => withView(now, id, name)),
  })
  return (
    <Panel
      box={box}
      id={id}
      title={title}
      subtitle={answer.value?.caption.subtitle}
      isLoading={answer.isLoading}
      views={[show('Chart', 'chart'), show('Table', 'table'), show('SQL', 'sql')]}
      downloads={[
        { label: 'Rows as CSV', href: file('csv', '') },
        { label: 'Picture as SVG', href: file('svg', `theme=${theme}`) },
        { label: 'Picture as PNG', href: file('png', `theme=${theme}`) },
      ]}
    >
      <Content answer={answer} view={view} title={title} query={query} theme={theme} />
    </Panel>
  )
}

interface ContentProps extends Omit<Props, 'id'> {
  readonly answer: Answer<ChartAnswer>
  readonly view: PanelView
  readonly title: string
}

function Content({ answer, view, title, query, theme }: ContentProps) {
  const { value, fault, retry } = answer
  if (fault !== undefined && !answer.isLoading) return <FaultMessage fault={fault} retry={retry} />
  if (value === undefined) return <Skeleton />
  if (view === 'sql') return <Sql asked={value} label={title} />
  if (view === 'chart') return <Picture answer={value} query={query} theme={theme} />
  if (value.rows.length > 0) return <RowsTable label={title} rows={value.rows} query={query} />
  return <EmptyMessage why={value.caption.subtitle} clear={clearOf(query)} />
}

function clearOf(query: URLSearchParams): (() => void) | undefined {
  if (filtersOf(query).length === 0) return undefined
  return () => explore(withoutFilters)
}
