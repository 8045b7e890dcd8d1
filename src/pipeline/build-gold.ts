import type { PendingWrite } from '../engines/engine.ts'
import { TableError } from '../errors.ts'
import type { AnyFrame } from '../frame/index.ts'
import { goldTables } from '../gold/index.ts'
import type { Table } from '../table.ts'
import { concurrently } from './concurrently.ts'
import { fingerprintOf, fingerprintProperty } from './fingerprint.ts'
import { PendingWrites } from './pending-writes.ts'
import { hasNewRows } from './row-changes.ts'
import type { StepOutcome, StepTeller } from './run.ts'
import type { Session } from './session.ts'
import { inputsOf } from './table-inputs.ts'

/** Where a build of gold starts. */
export interface GoldPlan {
  /** Versions of the silver tables it is built from. */
  readonly versions: Readonly<Record<string, number>>
  readonly isDue: boolean
  readonly reason: string
}

/** What a build of gold would do, and why. Throws TableError when there is no silver. */
export async function planGold(
  { engine, rules }: Pick<Session, 'engine' | 'rules'>,
  isForced = false,
): Promise<GoldPlan> {
  const silver = await Promise.all(silverInputs().map(async ({ name }) => ({ name, state: await engine.state(name) })))
  const missing = silver.find(({ state }) => state === undefined)
  if (missing !== undefined)
    throw new TableError(`${missing.name}: there is no such table yet`, {
      fault: 'missing',
      hint: 'run: movielake build',
    })
  const versions = Object.fromEntries(silver.map(({ name, state }) => [name, state?.version ?? 0]))
  const due = (reason: string): GoldPlan => ({ versions, isDue: true, reason })
  if (isForced) return due('asked to build anew')
  for (const table of goldTables as readonly Table<object>[]) {
    const state = await engine.state(table.name)
    if (state === undefined) return due(`${table.name} is not there yet`)
    if (state.properties[fingerprintProperty] !== fingerprintOf(table, rules))
      return due(`${table.name} was built by other rules`)
    for (const { name, state: input } of silver) {
      const since = state.watermarks[name] ?? -1
      if (input !== undefined && inputNames(table).includes(name) && hasNewRows(input, since))
        return due(`${name} has changed since ${table.name} was built from version ${since}: it is at ${input.version}`)
    }
  }
  return { versions, isDue: false, reason: 'silver has not changed' }
}

/** Computes all gold tables anew from silver; they change together. */
export async function buildGold(session: Session, plan: GoldPlan, tell: StepTeller): Promise<StepOutcome> {
  const { engine, rules, run, signal } = session
  if (!plan.isDue) return { status: 'unchanged', rows: 0, read: plan.versions, note: plan.reason }
  const frames = new Map<Table<object>, AnyFrame>()
  for (const table of silverInputs())
    frames.set(table, await engine.open(table, { version: plan.versions[table.name] ?? 0 }))
  const writes = new PendingWrites(goldTables)
  let begun = 0
  const prepare = async (table: Table<object>): Promise<void> => {
    signal.throwIfAborted()
    tell.progress(begun++, table.name)
    const write: PendingWrite = await engine.overwrite(table, table.build(inputsOf(table, frames), rules))
    frames.set(table, write.after)
    const watermarks = Object.fromEntries(inputNames(table).map((name) => [name, plan.versions[name] ?? 0]))
    const properties = { [fingerprintProperty]: fingerprintOf(table, rules) }
    await writes.add(session, table, write, { runId: run.id, watermarks, properties })
  }
  try {
    // those that others count from come first
    const bases = new Set(goldTables.flatMap((table: Table<object>) => Object.values(table.inputs)))
    for (const table of goldTables) if (bases.has(table)) await prepare(table)
    await concurrently<Table<object>>(
      goldTables.filter((table) => !bases.has(table)),
      2,
      prepare,
    )
    signal.throwIfAborted()
    tell.onEarlyEnd(() => ({ rows: 0, read: plan.versions, wrote: writes.committed }))
    const wrote = await writes.commit()
    const rows = wrote.reduce((total, { inserted, updated }) => total + inserted + updated, 0)
    const note = wrote.length === 0 ? 'nothing changed' : `${wrote.length} of ${goldTables.length} tables changed`
    return { status: wrote.length === 0 ? 'unchanged' : 'ok', rows, read: plan.versions, wrote, note }
  } finally {
    await writes.discard()
  }
}

/** The silver tables gold reads, each once. */
function silverInputs(): readonly Table<object>[] {
  const inputs = goldTables.flatMap((table: Table<object>) => Object.values(table.inputs))
  return [...new Set(inputs.filter(({ name }) => name.startsWith('silver.')))]
}

/** The silver tables a gold table comes from, through others of gold too. */
function inputNames(table: Table<object>): readonly string[] {
  const direct = Object.values(table.inputs)
  return [...new Set(direct.flatMap((input) => (input.name.startsWith('silver.') ? [input.name] : inputNames(input))))]
}
