import type { TableState } from '../engines/engine.ts'

/** Whether rows of the table changed after version `since`: a commit may also only note which answers were looked at. */
export const hasNewRows = ({ version, dataVersion }: TableState, since: number): boolean =>
  dataVersion > since || since > version
