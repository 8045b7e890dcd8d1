import { randomUUID } from 'node:crypto'
import { link, mkdir, open, readdir, readFile, rm, stat } from 'node:fs/promises'
import path from 'node:path'
import { TableError } from '../errors.ts'
import { parseActions, type ReadAction } from './actions.ts'

/** The folder of a table's log. */
export const logFolder = (folder: string): string => path.join(folder, '_delta_log')

/** A version as file names spell it, twenty digits. */
export const versionName = (version: number): string => String(version).padStart(20, '0')

/** A complete checkpoint: the parts to read, in order. */
export interface CheckpointFiles {
  readonly version: number
  readonly parts: readonly string[]
}

/** What lies in a log's folder. Both lists ascend. */
export interface LogListing {
  readonly commits: readonly number[]
  readonly checkpoints: readonly CheckpointFiles[]
}

/** The commits and complete checkpoints of a table; undefined when it has no log. Multi-part checkpoints that lack a part are left out. */
export async function listLog(folder: string): Promise<LogListing | undefined> {
  const names = await readdir(logFolder(folder)).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined
    throw error
  })
  if (names === undefined) return undefined
  const commits: number[] = []
  const parts = new Map<string, string[]>()
  for (const name of names.sort()) {
    const commit = /^(\d{20})\.json$/.exec(name)
    if (commit !== null) commits.push(Number(commit[1]))
    const checkpoint = /^(\d{20})\.checkpoint(?:\.(\d{10})\.(\d{10}))?\.parquet$/.exec(name)
    if (checkpoint === null) continue
    const key = `${checkpoint[1] ?? ''} ${checkpoint[3] ?? '1'}`
    parts.set(key, [...(parts.get(key) ?? []), name])
  }
  const checkpoints = [...parts]
    .filter(([key, files]) => files.length === Number(key.split(' ')[1]))
    .map(([key, files]) => ({ version: Number(key.split(' ')[0]), parts: files }))
  if (commits.length === 0 && checkpoints.length === 0) return undefined
  return { commits, checkpoints: checkpoints.sort((a, b) => a.version - b.version) }
}

/** The actions of one commit. Throws TableError: `missing` when the log has no such version (any more), `corrupt` when it is damaged. */
export async function readCommit(folder: string, version: number): Promise<readonly ReadAction[]> {
  const file = path.join(logFolder(folder), `${versionName(version)}.json`)
  const text = await readFile(file, 'utf8').catch((cause: NodeJS.ErrnoException) => {
    if (cause.code !== 'ENOENT') throw cause
    throw new TableError(`${file}: the log has no version ${version}`, { fault: 'missing', cause })
  })
  return parseActions(text, file)
}

/** When a commit's file was written, in milliseconds: the best there is where the commit itself does not say. */
export const writtenAt = async (folder: string, version: number): Promise<number> =>
  (await stat(path.join(logFolder(folder), `${versionName(version)}.json`))).mtimeMs

/** True when the commit is now the table's version; false when another one had that version first. It has reached the disk either way. */
export async function putCommit(folder: string, version: number, text: string): Promise<boolean> {
  const log = logFolder(folder)
  await makeFolder(log)
  const temporary = path.join(log, `.${versionName(version)}.${randomUUID()}.tmp`)
  try {
    await writeDurably(temporary, text)
    // unlike rename, link fails when the name is taken
    await link(temporary, path.join(log, `${versionName(version)}.json`))
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false
    throw error
  } finally {
    await rm(temporary, { force: true }).catch(() => {
      // litter: it must not make a commit that stands look as if it had failed
    })
  }
  await syncFile(log).catch((cause: unknown) => {
    throw new TableError(`${log}: version ${version} was written, but the disk did not confirm it`, {
      fault: 'corrupt',
      cause,
    })
  })
  return true
}

/** Makes a folder and those above it, and waits until the disk has the new ones. */
export async function makeFolder(folder: string): Promise<void> {
  const first = await mkdir(folder, { recursive: true })
  if (first === undefined) return
  for (let made = folder; made.length >= first.length; made = path.dirname(made)) await syncFile(path.dirname(made))
}

/** Writes a new file and waits until the disk has it. */
export async function writeDurably(file: string, content: string | Uint8Array): Promise<void> {
  const handle = await open(file, 'wx')
  try {
    await handle.writeFile(content)
    await handle.sync()
  } finally {
    await handle.close()
  }
}

/** Waits until the disk has a file, or a folder's list of names. */
export async function syncFile(file: string): Promise<void> {
  const handle = await open(file, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}
