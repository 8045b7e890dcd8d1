import { randomUUID } from 'node:crypto'
import { access, constants, readdir, rm, rmdir, utimes } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { LakePaths } from '../config/paths.ts'
import { isLeftBehind, processMark, processMarkPattern } from './process-mark.ts'

const hourMs = 60 * 60 * 1000
const folderName = new RegExp(`^movielake-(${processMarkPattern})-[0-9a-f]{8}$`)

/**
 * A path, not made yet, for what this process puts aside while it computes: in `parent`, or in the lake where that can be written,
 * else in the system's folder for such files. Its name says whose it is, so that `clearDeadFolders` finds what a killed process left.
 */
export async function nameTemporaryFolder(paths: LakePaths, parent: string | null): Promise<string> {
  const name = `movielake-${processMark()}-${randomUUID().slice(0, 8)}`
  return join(parent ?? ((await isWritable(paths.root)) ? paths.temporary : tmpdir()), name)
}

/**
 * Shows each hour that who works in the folder lives, until the function it answers is called: who writes nothing for a day, such as
 * a dashboard, counts as dead in other containers.
 */
export function touchHourly(folder: string): () => void {
  const touch = (): Promise<void> =>
    utimes(folder, new Date(), new Date()).catch(() => {
      // not made yet, or the disk refuses: there are 23 more in a day
    })
  const timer = setInterval(() => void touch(), hourMs).unref()
  return () => clearInterval(timer)
}

/** The folder is gone afterwards, and the one above it when that is the lake's and empty. */
export async function removeTemporaryFolder(paths: LakePaths, folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true })
  await rmdir(paths.temporary).catch(() => {
    // others are at work in it, or there is none
  })
}

/** What killed processes left in `parent` is gone afterwards; of another machine's, what has not been touched for a day. */
export async function clearDeadFolders(parent: string): Promise<void> {
  const names = await readdir(parent).catch(() => [])
  for (const name of names) {
    const mark = folderName.exec(name)?.[1]
    const path = join(parent, name)
    if (mark !== undefined && (await isLeftBehind(mark, path))) await rm(path, { recursive: true, force: true })
  }
}

const isWritable = (folder: string): Promise<boolean> =>
  access(folder, constants.W_OK).then(
    () => true,
    () => false,
  )
