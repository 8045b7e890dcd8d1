import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished } from 'vitest'
import { bronzeMovies } from '../../src/bronze/movies.ts'
import type { MovieRow } from '../../src/bronze/rows.ts'
import { openDuckdb } from '../../src/engines/duckdb/duckdb-engine.ts'
import { openLake, type Lake } from '../../src/index.ts'
import { lakeTables, type TableName } from '../../src/pipeline/catalogue.ts'
import { defaultRules } from '../../src/rules.ts'
import type { OnEnd } from '../engines/temp-folder.ts'

/** The rows of tables, by name. */
export type Rows = Readonly<Record<string, readonly Readonly<Record<string, unknown>>[]>>

/** What a new lake begins with, and what ends it. */
export interface Beginning {
  /** A lake whose answers it has. */
  readonly bronzeOf?: string
  /** A lake that nobody has open, of which it is a copy. */
  readonly copyOf?: string
  /** Told what closes and removes it; by default that is done when the test ends. */
  readonly onEnd?: OnEnd
}

/** A lake in a new folder, set as told and by nothing else. */
export async function newLake(
  set: Readonly<Record<string, unknown>> = {},
  { bronzeOf, copyOf, onEnd = onTestFinished }: Beginning = {},
): Promise<Lake> {
  const folder = await mkdtemp(join(tmpdir(), 'movielake-lake-'))
  const root = join(folder, 'lake')
  if (copyOf !== undefined) await cp(copyOf, root, { recursive: true })
  if (bronzeOf !== undefined) await cp(join(bronzeOf, 'bronze'), join(root, 'bronze'), { recursive: true })
  const lake = await openLake({ lake: root, set: { 'duckdb.threads': 1, ...set }, cwd: folder, env: {} })
  onEnd(async () => {
    await lake.close()
    await rm(folder, { recursive: true, force: true })
  })
  return lake
}

/** Puts answers into a lake's bronze, one commit for all. */
export async function addAnswers(lake: Lake, rows: readonly MovieRow[]): Promise<void> {
  const engine = await openDuckdb({ root: lake.root, threads: 1, memoryLimit: '500MB' })
  try {
    await engine.append(bronzeMovies, rows, { runId: 'test', partitionBy: ['ingestion_date'] })
  } finally {
    await engine.close()
  }
}

/** All rows that readers see in silver and gold, or in one of them, each table in the order of its key; without the columns of `leaveOut`, `silver.quarantine.run_id`. */
export async function readRows(lake: Lake, leaveOut: readonly string[] = [], layer = ''): Promise<Rows> {
  const rows: Record<string, Readonly<Record<string, unknown>>[]> = {}
  for (const { name, key } of lakeTables({ ...defaultRules, ...lake.config.silver })) {
    if (name.startsWith('bronze.') || !name.startsWith(layer)) continue
    const all = (await lake.table(name as TableName).collect()) as readonly Readonly<Record<string, unknown>>[]
    const keyOf = (row: Readonly<Record<string, unknown>>): string => JSON.stringify(key.map((column) => row[column]))
    rows[name] = all
      .map((row) =>
        Object.fromEntries(Object.entries(row).filter(([column]) => !leaveOut.includes(`${name}.${column}`))),
      )
      .toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1))
  }
  return rows
}

/** Holds the rows against each other, to the last bit. */
export function expectSameRows(found: Rows, expected: Rows): void {
  expect(Object.keys(found)).toEqual(Object.keys(expected))
  for (const [table, rows] of Object.entries(expected)) expect({ table, rows: found[table] }).toEqual({ table, rows })
}
