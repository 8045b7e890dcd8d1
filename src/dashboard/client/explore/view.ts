/** The ways a panel shows what it has. */
export type PanelView = 'chart' | 'table' | 'sql'

/** How a panel is shown, as an address has it: `view=roi-by-genre.table`; a chart where it says nothing. */
export function viewOf(query: URLSearchParams, panel: string): PanelView {
  const views = query.getAll('view')
  if (views.includes(`${panel}.table`)) return 'table'
  return views.includes(`${panel}.sql`) ? 'sql' : 'chart'
}

/** The query with the panel shown so. */
export function withView(query: URLSearchParams, panel: string, view: PanelView): URLSearchParams {
  const next = new URLSearchParams(query)
  next.delete('view', `${panel}.table`)
  next.delete('view', `${panel}.sql`)
  if (view !== 'chart') next.append('view', `${panel}.${view}`)
  return next
}
