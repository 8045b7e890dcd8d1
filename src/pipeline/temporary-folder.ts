import { randomUUID } from 'node:crypto'
import { access, constants, readdir, rm, rmdir, utimes } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { LakePaths } from '../config/paths.ts'
import { StorageError } from '../errors.ts'
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

/**
 * What killed processes left in `parent` is gone afterwards; of another machine's, what has not been touched for a day. What this user may
 * not remove stays. Throws StorageError when nobody can tell what lies there.
 */
export async function clearDeadFolders(parent: string): Promise<void> {
  for (const name of await namesIn(parent)) {
    const mark = folderName.exec(name)?.[1]
    if (mark !== undefined) await clearIfDead(mark, join(parent, name))
  }
}

async function clearIfDead(mark: string, path: string): Promise<void> {
  try {
    if (await isLeftBehind(mark, path)) await rm(path, { recursive: true, force: true })
  } catch (error) {
    // another user's: their next run clears it
    if (!isRefusal(error)) throw error
  }
}

/** The names in a folder, none when it is not there yet. */
async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder)
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException
    if (code === 'ENOENT') return []
    throw new StorageError(`${folder}: cannot be searched for what killed processes left (${code})`, {
      cause,
      hint: 'give access there, or name another folder with duckdb.temp_directory',
    })
  }
}

const isRefusal = (error: unknown): boolean => ['EACCES', 'EPERM'].includes((error as NodeJS.ErrnoException).code ?? '')

const isWritable = (folder: string): Promise<boolean> =>
  access(folder, constants.W_OK).then(
    () => true,
    () => false,
  )
