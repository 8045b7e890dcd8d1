import { randomBytes } from 'node:crypto'
import { readdir, stat } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { isAlive, pidSpace } from './process-alive.ts'

const dayMs = 24 * 60 * 60 * 1000
/** The id alone may be that of a dead predecessor, in a container it always is. */
const token = randomBytes(3).toString('hex')

const hostMark = (): string => `${hostname().replaceAll(/[^a-z0-9.]/gi, '_')}.${pidSpace()}`

/** Whose something is that only this process works on, to be put into its name: `host.9b1e02c4d7aa-4711-3f9a1c`. */
export const processMark = (): string => `${hostMark()}-${process.pid}-${token}`

/** What `processMark` looks like, as a part of a regular expression. */
export const processMarkPattern = '[^-]+-\\d+-[0-9a-f]{6}'

/**
 * Whether what lies at `path`, a file or a flat folder with the mark of a process in its name, was left by one that died. Of another machine,
 * as each container is one, nobody can tell: it counts as left when nothing in it has been touched for a day.
 */
export async function isLeftBehind(mark: string, path: string): Promise<boolean> {
  const [host, pid, theirs] = mark.split('-')
  if (host !== hostMark()) return Date.now() - (await touchedMs(path)) > dayMs
  return Number(pid) === process.pid ? theirs !== token : !isAlive(Number(pid))
}

/** When something was last written to it; 1970 when it is gone. */
async function touchedMs(path: string): Promise<number> {
  const files = (await ifThere(readdir(path))) ?? []
  const stats = await Promise.all([path, ...files.map((file) => join(path, file))].map((each) => ifThere(stat(each))))
  return Math.max(...stats.map((each) => each?.mtimeMs ?? 0))
}

/** What was asked of a path; undefined when it is not there, or is no folder. */
const ifThere = <Answer>(asked: Promise<Answer>): Promise<Answer | undefined> =>
  asked.catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined
    throw error
  })
