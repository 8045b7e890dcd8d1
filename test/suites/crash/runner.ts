// a run in a process of its own that may kill itself: `runner.ts {"options":{…},"command":"run","killAt":{…}}`
import { existsSync } from 'node:fs'
import { openLake, type LakeOptions } from '../../../src/index.ts'

/** What the process is to do, and when it is to end in the middle of it. */
export interface Task {
  readonly options: LakeOptions
  readonly command: 'run' | 'ingest' | 'build' | 'import'
  readonly files?: readonly string[]
  readonly fetchedAt?: string
  /** With this event of the lake, or as soon as this file is there. */
  readonly killAt: { readonly type: string; readonly step: string; readonly done?: number } | { readonly file: string }
}

const { options, command, files = [], fetchedAt, killAt }: Task = JSON.parse(process.argv[2] ?? '')
const die = (): void => void process.kill(process.pid, 'SIGKILL')
const lake = await openLake(options)
if ('file' in killAt) setInterval(() => existsSync(killAt.file) && die(), 1).unref()
else
  lake.on((event) => {
    const done = 'done' in event ? event.done : 0
    if ('step' in event && event.type === killAt.type && event.step === killAt.step && done >= (killAt.done ?? 0)) die()
  })
await (command === 'import' ? lake.import(files, { fetchedAt }) : lake[command]())
await lake.close()
