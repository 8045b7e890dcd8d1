import path from 'node:path'
import { noRow } from '../../../src/delta/condition.ts'
import { DeltaLog } from '../../../src/delta/delta-log.ts'
import { LocalStorage } from '../../../src/delta/local-storage.ts'
import { DeltaTable, type DeltaRow } from '../../../src/delta-table/index.ts'
import { DuckdbCheckpoints } from '../../../src/engines/duckdb/duckdb-checkpoint.ts'
import { DuckdbSession } from '../../../src/engines/duckdb/duckdb-session.ts'
import { DuckdbVectors } from '../../../src/engines/duckdb/duckdb-vectors.ts'
import { DuckdbWriter } from '../../../src/engines/duckdb/duckdb-write.ts'
import { TableError } from '../../../src/errors.ts'
import { chance, fates, imageKey, PowerDisk, restoreImage, type Fate, type Image } from './power-disk.ts'
import { columns, steps, type Step, worked, workOn } from './crash-steps.ts'

/** Makes and opens the table of the steps; all share one DuckDB. */
export interface Tables {
  create(storage: LocalStorage): Promise<unknown>
  open(storage: LocalStorage, rewriteBytes?: number): DeltaTable
  close(): Promise<void>
}

/** A DuckDB for tables of tests, until it is closed. */
export async function openTables(): Promise<Tables> {
  const session = await DuckdbSession.open({ threads: 1 })
  await session.run('CREATE SCHEMA stage')
  const vectors = await DuckdbVectors.open(session)
  const log = new DeltaLog(new DuckdbCheckpoints(session), 'test')
  const schema = Object.entries(columns).map(([name, type]) => ({ name, type, nullable: true, metadata: {} }))
  return {
    create: (storage) =>
      log.commit({
        target: { place: { table: 'films', storage }, base: undefined, schema, partitionColumns: ['date'] },
        name: 'CREATE TABLE',
        parameters: {},
        metrics: {},
        actions: [],
        reads: noRow,
        note: {},
        now: Date.now(),
      }),
    open(storage, rewriteBytes = Infinity) {
      const writer = new DuckdbWriter(session, log, vectors, rewriteBytes)
      return new DeltaTable({ place: { table: 'films', storage }, session, log, vectors, writer })
    },
    close: () => session.close(),
  }
}

/** What a power cut may have left, when, and which versions may be there; no table is -1. */
export interface Cut {
  readonly moment: string
  readonly image: Image
  /** What was acknowledged. */
  readonly from: number
  /** What was begun. */
  readonly to: number
}

/** All that power cuts may leave of the steps, and the rows of each version. */
export interface Recording {
  readonly cuts: readonly Cut[]
  readonly rows: readonly (readonly DeltaRow[])[]
}

/** How a disk or a store is not what it should be. */
export interface Flaw {
  readonly store?: new (...args: ConstructorParameters<typeof LocalStorage>) => LocalStorage
  /** What the disk forgets although it was synced. */
  readonly forgets?: 'files' | 'folders'
}

/**
 * Does all steps in a folder, and notes at each thing that is asked of the disk what a power cut then would leave: by the plain fates, and by
 * chance once for each of `seeds`.
 */
export async function record(
  tables: Tables,
  folder: string,
  { store = LocalStorage, forgets }: Flaw = {},
  { performed = steps, seeds = [] }: { readonly performed?: readonly Step[]; readonly seeds?: readonly number[] } = {},
): Promise<Recording> {
  const power = new PowerDisk(folder, forgets)
  const storage = new store(path.join(folder, 'films'), power.disk)
  const all: readonly (readonly [string, Fate])[] = [
    ...Object.entries(fates),
    ...seeds.map((seed) => [`by chance ${seed}: something`, chance(randomNumbers(seed))] as const),
  ]
  const cuts = new Map<string, Cut>()
  const rows: (readonly DeltaRow[])[] = []
  const note = (what: string, from: number, to: number): void => {
    for (const [left, fate] of all) {
      const image = power.image(fate)
      const key = `${imageKey(image)} ${from} ${to}`
      if (!cuts.has(key)) cuts.set(key, { moment: `${what}, ${left} kept`, image, from, to })
    }
  }
  const perform = async (name: string, versions: number, work: () => Promise<unknown>): Promise<void> => {
    const from = rows.length - 1
    const to = from + versions
    let number = 0
    power.onMoment = (what) => note(`${name}: ${(number += 1)} ${what}`, from, to)
    await work()
    note(`${name}: done`, to, to)
  }
  await perform('create', 1, () => tables.create(storage))
  rows.push([])
  const [table, marks] = [tables.open(storage), tables.open(storage, 0)]
  for (const { name, versions, run, change = (all: readonly DeltaRow[]) => all } of performed) {
    const after = change(rows.at(-1) ?? [])
    await perform(name, versions, () => run(table, marks))
    rows.push(...Array.from({ length: versions }, () => after))
  }
  return { cuts: [...cuts.values()], rows }
}

/** What to try of what a cut left, and where: in an empty folder. */
export interface Trial {
  readonly folder: string
  /** True when later work is to be done on it, too. */
  readonly isWorkedOn: boolean
  readonly flaw?: Flaw
}

/** What is wrong with what a cut left; undefined for a table at a version that may be there, with its rows. */
export async function problemOf(
  tables: Tables,
  { rows }: Recording,
  cut: Cut,
  { folder, isWorkedOn, flaw: { store = LocalStorage } = {} }: Trial,
): Promise<string | undefined> {
  await restoreImage(cut.image, folder)
  const table = tables.open(new store(path.join(folder, 'films')))
  try {
    const version = await table.version().catch((error: unknown) => {
      if (error instanceof TableError && error.fault === 'missing') return -1
      throw error
    })
    if (version < cut.from || version > cut.to) return `${cut.moment}: version ${version}, not ${cut.from} to ${cut.to}`
    if (version === -1) return undefined
    const expected = rows[version] ?? []
    if (sorted(await table.collect()) !== sorted(expected)) return `${cut.moment}: other rows at version ${version}`
    if (!isWorkedOn) return undefined
    await workOn(table)
    const isRight = sorted(await table.collect()) === sorted(worked(expected))
    return isRight ? undefined : `${cut.moment}: other rows after later work`
  } catch (error) {
    return `${cut.moment}: ${String(error)}`
  }
}

/** Rows as a text that knows no order. */
export const sorted = (rows: readonly DeltaRow[]): string =>
  rows
    .map((row) => JSON.stringify([row['id'], row['date'], row['votes']]))
    .toSorted()
    .join('\n')

/** Numbers from 0 to 1, the same ones for the same seed. */
function randomNumbers(seed: number): () => number {
  let state = seed
  return () => (state = (state * 1_664_525 + 1_013_904_223) % 2 ** 32) / 2 ** 32
}
