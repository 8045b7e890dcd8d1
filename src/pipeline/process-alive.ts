import { createHash } from 'node:crypto'
import { readFileSync, readlinkSync } from 'node:fs'

/** Whether a process of this machine runs, also one of another user. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/**
 * Where process ids count as they do here: in this namespace of processes, until the machine starts anew. Two containers may have one host
 * name, and so may two machines. Empty where the system has no such namespaces.
 */
export function pidSpace(): string {
  try {
    const text = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8') + readlinkSync('/proc/self/ns/pid')
    return createHash('sha256').update(text).digest('hex').slice(0, 12)
  } catch {
    // not Linux, or without /proc: the host name is all there is
    return ''
  }
}
