import { mkdtemp, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { onTestFinished } from 'vitest'

/** A new folder that is gone when the test ends; a test that runs beside others brings its own `onEnd`. */
export async function tempFolder(onEnd: typeof onTestFinished = onTestFinished): Promise<string> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'movielake-test-'))
  onEnd(() => rm(folder, { recursive: true, force: true }))
  return folder
}
