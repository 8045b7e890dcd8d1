// one step on a table, by a process that kills itself: `killed.ts FOLDER STEP CALLS`, or at `copy`, in the middle of writing a data file
import * as fs from 'node:fs/promises'
import { readdirSync } from 'node:fs'
import { openDelta } from '../../../src/delta-table/index.ts'
import { LocalStorage, type Disk } from '../../../src/delta/local-storage.ts'
import { largeAppend, steps } from './crash-steps.ts'

const [folder = '', name = '', at = ''] = process.argv.slice(2)
const step = [...steps, largeAppend].find((one) => one.name === name)
if (step === undefined) throw new Error(`there is no step ${name}`)
const die = (): void => void process.kill(process.pid, 'SIGKILL')

let calls = 0
let isCounting = false
const counted =
  (method: keyof Disk) =>
  (...args: unknown[]) => {
    if (isCounting && (calls += 1) > Number(at)) die()
    return Reflect.apply(fs[method], fs, args) as never
  }
const disk = Object.fromEntries(
  (['link', 'mkdir', 'open', 'readdir', 'rename', 'rm', 'rmdir', 'stat'] as const).map((method) => [
    method,
    counted(method),
  ]),
) as unknown as Disk

const storage = new LocalStorage(folder, disk)
const [table, marks] = [
  await openDelta('films', { storage, threads: 1 }),
  await openDelta('films', { storage, threads: 1, rewriteBytes: 0 }),
]
const dataFiles = (): number =>
  readdirSync(folder, { recursive: true }).filter((file) => String(file).endsWith('.parquet')).length
const before = dataFiles()
if (at === 'copy') setInterval(() => dataFiles() > before && die(), 0)
isCounting = at !== 'copy'
await step.run(table, marks)
isCounting = false
process.stdout.write(`done ${calls}\n`)
await table.close()
await marks.close()
process.exit(0)
