import type { ColumnSchema, TableSummary } from '../pipeline/describe-tables.ts'
import type { RunRecord } from '../pipeline/results.ts'
import type { Caption } from '../report/charts/chart.ts'
import type { films } from '../report/films.ts'
import type { RowOfTable } from '../table.ts'

/** A film as lists and charts have it. */
export type FilmRow = RowOfTable<typeof films>

/** Which publication an answer is of: `/api/published`, and the data of the event `published` of `/api/events`. Its event `runs` has none: the records of runs have changed. */
export interface PublishedAnswer {
  readonly run_id: string
  /** When it was published, ISO in UTC. */
  readonly at: string
}

/** What goes wrong is answered so, with a status of 400 or more. */
export interface ErrorAnswer {
  readonly error: { readonly message: string; readonly hint: string | null }
}

/** `/api/lake`: what the dashboard is about. */
export interface LakeAnswer {
  /** Name of the lake's folder. */
  readonly name: string
  readonly published: PublishedAnswer
  /** Whether the films came from the sample server. */
  readonly is_sample: boolean
  readonly film_count: number
  /** First and last year of release; null without any. */
  readonly years: readonly [number, number] | null
  /** Day of the newest answer of TMDB that is in it; null without films. */
  readonly newest_on: string | null
  /** The charts in the order they are shown. */
  readonly charts: readonly string[]
  readonly version: string
}

/** A value to filter by, and how many films have it. */
export interface FacetValue {
  readonly value: string
  readonly film_count: number
}

/** `/api/facets`: all values of the filters that have few, most films first. Directors and franchises are found by `/api/search`. */
export interface FacetsAnswer {
  readonly genre: readonly FacetValue[]
  readonly language: readonly FacetValue[]
  readonly country: readonly FacetValue[]
}

/** Names of the headline numbers. */
export type HeadlineId = 'films' | 'box_office_musd' | 'median_roi' | 'mean_rating' | 'franchise_share_pct'

/** A headline number over the filtered films; null where there is nothing to count it from. */
export interface HeadlineNumber {
  readonly id: HeadlineId
  readonly label: string
  readonly unit: string
  readonly value: number | null
  /** Films it is counted from. */
  readonly n: number
  /** The number in the two periods of `compared`; null when nothing is compared. */
  readonly now: number | null
  readonly before: number | null
}

/** Years of release, both included. */
export interface Years {
  readonly from: number
  readonly to: number
}

/** `/api/headline?filters`; `/api/headline.csv` answers the numbers as a file. */
export interface HeadlineAnswer extends Asked {
  readonly numbers: readonly HeadlineNumber[]
  /** The filtered years and as many before; without a filter of both ends the last whole decade and the one before. Null when there are no such films. */
  readonly compared: { readonly now: Years; readonly before: Years } | null
  /** Names of what the filters have as ids; null when not filtered by it, or unknown. */
  readonly names: { readonly director: string | null; readonly collection: string | null }
}

/** How an answer was found. */
export interface Asked {
  readonly sql: string
  /** Values of `$1`, `$2`, … in `sql`. */
  readonly parameters: readonly (string | number | boolean)[]
  /** Milliseconds it took to find; 0 for an answer that was known already. */
  readonly took_ms: number
}

/** `/api/charts/:id?filters`. The rows are those that the chart's `draw` and `caption` take. The same address with .csv, .svg or .png answers a file; `theme=light|dark` and `width=` go for the pictures. */
export interface ChartAnswer extends Asked {
  readonly id: string
  readonly caption: Caption
  readonly rows: readonly Readonly<Record<string, unknown>>[]
}

/** Columns that films can be sorted by. */
export const filmSorts = [
  'title',
  'release_date',
  'budget_musd',
  'revenue_musd',
  'profit_musd',
  'roi',
  'vote_average',
  'vote_count',
  'popularity',
  'runtime',
] as const
/** A column that films can be sorted by. */
export type FilmSort = (typeof filmSorts)[number]

/** `/api/films?filters&sort=revenue_musd&order=desc&page=1&size=25`: films without a value come last. `/api/films.csv` answers the first 10,000 as a file. */
export interface FilmsAnswer extends Asked {
  readonly films: readonly FilmRow[]
  readonly total: number
  readonly page: number
  readonly size: number
  readonly sort: FilmSort
  readonly order: 'asc' | 'desc'
}

/** Somebody in front of the camera. */
export interface CastMember {
  readonly person_id: number
  readonly name: string
  readonly character: string | null
}

/** Somebody behind it, with all that they did. */
export interface CrewMember {
  readonly person_id: number
  readonly name: string
  readonly jobs: readonly string[]
}

/** What TMDB said of a film on a day. */
export interface FilmMeasures {
  readonly measured_on: string
  readonly popularity: number | null
  readonly vote_average: number | null
  readonly vote_count: number | null
  readonly budget_musd: number | null
  readonly revenue_musd: number | null
}

/** `/api/films/:id`; 404 for a film that is not among the published ones. */
export interface FilmAnswer {
  readonly film: FilmRow
  readonly original_title: string | null
  readonly tagline: string | null
  readonly overview: string | null
  readonly production_companies: readonly string[]
  readonly spoken_languages: readonly string[]
  readonly imdb_id: string | null
  /** Of the actors the first 20 by billing. */
  readonly cast: readonly CastMember[]
  readonly cast_size: number
  /** Directors, writers, producers, editors, composers and photographers, at most 30. */
  readonly crew: readonly CrewMember[]
  readonly crew_size: number
  /** Places in the rankings of the KPIs. */
  readonly rankings: readonly { readonly ranking: string; readonly rank: number }[]
  /** One for each ingestion date, oldest first. */
  readonly history: readonly FilmMeasures[]
}

/** `/api/search?q=`: the best known first, at most 8 of each. */
export interface SearchAnswer {
  readonly films: readonly { readonly movie_id: number; readonly title: string; readonly year: number | null }[]
  readonly directors: readonly { readonly person_id: number; readonly name: string; readonly film_count: number }[]
  readonly franchises: readonly { readonly collection_id: number; readonly name: string; readonly film_count: number }[]
}

/** A run in the list of runs. */
export type RunSummary = Pick<
  RunRecord,
  'run_id' | 'command' | 'status' | 'started_at' | 'ended_at' | 'duration_ms' | 'is_sample' | 'error'
> & {
  readonly steps: readonly { readonly step: string; readonly status: string; readonly duration_ms: number }[]
  /** Rows that tables got, changed or lost by it. */
  readonly rows_changed: number
  /** Whether it is the one that readers see. */
  readonly is_published: boolean
}

/** `/api/runs`: newest first, at most 200. */
export interface RunsAnswer {
  readonly runs: readonly RunSummary[]
  readonly total: number
}

/** How many movies silver or bronze refused or found odd, and why. */
export interface RefusalCount {
  readonly reason: string
  readonly severity: 'error' | 'warning'
  readonly movie_count: number
}

/** A table as a place in the picture of lineage. */
export interface LineageTable {
  readonly table: string
  readonly layer: string
  /** Version and rows by this run; null where the run left the table alone. */
  readonly wrote: {
    readonly version: number
    readonly inserted: number
    readonly updated: number
    readonly deleted: number
  } | null
  /** Whether a step of this run read it. */
  readonly is_read: boolean
}

/** The tables and what is made from what. */
export interface Lineage {
  readonly tables: readonly LineageTable[]
  readonly edges: readonly { readonly from: string; readonly to: string }[]
}

/** `/api/runs/:id`. */
export interface RunAnswer {
  readonly run: RunRecord
  /** For each step of the run, in order: the rows of the tables it read, in the versions it read. Null when one of these is no longer there. */
  readonly rows_read: readonly (number | null)[]
  readonly is_published: boolean
  /** What the answers of this run were refused for. */
  readonly refusals: readonly RefusalCount[]
  readonly lineage: Lineage
}

/** A table in the list of tables. */
export type TableRow = TableSummary & { readonly layer: string }

/** `/api/tables`: those that are there, in build order. */
export interface TablesAnswer {
  readonly tables: readonly TableRow[]
}

/** One commit of a table. */
export interface TableVersion {
  readonly version: number
  readonly committed_at: string
  readonly operation: string
  readonly run_id: string | null
  readonly metrics: Readonly<Record<string, number>>
  readonly is_published: boolean
}

/** `/api/tables/:name`. */
export interface TableAnswer {
  readonly table: TableRow
  readonly key: readonly string[]
  readonly columns: readonly ColumnSchema[]
  readonly inputs: readonly string[]
  /** Newest first, at most 100. */
  readonly versions: readonly TableVersion[]
}
