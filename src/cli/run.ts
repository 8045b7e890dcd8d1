import { join } from 'node:path'
import type { Context } from './context.ts'
import { fetchingFlags, type FetchingFlags } from './fetching.ts'
import { kpisText } from './kpis-text.ts'
import { exitCodeOf, summaryText, tellPlan } from './result-text.ts'

/** Fetches, builds and prints the KPIs, where report and tables lie and what to do next. */
export async function run(context: Context, flags: FetchingFlags & { readonly top?: number }): Promise<number> {
  const more = fetchingFlags(flags)
  const { config } = await context.settings(more)
  const lake = await context.lake(more)
  if (flags.dryRun === true) return tellPlan(context, await lake.plan('run'))
  const result = await lake.run({ signal: context.io.signal })
  if (context.flags.json === true) {
    context.json(result)
    return exitCodeOf(result, flags.skipCode)
  }
  const kpis = await lake.kpis({ top: flags.top ?? config.gold.top })
  const { out } = context
  const reportPath = config.report.enabled ? join(config.lake.path, 'report', 'index.html') : undefined
  for (const line of ['', ...kpisText(kpis, out), '', ...summaryText(result), '']) out.line(line)
  for (const line of nextSteps(config.lake.path, reportPath, result.is_sample, context)) out.line(line)
  return exitCodeOf(result, flags.skipCode)
}

function nextSteps(lake: string, report: string | undefined, isSample: boolean, context: Context): string[] {
  const { styled } = context.out
  // started by npm, the command is not on the path
  const movielake = context.io.env['npm_lifecycle_event'] === undefined ? 'movielake' : 'npx movielake'
  const where = context.flags.lake === undefined ? '' : ` --lake ${context.flags.lake}`
  return [
    ...(report === undefined ? [] : [`${styled('bold', 'Report')}  ${report}`]),
    `${styled('bold', 'Tables')}  Delta Lake, in ${lake}`,
    `${styled('bold', 'Next')}    ${movielake} kpis --json${where}`,
    `        ${movielake} query${where} "select title, roi from gold.movie_performance"`,
    `        ${movielake} run${where} --ids 603,604`,
    ...(isSample
      ? [
          `${styled('bold', 'Note')}    These facts came from the sample server, about 400 films. For live data set`,
          '        TMDB_TOKEN (https://www.themoviedb.org/settings/api) and run again.',
        ]
      : []),
  ]
}
