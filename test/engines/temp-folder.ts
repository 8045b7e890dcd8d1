import { mkdtemp, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { onTestFinished } from 'vitest'

/** Takes what is to be done at the end of a test, or of all that share something. */
export type OnEnd = (end: () => Promise<void>) => void

/** A new folder that is gone when the test ends; a test that runs beside others brings its own `onEnd`. */
export async function tempFolder(onEnd: OnEnd = onTestFinished): Promise<string> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'movielake-test-'))
  onEnd(() => rm(folder, { recursive: true, force: true }))
  return folder
}
