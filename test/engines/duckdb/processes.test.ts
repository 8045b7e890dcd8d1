import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { beforeAll, expect, it, onTestFinished } from 'vitest'
import { bigint, stored, string } from '../../../src/table.ts'
import { compiled } from '../../compiled.ts'
import { tempFolder } from '../temp-folder.ts'
import { testLake } from '../test-lake.ts'

let program = ''
beforeAll(async () => {
  program = fileURLToPath(await compiled('test/engines/duckdb/writer.ts'))
})

const events = stored({
  name: 'bronze.events',
  grain: 'one row per event',
  key: ['id'],
  columns: { id: bigint('id'), note: string('note', { nullable: true }) },
})

function startWriter(...args: readonly string[]): ChildProcess {
  const writer = spawn(process.execPath, [program, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  onTestFinished(() => void writer.kill('SIGKILL'))
  return writer
}

/** Waits until the writer has written `text`. */
const output = (writer: ChildProcess, text: string): Promise<void> =>
  new Promise((resolve) => {
    let seen = ''
    writer.stdout?.on('data', (chunk) => {
      seen += String(chunk)
      if (seen.includes(text)) resolve()
    })
  })

it('keeps each row once when three processes append at the same time', async () => {
  const root = await tempFolder()
  const writers = [0, 100, 200].map((first) => startWriter('append', root, String(first), '20'))
  const codes = await Promise.all(writers.map((writer) => once(writer, 'exit').then(([code]: unknown[]) => code)))
  expect(codes).toEqual([0, 0, 0])
  const lake = await testLake({ root })
  const ids = (await (await lake.open(events)).collect()).map(({ id }) => id).sort((a, b) => a - b)
  expect(ids).toEqual([0, 100, 200].flatMap((first) => Array.from({ length: 20 }, (_, i) => first + i)))
  expect(await lake.state('bronze.events')).toMatchObject({ version: 59, rows: 60 })
})

it.each([20, 60, 110])('holds an old version or a new one when a merge is killed after %i ms', async (delayMs) => {
  const root = await tempFolder()
  const writer = startWriter('merge', root, '0', '1000')
  await output(writer, '\n1\n')
  await setTimeout(delayMs)
  const ended = once(writer, 'exit')
  writer.kill('SIGKILL')
  await ended
  const lake = await testLake({ root })
  const { version = -1 } = (await lake.state('bronze.events')) ?? {}
  const rows = await (await lake.open(events)).collect()
  expect(rows).toHaveLength(20_000)
  expect(new Set(rows.map(({ note }) => note))).toEqual(new Set([`round ${version}`]))
  await lake.append(events, [{ id: -1, note: 'after' }], { runId: 'after' })
})
