// a process that wants locks: `lock-taker.ts` writes `ready`; for each line `take PATH` it writes `won` or `lost`, for each other `free`, when it holds none
import { createInterface } from 'node:readline'
import { LockError } from '../../src/errors.ts'
import { acquireLock, type Lock } from '../../src/pipeline/lock.ts'

const say = (word: string): void => void process.stdout.write(`${word}\n`)
let held: Lock | undefined
say('ready')
for await (const line of createInterface({ input: process.stdin })) {
  const [, path] = /^take (.*)$/.exec(line) ?? []
  if (path === undefined) {
    await held?.release()
    held = undefined
    say('free')
  } else {
    const who = { run_id: `of-${process.pid}`, command: 'run' }
    held = await acquireLock(path, who, () => new Date()).catch((error: unknown) => {
      if (!(error instanceof LockError)) throw error
      return undefined
    })
    say(held === undefined ? 'lost' : 'won')
  }
}
