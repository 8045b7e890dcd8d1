import type { Context } from './context.ts'
import { fetchingFlags, type FetchingFlags } from './fetching.ts'
import { kpisText } from './kpis-text.ts'
import { exitCodeOf, resultText, tellPlan } from './result-text.ts'

/** Fetches, builds and prints the KPIs, where the tables lie and what to do next. */
export async function run(context: Context, flags: FetchingFlags & { readonly top?: number }): Promise<number> {
  const more = fetchingFlags(flags)
  const { config, secrets } = await context.settings(more)
  const lake = await context.lake(more)
  if (flags.dryRun === true) return tellPlan(context, await lake.plan('run'))
  if (secrets.token === undefined && secrets.apiKey === undefined) tellSample(context)
  const result = await lake.run()
  if (context.flags.json === true) {
    context.json(result)
    return exitCodeOf(result, flags.skipCode)
  }
  const kpis = await lake.kpis({ top: flags.top ?? config.gold.top })
  const { out } = context
  for (const line of ['', ...kpisText(kpis, out), '', ...resultText(result, context), '']) out.line(line)
  for (const line of nextSteps(config.lake.path, result.is_sample, context)) out.line(line)
  return exitCodeOf(result, flags.skipCode)
}

function tellSample({ err, flags }: Context): void {
  if (flags.quiet === true || flags.logFormat === 'json') return
  err.line(
    err.styled(['bold', 'yellow'], 'No TMDB_TOKEN set: the answers come from the sample server (about 400 films).'),
  )
}

function nextSteps(lake: string, isSample: boolean, { out }: Context): string[] {
  const named = lake.endsWith('/lake') ? '' : ` --lake ${lake}`
  return [
    `${out.styled('bold', 'Tables')}  Delta Lake, in ${lake}`,
    `${out.styled('bold', 'Next')}    movielake kpis --json${named}`,
    `        movielake query${named} "select title, roi from gold.movie_performance order by roi desc limit 5"`,
    ...(isSample
      ? ['        set TMDB_TOKEN and run again: these films came from the sample server, not from TMDB']
      : []),
  ]
}
