import path from 'node:path'
import { DeltaLog } from '../../src/delta/delta-log.ts'
import { LocalStorage } from '../../src/delta/local-storage.ts'
import { createDelta, DeltaTable, type DeltaRow } from '../../src/delta-table/index.ts'
import { DuckdbCheckpoints } from '../../src/engines/duckdb/duckdb-checkpoint.ts'
import { DuckdbSession } from '../../src/engines/duckdb/duckdb-session.ts'
import { DuckdbVectors } from '../../src/engines/duckdb/duckdb-vectors.ts'
import { DuckdbWriter } from '../../src/engines/duckdb/duckdb-write.ts'
import { TableError } from '../../src/errors.ts'
import { chance, fates, imageKey, PowerDisk, restoreImage, type Image } from '../delta/power-disk.ts'
import { columns, steps, worked, workOn } from './crash-steps.ts'

/** Opens tables that share one DuckDB. */
export interface Tables {
  open(storage: LocalStorage, rewriteBytes?: number): DeltaTable
  close(): Promise<void>
}

export async function openTables(): Promise<Tables> {
  const session = await DuckdbSession.open({ threads: 1 })
  await session.run('CREATE SCHEMA stage')
  const vectors = await DuckdbVectors.open(session)
  const log = new DeltaLog(new DuckdbCheckpoints(session), 'test')
  return {
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

/** Does all steps in a folder, and notes at each thing that is asked of the disk what a power cut then would leave. */
export async function record(
  tables: Tables,
  folder: string,
  { store = LocalStorage, forgets }: Flaw = {},
  seed = 1,
): Promise<Recording> {
  const power = new PowerDisk(folder, forgets)
  const storage = new store(path.join(folder, 'films'), power.disk)
  const chances = { something: chance(randomNumbers(seed)), 'something else': chance(randomNumbers(seed + 1000)) }
  const cuts = new Map<string, Cut>()
  const rows: (readonly DeltaRow[])[] = []
  const note = (what: string, from: number, to: number): void => {
    for (const [left, fate] of Object.entries({ ...fates, ...chances })) {
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
    return undefined
  }
  await perform('create', 1, async () => {
    await (await createDelta('films', { columns, partitionBy: ['date'] }, { storage, threads: 1 })).close()
  })
  rows.push([])
  const [table, marks] = [tables.open(storage), tables.open(storage, 0)]
  for (const { name, versions, run, change = (all: readonly DeltaRow[]) => all } of steps) {
    const after = change(rows.at(-1) ?? [])
    await perform(name, versions, () => run(table, marks))
    rows.push(...Array.from({ length: versions }, () => after))
  }
  return { cuts: [...cuts.values()], rows }
}

/** What is wrong with what a cut left, put into an empty folder: undefined for a table at a version that may be there, with its rows. */
export async function problemOf(
  tables: Tables,
  { cuts: _, rows }: Recording,
  cut: Cut,
  folder: string,
  heals = true,
): Promise<string | undefined> {
  await restoreImage(cut.image, folder)
  const storage = new LocalStorage(path.join(folder, 'films'))
  const table = tables.open(storage)
  try {
    const version = await table.version().catch((error: unknown) => {
      if (error instanceof TableError && error.fault === 'missing') return -1
      throw error
    })
    if (version < cut.from || version > cut.to) return `${cut.moment}: version ${version}, not ${cut.from} to ${cut.to}`
    if (version === -1) return undefined
    const expected = rows[version] ?? []
    if (sorted(await table.collect()) !== sorted(expected)) return `${cut.moment}: other rows at version ${version}`
    if (!heals) return undefined
    await workOn(table)
    return sorted(await table.collect()) === sorted(worked(expected))
      ? undefined
      : `${cut.moment}: other rows after later work`
  } catch (error) {
    return `${cut.moment}: ${String(error)}`
  }
}

const sorted = (rows: readonly DeltaRow[]): string =>
  rows
    .map((row) => JSON.stringify([row['id'], row['date'], row['votes']]))
    .toSorted()
    .join('\n')

/** Numbers from 0 to 1, the same ones for the same seed. */
function randomNumbers(seed: number): () => number {
  let state = seed
  return () => (state = (state * 1_664_525 + 1_013_904_223) % 2 ** 32) / 2 ** 32
}
