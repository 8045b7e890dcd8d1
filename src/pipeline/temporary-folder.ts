import { randomUUID } from 'node:crypto'
import { access, constants, readdir, rm, rmdir } from 'node:fs/promises'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import type { LakePaths } from '../config/paths.ts'
import { isAlive } from './process-alive.ts'

/** The names of the folders of this process: its id alone may be that of a dead predecessor. */
const ours = new Set<string>()

const prefix = (): string => `movielake-${hostname().replaceAll(/[^a-z0-9.]/gi, '_')}-`

/**
 * A path, not made yet, for what this process puts aside while it computes: in `parent`, or in the lake where that can be written,
 * else in the system's folder for such files. Its name says whose it is, so that `clearDeadFolders` finds what a killed process left.
 */
export async function nameTemporaryFolder(paths: LakePaths, parent: string | null): Promise<string> {
  const name = `${prefix()}${process.pid}-${randomUUID().slice(0, 8)}`
  ours.add(name)
  return join(parent ?? ((await isWritable(paths.root)) ? paths.temporary : tmpdir()), name)
}

/** The folder is gone afterwards, and the one above it when that is the lake's and empty. */
export async function removeTemporaryFolder(paths: LakePaths, folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true })
  await rmdir(paths.temporary).catch(() => {
    // others are at work in it, or there is none
  })
}

/** What killed processes of this machine left in `parent` is gone afterwards. */
export async function clearDeadFolders(parent: string): Promise<void> {
  const names = await readdir(parent).catch(() => [])
  for (const name of names) if (isOfDead(name)) await rm(join(parent, name), { recursive: true, force: true })
}

function isOfDead(name: string): boolean {
  if (!name.startsWith(prefix()) || ours.has(name)) return false
  const pid = Number(name.slice(prefix().length).split('-')[0])
  return Number.isInteger(pid) && (pid === process.pid || !isAlive(pid))
}

const isWritable = (folder: string): Promise<boolean> =>
  access(folder, constants.W_OK).then(
    () => true,
    () => false,
  )
