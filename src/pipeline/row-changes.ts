import type { Engine } from '../engines/engine.ts'

/** Whether rows of the table changed after version `since`: a commit may also only note which answers were looked at. */
export async function hasNewRows(engine: Engine, table: string, since: number, until: number): Promise<boolean> {
  if (since === until) return false
  if (since > until) return true
  const commits = (await engine.history(table)).filter(({ version }) => version > since && version <= until)
  if (commits.length < until - since) return true
  return commits.some(({ metrics }) => {
    const counts = Object.values(metrics)
    return counts.length === 0 || counts.some((n) => n !== 0)
  })
}
