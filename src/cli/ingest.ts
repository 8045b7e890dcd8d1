import type { Context } from './context.ts'
import { fetchingFlags, type FetchingFlags } from './fetching.ts'
import { tellPlan, tellResult } from './result-text.ts'

/** Fetches movies into bronze. */
export async function ingest(context: Context, flags: FetchingFlags): Promise<number> {
  const lake = await context.lake(fetchingFlags(flags))
  if (flags.dryRun === true) return tellPlan(context, await lake.plan('ingest'))
  return tellResult(context, await lake.ingest({ signal: context.io.signal }), flags.skipCode)
}
