import type { Config } from '../config/config.ts'
import { planGold } from './build-gold.ts'
import { planSilver } from './build-silver.ts'
import type { Plan } from './results.ts'
import type { Session } from './session.ts'

/** Which part of the lake a build is about. */
export interface BuildScope {
  readonly layer?: 'silver' | 'gold' | undefined
  /** Builds anew what is up to date, too. */
  readonly full?: boolean | undefined
}

/** What `run` or `ingest` would do. What follows silver is known only when the answers are there. */
export function planFetch(command: 'run' | 'ingest', { ingest, report }: Config): Plan {
  const what = ingest.sources.map((source) =>
    source === 'list' ? `${new Set(ingest.movie_ids).size} movies of the list` : `${ingest.pages} pages of ${source}`,
  )
  const asks = { step: 'ingest', is_due: true, reason: `asks for ${what.join(' and ')}` }
  if (command === 'ingest') return { steps: [asks] }
  const follows = (step: string, reason: string) => ({ step, is_due: true, reason })
  return {
    steps: [
      asks,
      follows('silver', 'takes in the new answers'),
      follows('gold', 'follows silver'),
      follows('publish', 'shows readers the new versions'),
      ...(report.enabled ? [follows('report', 'draws what is published')] : []),
    ],
  }
}

/** What `build` would do, and why. Throws TableError when there is nothing to build from. */
export async function planBuild(
  parts: Pick<Session, 'engine' | 'rules'>,
  { layer, full = false }: BuildScope,
): Promise<Plan> {
  const silver = layer === 'gold' ? undefined : await planSilver(parts, full)
  const steps = silver === undefined ? [] : [{ step: 'silver', is_due: silver.isDue, reason: silver.reason }]
  if (layer === 'silver') return { steps }
  if (silver?.isDue === true) return { steps: [...steps, { step: 'gold', is_due: true, reason: 'follows silver' }] }
  const gold = await planGold(parts, full)
  return { steps: [...steps, { step: 'gold', is_due: gold.isDue, reason: gold.reason }] }
}
