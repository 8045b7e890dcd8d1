import type { Rules } from '../rules.ts'
import { movers } from '../gold/movers.ts'
import { moviePerformance } from '../gold/movie-performance.ts'
import { movies } from '../silver/movies.ts'
import { chartSources } from './charts/sources.ts'
import { drawCharts, type DrawnChart } from './draw-charts.ts'
import { films } from './films.ts'
import { readHeadline, type Headline } from './headline.ts'
import { readKpis, type KpiTables } from './kpis.ts'
import { sourceLines } from './report-texts.ts'
import type { QualityRules } from './rule-table.ts'
import { readTrust, type Trust, type TrustSource } from './trust.ts'

/** What a report is made of: tables in their published state, and what the pipeline knows. */
export interface ReportSource extends TrustSource {
  readonly published: {
    readonly run_id: string
    readonly at: string
    readonly versions: Readonly<Record<string, number>>
  }
  readonly rules: Rules
  readonly quality: QualityRules
  /** The version of movielake that writes it. */
  readonly version: string
}

/** All that a report says, before it is HTML or Markdown. The same published state gives the same report. */
export interface Report {
  readonly published: ReportSource['published']
  readonly rules: Rules
  readonly quality: QualityRules
  readonly version: string
  readonly headline: Headline
  readonly charts: readonly DrawnChart[]
  readonly kpis: KpiTables
  readonly trust: Trust
}

/** Reads and draws the report of what is published. */
export async function readReport(source: ReportSource): Promise<Report> {
  const { open, published, rules, quality, version } = source
  const headline = await readHeadline(open)
  const trust = await readTrust(source)
  const filmFrame = films.build({ performance: open(moviePerformance), movies: open(movies) }, rules)
  const lines = sourceLines({ published, trust })
  return {
    published,
    rules,
    quality,
    version,
    headline,
    trust,
    kpis: await readKpis(open, rules, rules.top),
    charts: await drawCharts(chartSources({ films: filmFrame, movers: open(movers) }), lines),
  }
}
