import type { LogListing } from './log.ts'

/** A file that holds what the commits of some versions come to, both ends included. */
export interface Compaction {
  readonly from: number
  readonly to: number
  readonly path: string
}

/**
 * What to read for the versions after `start` up to `target`, oldest first: a compaction where it spares reading a commit, else a commit's
 * version, whether the log has it or not. A compaction may begin before `start`: what it repeats of the state leaves it as it is.
 */
export function planReplay(
  { compactions }: Pick<LogListing, 'compactions'>,
  start: number,
  target: number,
): readonly (Compaction | number)[] {
  const plan: (Compaction | number)[] = []
  for (let version = start + 1; version <= target;) {
    const longest = compactions
      .filter(({ from, to }) => from <= version && to > version && to <= target)
      .reduce<Compaction | undefined>((best, one) => (best === undefined || one.to > best.to ? one : best), undefined)
    plan.push(longest ?? version)
    version = (longest?.to ?? version) + 1
  }
  return plan
}
