import type { TableState } from '../engines/engine.ts'
import { goldTables } from '../gold/index.ts'
import { silverTables } from '../silver/index.ts'
import { buildGold, planGold } from './build-gold.ts'
import { buildSilver, planSilver } from './build-silver.ts'
import { lakeTables } from './catalogue.ts'
import { importFiles } from './import-files.ts'
import { ingest } from './ingest.ts'
import { readPublishedIfWhole, writePublished, type Published } from './publish.ts'
import type { StepOutcome } from './run.ts'
import { hasNewRows } from './row-changes.ts'
import type { Session } from './session.ts'
import { movieCount, movieSources, type Source } from './source.ts'

/** Asks for movies: answers go to bronze. A run that is taken up again after it has asked for all of them asks for nothing. */
export async function ingestStep(session: Session, source: Source, isResumed: boolean): Promise<void> {
  if (session.run.passOver('ingest')) return
  const from = movieSources(session.config)
  const total = movieCount(from)
  const tmdb = source.open(session)
  await session.run.step('ingest', (tell) => ingest(session, tmdb, from, isResumed, tell), { total, unit: 'movies' })
}

/** Takes payload files into bronze. */
export async function importStep(session: Session, files: readonly string[], fetchedAt: string): Promise<void> {
  await session.run.step('import', (tell) => importFiles(session, files, fetchedAt, tell), { unit: 'payloads' })
}

/** Brings silver up to bronze. */
export async function silverStep(session: Session, isForced = false): Promise<void> {
  const total = silverTables(session.rules).length
  await session.run.step('silver', async (tell) => buildSilver(session, await planSilver(session, isForced), tell), {
    total,
    unit: 'tables',
  })
}

/** Brings gold up to silver. */
export async function goldStep(session: Session, isForced = false): Promise<void> {
  await session.run.step('gold', async (tell) => buildGold(session, await planGold(session, isForced), tell), {
    total: goldTables.length,
    unit: 'tables',
  })
}

/** Makes what is to be shown together with the tables; undefined when there is nothing to make. */
export type Beside = (next: Published) => Promise<{ show(): Promise<void>; discard(): Promise<void> } | undefined>

/** Shows readers the tables as the run has left or found them, all at once, and what `beside` makes of them. */
export async function publishStep(session: Session, beside?: Beside): Promise<StepOutcome> {
  const { engine, paths, rules, run, clock } = session
  return run.step('publish', async () => {
    const names = lakeTables(rules).map(({ name }) => name)
    const others = names.filter((name) => !run.committed.has(name))
    const states = (await Promise.all(others.map((name) => engine.state(name)))).filter((state) => state !== undefined)
    const versions = Object.fromEntries(
      [...run.committed.values(), ...states]
        .toSorted((a, b) => names.indexOf(a.table) - names.indexOf(b.table))
        .map(({ table, version }) => [table, version]),
    )
    const before = await readPublishedIfWhole(paths.published)
    run.publish(versions)
    if (isSame(before?.versions, versions))
      return { status: 'unchanged', rows: 0, read: versions, note: 'readers see the newest versions already' }
    const next = { run_id: run.id, at: clock().toISOString(), versions }
    const prepared = await beside?.(next)
    try {
      await writePublished(paths.published, next)
    } catch (error) {
      await prepared?.discard()
      throw error
    }
    await prepared?.show()
    const hasChanged = [...run.committed.keys()].some((name) => !name.startsWith('bronze.'))
    const isNews = before === undefined || hasChanged || states.some((state) => isNew(state, before))
    return { status: isNews ? 'ok' : 'unchanged', rows: 0, read: versions }
  })
}

/** Whether readers find other rows in a table of silver or gold than before. */
const isNew = (state: TableState, before: Published): boolean =>
  !state.table.startsWith('bronze.') && hasNewRows(state, before.versions[state.table] ?? -1)

function isSame(a: Readonly<Record<string, number>> | undefined, b: Readonly<Record<string, number>>): boolean {
  return (
    a !== undefined &&
    Object.keys(a).length === Object.keys(b).length &&
    Object.entries(b).every(([name, version]) => a[name] === version)
  )
}
