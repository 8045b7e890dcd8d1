// a process that wants a lock: `lock-taker.ts PATH START_MS HOLD_MS`, writes `won` or `lost`
import { setTimeout } from 'node:timers/promises'
import { LockError } from '../../src/errors.ts'
import { acquireLock } from '../../src/pipeline/lock.ts'

const [path = '', start = '0', hold = '0'] = process.argv.slice(2)
await setTimeout(Math.max(0, Number(start) - Date.now()))
try {
  const lock = await acquireLock(path, { run_id: `of-${process.pid}`, command: 'run' }, () => new Date())
  process.stdout.write('won\n')
  await setTimeout(Number(hold))
  await lock.release()
} catch (error) {
  process.stdout.write(error instanceof LockError ? 'lost\n' : `${String(error)}\n`)
}
