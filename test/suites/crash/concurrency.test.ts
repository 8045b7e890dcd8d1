import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { beforeAll, expect, it, onTestFinished } from 'vitest'
import { createDelta, openDelta, type DeltaRow, type DeltaTable } from '../../../src/delta-table/index.ts'
import { compiled } from '../../compiled.ts'
import { tempFolder } from '../../engines/temp-folder.ts'
import { pythonWithDeltaRs } from '../delta-rs/installed.js'

let program = ''
beforeAll(async () => {
  program = fileURLToPath(await compiled('test/suites/crash/writer.ts'))
})

/** What a process has said: what was acknowledged to it, or what it has seen. */
interface Said {
  readonly version?: number
  readonly writer?: string
  readonly n?: number
  readonly rows?: number
  readonly seen?: number
  readonly count?: number
  readonly distinct?: number
  readonly filesRemoved?: number
  readonly conflict?: string
  readonly ids?: readonly number[]
  readonly stamp?: string
  readonly from?: number
  readonly to?: number
  readonly amount?: number
  readonly merged?: readonly { readonly id: number }[]
}
interface Running {
  readonly said: Promise<readonly Said[]>
  readonly child: ChildProcess
}

function start(command: string, args: readonly string[]): Running {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  onTestFinished(() => void child.kill('SIGKILL'))
  const ended = once(child, 'exit')
  const said = text(child.stdout).then(async (output) => {
    expect(await ended).toEqual([0, null])
    return output
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as Said)
  })
  return { said, child }
}
const writer = (folder: string, kind: string, name: string, count = 1_000_000, care = 'careful'): Running =>
  start(process.execPath, [program, folder, kind, name, String(count), care])

async function stopped({ said, child }: Running): Promise<readonly Said[]> {
  child.kill('SIGTERM')
  return said
}

async function films(columns: Readonly<Record<string, string>>): Promise<{ folder: string; table: DeltaTable }> {
  const folder = `${await tempFolder()}/films`
  const table = await createDelta(folder, { columns }, { threads: 1 })
  onTestFinished(() => table.close())
  return { folder, table }
}

it('keeps each of 300 appends once, by four processes and delta-rs, and readers see only whole versions', async (context) => {
  const { python, problem } = pythonWithDeltaRs()
  if (python === undefined && process.env['REQUIRE_CRASH'] !== '1') context.skip(`delta-rs: ${problem}`)
  const { folder, table } = await films({ writer: 'string', n: 'long', part: 'long' })
  const readers = [1, 2].map((n) => writer(folder, 'read', `reader${n}`))
  const ours = [1, 2, 3, 4].map((n) => writer(folder, 'append', `ours${n}`, 60))
  const deltaRs = start(python ?? '', [fileURLToPath(new URL('append.py', import.meta.url)), folder, 'delta-rs', '60'])
  const told = (await Promise.all([...ours, deltaRs].map(({ said }) => said))).flat()
  const seen = (await Promise.all(readers.map(stopped))).flat()

  expect(told).toHaveLength(300)
  expect(await table.version()).toBe(300)
  const byNote = new Map((await table.history()).map(({ version, userMetadata }) => [userMetadata, version]))
  const rowsOf = new Map(
    told.map(({ version, writer: by, n, rows }) => [Number(version ?? byNote.get(`${by} ${n}`)), Number(rows)]),
  )
  expect([...rowsOf.keys()].toSorted((a, b) => a - b)).toEqual(Array.from({ length: 300 }, (_, i) => i + 1))
  const until = (version: number): number =>
    [...rowsOf].reduce((sum, [at, rows]) => sum + (at <= version ? rows : 0), 0)
  expect(await keysOf(table)).toEqual(keysTold(told))
  expect(seen.length).toBeGreaterThan(10)
  expect(
    seen.filter(
      ({ seen: version, rows, count, distinct }) => new Set([rows, count, distinct, until(version ?? -1)]).size > 1,
    ),
  ).toEqual([])
})

it('would notice a store that lets two writers take the same version', async () => {
  const { folder, table } = await films({ writer: 'string', n: 'long', part: 'long' })
  const writers = [1, 2, 3].map((n) => writer(folder, 'append', `ours${n}`, 20, 'careless'))
  const told = (await Promise.all(writers.map(({ said }) => said))).flat()
  expect(await keysOf(table)).not.toEqual(keysTold(told))
  const accounts = await films({ id: 'long', balance: 'long', count: 'long', stamps: 'string' })
  await accounts.table.append(balances)
  const movers = [1, 2].map((n) => writer(accounts.folder, 'transfer', `w${n}`, 10, 'careless'))
  const moved = (await Promise.all(movers.map(({ said }) => said))).flat()
  expect(await inOrderOfId(accounts.table)).not.toEqual(inOrder(balances, byVersion(moved)))
})

const balances = Array.from({ length: 40 }, (_, id) => ({ id, balance: 100, count: 0, stamps: '' }))
const byVersion = (told: readonly Said[]): readonly Said[] =>
  told.filter(({ version }) => version !== undefined).toSorted((a, b) => Number(a.version) - Number(b.version))
const inOrderOfId = async (table: DeltaTable): Promise<readonly DeltaRow[]> =>
  (await table.collect()).toSorted((a, b) => Number(a['id']) - Number(b['id']))

const keysOf = async (table: DeltaTable): Promise<readonly string[]> =>
  (await table.collect()).map(({ writer: by, n, part }) => `${by} ${n} ${part}`).toSorted()
const keysTold = (told: readonly Said[]): readonly string[] =>
  told
    .flatMap(({ writer: by, n, rows }) => Array.from({ length: rows ?? 0 }, (_, part) => `${by} ${n} ${part}`))
    .toSorted()

it('gives changes by several processes an order in which they could have been made one after the other', async () => {
  const { folder, table } = await films({ id: 'long', balance: 'long', count: 'long', stamps: 'string' })
  await table.append(balances.slice(0, 20))
  await table.append(balances.slice(20))
  const optimizer = writer(folder, 'optimize', 'optimizer')
  const writers = ['transfer', 'transfer', 'change', 'merge'].map((kind, n) => writer(folder, kind, `w${n + 1}`, 40))
  const told = (await Promise.all(writers.map(({ said }) => said))).flat()
  const optimized = await stopped(optimizer)

  const done = byVersion(told)
  expect(done.length).toBeGreaterThan(120)
  expect(new Set(done.map(({ version }) => version)).size).toBe(done.length)
  expect(optimized.some(({ filesRemoved = 0 }) => filesRemoved > 0)).toBe(true)
  const other = await openDelta(folder)
  onTestFinished(() => other.close())
  expect(await inOrderOfId(other)).toEqual(inOrder(balances, done))
})

/** What changes come to, made one after the other. */
function inOrder(rows: readonly DeltaRow[], changes: readonly Said[]): readonly DeltaRow[] {
  const table = new Map(rows.map((row) => [Number(row['id']), { ...row }]))
  const change = (id: number, how: (row: Record<string, unknown>) => object): void => {
    table.set(id, { ...table.get(id), ...how(table.get(id) ?? {}) })
  }
  const add = (id: number, amount: number): void => change(id, (row) => ({ balance: Number(row['balance']) + amount }))
  for (const { ids = [], stamp, from, to, amount, merged = [] } of changes) {
    if (from !== undefined) add(from, -(amount ?? 0))
    if (to !== undefined) add(to, amount ?? 0)
    for (const id of ids)
      change(id, (row) => ({ count: Number(row['count']) + 1, stamps: `${String(row['stamps'])} ${stamp}` }))
    for (const row of merged) table.set(row.id, { ...row })
  }
  return [...table.values()].toSorted((a, b) => Number(a['id']) - Number(b['id']))
}
