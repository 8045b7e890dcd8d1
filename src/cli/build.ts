import type { Context } from './context.ts'
import { tellPlan, tellResult } from './result-text.ts'

interface Flags {
  readonly full?: boolean
  readonly dryRun?: boolean
  readonly skipCode?: number
}

/** Builds silver and gold, or one of them, as far as something is new. */
export async function build(context: Context, flags: Flags, [layer]: readonly string[]): Promise<number> {
  const lake = await context.lake()
  const full = flags.full === true
  const options = layer === 'silver' || layer === 'gold' ? ({ layer, full } as const) : { full }
  if (flags.dryRun === true) return tellPlan(context, await lake.plan('build', options))
  return tellResult(context, await lake.build({ ...options, signal: context.io.signal }), flags.skipCode)
}
