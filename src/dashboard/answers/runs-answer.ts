import { bronzeRejected } from '../../bronze/rejected.ts'
import type { Engine } from '../../engines/engine.ts'
import { count, countDistinct } from '../../frame/index.ts'
import { lakeTables } from '../../pipeline/catalogue.ts'
import { openIfThere } from '../../pipeline/open-if-there.ts'
import type { RunRecord } from '../../pipeline/results.ts'
import { readRunRecord, readRunRecords } from '../../pipeline/run-record.ts'
import type { Rules } from '../../rules.ts'
import { quarantine } from '../../silver/quarantine.ts'
import type { Table } from '../../table.ts'
import { NotFoundError } from '../answer-error.ts'
import type { Lineage, RefusalCount, RunAnswer, RunsAnswer, RunSummary } from '../api-types.ts'

const mostRuns = 200

/** The runs of a lake, newest first. */
export async function answerRuns(folder: string, publishedBy: string): Promise<RunsAnswer> {
  const records = await readRunRecords(folder)
  return { runs: records.slice(0, mostRuns).map((record) => summaryOf(record, publishedBy)), total: records.length }
}

/** One run with what it refused and where its rows went. Throws NotFoundError. */
export async function answerRun(
  parts: { readonly folder: string; readonly engine: Engine; readonly rules: Rules; readonly publishedBy: string },
  runId: string,
  signal: AbortSignal,
): Promise<RunAnswer> {
  const { folder, engine, rules, publishedBy } = parts
  // an id is a name of a folder: nothing that could lead elsewhere is looked up
  const run = /^[\w-]{1,100}$/.test(runId) ? await readRunRecord(folder, runId) : undefined
  if (run === undefined)
    throw new NotFoundError(`there is no run ${JSON.stringify(runId)}`, { hint: '/api/runs lists them' })
  return {
    run,
    rows_read: await readRowsRead(engine, lakeTables(rules), run),
    is_published: run.run_id === publishedBy,
    refusals: await readRefusals(engine, run.run_id, signal),
    lineage: lineageOf(lakeTables(rules), run),
  }
}

/** How many rows the tables had that each step read. */
async function readRowsRead(
  engine: Engine,
  tables: readonly Table<object>[],
  { steps }: RunRecord,
): Promise<readonly (number | null)[]> {
  const counts = new Map<string, Promise<number | null>>()
  const countOf = async (name: string, version: number): Promise<number | null> => {
    const table = tables.find((one) => one.name === name)
    const frame = table === undefined ? undefined : await openIfThere(engine, table, { version })
    const [counted] = (await frame?.agg(() => ({ n: count() })).collect()) ?? []
    return counted?.n ?? null
  }
  return Promise.all(
    steps.map(async ({ read }) => {
      const known = await Promise.all(
        Object.entries(read).map(([name, version]) => {
          const key = `${name} ${version}`
          const found = counts.get(key) ?? countOf(name, version)
          counts.set(key, found)
          return found
        }),
      )
      return known.reduce<number | null>((total, n) => (total === null || n === null ? null : total + n), 0)
    }),
  )
}

function summaryOf(record: RunRecord, publishedBy: string): RunSummary {
  const { run_id, command, status, started_at, ended_at, duration_ms, is_sample, error, steps } = record
  return {
    run_id,
    command,
    status,
    started_at,
    ended_at,
    duration_ms,
    is_sample,
    error,
    steps: steps.map((step) => ({ step: step.step, status: step.status, duration_ms: step.duration_ms })),
    rows_changed: steps
      .flatMap(({ wrote }) => wrote)
      .reduce((total, { inserted, updated, deleted }) => total + inserted + updated + deleted, 0),
    is_published: run_id === publishedBy,
  }
}

/** What answers of the run were refused for: by bronze, and by silver as it stands. */
async function readRefusals(engine: Engine, runId: string, signal: AbortSignal): Promise<readonly RefusalCount[]> {
  const rejected = await openIfThere(engine, bronzeRejected)
  const quarantined = await openIfThere(engine, quarantine)
  const inBronze = await rejected
    ?.filter((r) => r.run_id.eq(runId))
    .groupBy('reason')
    .agg(() => ({ movie_count: count() }))
    .orderBy((r) => [r.movie_count.desc(), r.reason])
    .collect(signal)
  const inSilver = await quarantined
    ?.filter((q) => q.run_id.eq(runId))
    .groupBy('severity', 'reason')
    .agg((q) => ({ movie_count: countDistinct(q.movie_id) }))
    .orderBy((q) => [q.severity, q.movie_count.desc(), q.reason])
    .collect(signal)
  return [
    ...(inBronze ?? []).map(({ reason, movie_count }) => ({ reason, severity: 'error' as const, movie_count })),
    ...(inSilver ?? []).map(({ reason, severity, movie_count }) => ({
      reason,
      severity: severity === 'error' ? ('error' as const) : ('warning' as const),
      movie_count,
    })),
  ]
}

/** The tables of the lake and what each is made from, with what the run did to them. */
export function lineageOf(tables: readonly Table<object>[], run: Pick<RunRecord, 'steps'>): Lineage {
  const read = new Set(run.steps.flatMap((step) => Object.keys(step.read)))
  const wrote = new Map(run.steps.flatMap((step) => step.wrote.map((one) => [one.table, one] as const)))
  const names = new Set(tables.map(({ name }) => name))
  return {
    tables: tables.map(({ name }) => {
      const written = wrote.get(name)
      return {
        table: name,
        layer: layerOf(name),
        wrote:
          written === undefined
            ? null
            : {
                version: written.version,
                inserted: written.inserted,
                updated: written.updated,
                deleted: written.deleted,
              },
        is_read: read.has(name),
      }
    }),
    edges: tables.flatMap((table) => sourcesOf(table, names).map((from) => ({ from, to: table.name }))),
  }
}

/** The tables of the lake that a table is made from; what only lives while it is built is looked through. */
export function sourcesOf(table: Table<object>, names: ReadonlySet<string>): readonly string[] {
  const found = Object.values(table.inputs).flatMap((input) =>
    names.has(input.name) ? [input.name] : sourcesOf(input, names),
  )
  return [...new Set(found)].filter((name) => name !== table.name).sort()
}

/** `silver` of `silver.movies`. */
export const layerOf = (table: string): string => table.split('.')[0] ?? ''
