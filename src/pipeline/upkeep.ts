import { bronzeMovies } from '../bronze/movies.ts'
import type { TableUpkeep, VacuumRequest } from '../engines/engine.ts'
import { silverTables } from '../silver/index.ts'
import type { Table } from '../table.ts'
import { lakeTables } from './catalogue.ts'
import { readPublished } from './publish.ts'
import type { RunResult } from './results.ts'
import type { StepOutcome, StepTeller } from './run.ts'
import type { Session } from './session.ts'

/** What upkeep did, table by table, and the run that did it; no run where nothing was to be done but said. */
export interface Upkeep {
  readonly run: RunResult | null
  readonly tables: readonly TableUpkeep[]
}

/** What a vacuum of the lake may take. */
export type VacuumScope = Pick<VacuumRequest, 'retentionHours' | 'dryRun'>

type Surroundings = Pick<Session, 'engine' | 'rules' | 'paths'>

/** Brings small files together, table by table; `done` takes what was done to each. */
export async function optimizeTables(
  { engine, rules, run, signal }: Session,
  names: readonly string[] | undefined,
  done: TableUpkeep[],
  tell: StepTeller,
): Promise<StepOutcome> {
  tell.onEarlyEnd(() => outcomeOf(done))
  for (const { name } of await chosenTables({ engine, rules }, names)) {
    signal.throwIfAborted()
    tell.progress(done.length, name)
    done.push(await engine.optimize(name, { runId: run.id }))
  }
  return outcomeOf(done)
}

/** Takes files off the disk that no reader can ask for, table by table; `done` takes what was done to each. */
export async function vacuumTables(
  session: Session,
  names: readonly string[] | undefined,
  scope: VacuumScope,
  done: TableUpkeep[],
  tell: StepTeller,
): Promise<StepOutcome> {
  tell.onEarlyEnd(() => outcomeOf(done))
  const { engine, run, signal } = session
  for (const { name } of await chosenTables(session, names)) {
    signal.throwIfAborted()
    tell.progress(done.length, name)
    done.push(await engine.vacuum(name, await vacuumRequest(session, name, scope), { runId: run.id }))
  }
  return outcomeOf(done)
}

/** What a vacuum would take. Nothing is taken. */
export async function planVacuum(
  surroundings: Surroundings,
  names: readonly string[] | undefined,
  scope: VacuumScope,
): Promise<readonly TableUpkeep[]> {
  const plan: TableUpkeep[] = []
  for (const { name } of await chosenTables(surroundings, names)) {
    const request = await vacuumRequest(surroundings, name, { ...scope, dryRun: true })
    plan.push(await surroundings.engine.vacuum(name, request, { runId: '' }))
  }
  return plan
}

/** The tables that are named, there or not; without names those of the lake that are there. */
async function chosenTables(
  { engine, rules }: Pick<Session, 'engine' | 'rules'>,
  names: readonly string[] | undefined,
): Promise<readonly Table<object>[]> {
  const tables = lakeTables(rules)
  if (names !== undefined) return tables.filter(({ name }) => names.includes(name))
  const states = await Promise.all(tables.map(({ name }) => engine.state(name)))
  return tables.filter((_, i) => states[i] !== undefined)
}

/** What readers see stays, and so do the answers that silver has not taken in yet. */
async function vacuumRequest(
  { engine, rules, paths }: Surroundings,
  table: string,
  scope: VacuumScope,
): Promise<VacuumRequest> {
  const published = (await readPublished(paths.published))?.versions[table]
  const keep = { ...scope, ...(published !== undefined && { keepVersions: [published] }) }
  if (table !== bronzeMovies.name) return keep
  const states = await Promise.all(silverTables(rules).map(({ table: { name } }) => engine.state(name)))
  const since = Math.min(...states.map((state) => state?.watermarks[bronzeMovies.name] ?? -1))
  // without a watermark silver is built from all of bronze
  return since < 0 ? keep : { ...keep, keepAppendedSince: since }
}

function outcomeOf(done: readonly TableUpkeep[]): StepOutcome {
  const changed = done.filter(({ version, versionBefore }) => version !== versionBefore)
  const sum = (of: (one: TableUpkeep) => number): number => done.reduce((total, one) => total + of(one), 0)
  return {
    status: changed.length === 0 ? 'unchanged' : 'ok',
    rows: 0,
    wrote: changed.map(({ table, version, filesAfter: files, sizeBytesAfter: sizeBytes }) => {
      return { table, version, inserted: 0, updated: 0, deleted: 0, files, sizeBytes }
    }),
    counts: { files_before: sum(({ filesBefore }) => filesBefore), files_after: sum(({ filesAfter }) => filesAfter) },
  }
}
