import { accessSync, constants, statfsSync } from 'node:fs'
import { tmpdir } from 'node:os'

export function temporaryFolder() {
  const inMemory = '/dev/shm'
  try {
    accessSync(inMemory, constants.W_OK)
    const { bavail, bsize } = statfsSync(inMemory)
    return bavail * bsize >= 2 ** 30 ? inMemory : tmpdir()
  } catch {
    return tmpdir()
  }
}
