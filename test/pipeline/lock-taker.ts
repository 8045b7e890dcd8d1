// a process that wants a lock: `lock-taker.ts PATH` writes `ready`, waits for a line, writes `won` or `lost`, and holds it until its input ends
import { createInterface } from 'node:readline'
import { LockError } from '../../src/errors.ts'
import { acquireLock } from '../../src/pipeline/lock.ts'

const [path = ''] = process.argv.slice(2)
const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]()
process.stdout.write('ready\n')
await lines.next()
try {
  const lock = await acquireLock(path, { run_id: `of-${process.pid}`, command: 'run' }, () => new Date())
  process.stdout.write('won\n')
  await lines.next()
  await lock.release()
} catch (error) {
  process.stdout.write(error instanceof LockError ? 'lost\n' : `${String(error)}\n`)
}
