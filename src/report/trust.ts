import { bronzeMovies } from '../bronze/movies.ts'
import { bronzeRejected } from '../bronze/rejected.ts'
import { count, countDistinct, max, min, rowNumber, type Frame } from '../frame/index.ts'
import { movies } from '../silver/movies.ts'
import { newestPerMovie } from '../silver/newest.ts'
import { quarantine } from '../silver/quarantine.ts'
import type { Table } from '../table.ts'
import type { OpenTable } from './kpis.ts'

/** What the pipeline knows of a run. */
export interface RunFacts {
  readonly run_id: string
  readonly command: string
  readonly started_at: string
  readonly is_sample: boolean
  readonly process: { readonly version: string }
  readonly steps: readonly {
    readonly step: string
    readonly status: string
    readonly duration_ms: number
    readonly counts: Readonly<Record<string, number>>
    readonly wrote: readonly { readonly inserted: number; readonly updated: number; readonly deleted: number }[]
  }[]
}

/** Where the films are from: those whose newest answer came with one run. */
export interface AnswersOfRun {
  readonly run_id: string
  readonly films: number
  readonly oldest_at: string
  readonly newest_at: string
  /** Undefined when the run has left no record. */
  readonly run: RunFacts | undefined
}

/** Answers that broke one rule. */
export interface Refused {
  readonly reason: string
  /** `refused` when it never got into a table, `error` when silver leaves it out, `warning` when silver keeps it. */
  readonly severity: 'refused' | 'error' | 'warning'
  readonly count: number
  readonly examples: readonly string[]
}

/** A published table, and what every row of it has been held against; of bronze, which keeps answers as they came, nothing. */
export interface PublishedTable {
  readonly table: string
  readonly grain: string
  readonly version: number
  readonly rows: number
  /** Columns that are checked; null where none is. */
  readonly never_null_count: number | null
  readonly key: readonly string[]
}

/** Why the numbers can be believed, and how far. */
export interface Trust {
  /** The run that published; undefined when it has left no record. */
  readonly run: RunFacts | undefined
  readonly answers: readonly AnswersOfRun[]
  readonly refused: readonly Refused[]
  readonly tables: readonly PublishedTable[]
}

/** What trust is judged by. */
export interface TrustSource {
  readonly open: OpenTable
  readonly published: { readonly run_id: string; readonly versions: Readonly<Record<string, number>> }
  readonly tables: readonly Table<object>[]
  readonly findRun: (runId: string) => Promise<RunFacts | undefined>
}

const mostExamples = 3

/** Reads what there is to say about the published tables. */
export async function readTrust({ open, published, tables, findRun }: TrustSource): Promise<Trust> {
  const isThere = (table: { readonly name: string }): boolean => published.versions[table.name] !== undefined
  const answers = isThere(bronzeMovies) ? await readAnswers(open, findRun) : []
  const runIds = [published.run_id, ...answers.map(({ run_id }) => run_id)]
  return {
    run: await findRun(published.run_id),
    answers,
    refused: [...(isThere(bronzeRejected) ? await readRejected(open, runIds) : []), ...(await readQuarantine(open))],
    tables: await Promise.all(tables.filter(isThere).map((table) => readTable(open, table, published.versions))),
  }
}

async function readAnswers(open: OpenTable, findRun: TrustSource['findRun']): Promise<AnswersOfRun[]> {
  const found = await newestPerMovie(open(bronzeMovies))
    .join(open(movies).select('movie_id'), ['movie_id'], 'semi')
    .dropNulls('run_id', 'fetched_at')
    .groupBy('run_id')
    .agg((a) => ({ films: count(), oldest_at: min(a.fetched_at), newest_at: max(a.fetched_at) }))
    .dropNulls('oldest_at', 'newest_at')
    .orderBy((a) => [a.newest_at.desc(), a.run_id])
    .collect()
  return Promise.all(found.map(async (answers) => ({ ...answers, run: await findRun(answers.run_id) })))
}

/** What was refused by the runs that the films are from; earlier runs have been overtaken. */
async function readRejected(open: OpenTable, runIds: readonly string[]): Promise<Refused[]> {
  const rejected = open(bronzeRejected).filter((r) => r.run_id.isin(runIds))
  const reasons = await rejected
    .groupBy('reason')
    .agg(() => ({ count: count() }))
    .collect()
  const examples = await firstOf(
    rejected.select((r) => ({ reason: r.reason, movie_id: r.movie_id, text: r.message, severity: r.reason })),
  )
  return inOrder(reasons).map(({ reason, count }) => ({
    reason,
    severity: 'refused',
    count,
    examples: examples.filter((example) => example.reason === reason).map(exampleText),
  }))
}

async function readQuarantine(open: OpenTable): Promise<Refused[]> {
  const issues = open(quarantine)
  const reasons = await issues
    .groupBy('severity', 'reason')
    .agg((q) => ({ count: countDistinct(q.movie_id) }))
    .collect()
  const examples = await firstOf(
    issues.select((q) => ({ reason: q.reason, movie_id: q.movie_id, text: q.detail, severity: q.severity })),
  )
  return inOrder(reasons).map(({ reason, severity, count }) => ({
    reason,
    severity: severity === 'error' ? 'error' : 'warning',
    count,
    examples: examples.filter((example) => example.reason === reason && example.severity === severity).map(exampleText),
  }))
}

type Example = { reason: 'string'; severity: 'string'; movie_id: 'bigint' | null; text: 'string' }

/** A few rows of each reason, the lowest ids first. */
const firstOf = (rows: Frame<Example>) =>
  rows
    .withColumns((r) => ({
      place: rowNumber().over({ partitionBy: [r.severity, r.reason], orderBy: [r.movie_id, r.text] }),
    }))
    .filter((r) => r.place.le(mostExamples))
    .orderBy((r) => [r.severity, r.reason, r.place])
    .collect()

const exampleText = ({ movie_id, text }: { readonly movie_id: number | null; readonly text: string }): string =>
  movie_id === null ? text : `movie ${movie_id}: ${text}`

const inOrder = <R extends { readonly reason: string; readonly count: number; readonly severity?: string }>(
  rows: readonly R[],
): R[] =>
  rows.toSorted(
    (a, b) => compare(a.severity ?? '', b.severity ?? '') || b.count - a.count || compare(a.reason, b.reason),
  )

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

async function readTable(
  open: OpenTable,
  table: Table<object>,
  versions: Readonly<Record<string, number>>,
): Promise<PublishedTable> {
  const { name, grain, key, columns } = table
  const isChecked = !name.startsWith('bronze.')
  return {
    table: name,
    grain,
    version: versions[name] ?? 0,
    rows: await open(table).count(),
    never_null_count: isChecked ? Object.values(columns).filter(({ isNullable }) => !isNullable).length : null,
    key: isChecked ? key : [],
  }
}
