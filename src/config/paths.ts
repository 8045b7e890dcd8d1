import { join } from 'node:path'

/** Where things lie in a lake on local disk. */
export interface LakePaths {
  readonly root: string
  readonly runs: string
  readonly published: string
  /** The newest report. */
  readonly report: string
  /** What the dashboard reads; made from the tables. */
  readonly serving: string
  readonly lock: string
  /** Made when something is staged, removed at the end. */
  readonly temporary: string
}

/** The places of the lake at `root`; nothing is made. */
export const lakePaths = (root: string): LakePaths => ({
  root,
  runs: join(root, 'runs'),
  published: join(root, 'published.json'),
  report: join(root, 'report'),
  serving: join(root, 'serving.duckdb'),
  lock: join(root, 'lock.json'),
  temporary: join(root, 'tmp'),
})
