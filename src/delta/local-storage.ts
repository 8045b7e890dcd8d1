import { randomUUID } from 'node:crypto'
import * as fs from 'node:fs/promises'
import path from 'node:path'
import { TableError } from '../errors.ts'
import type { ByteRange, FileInfo, Storage } from './storage.ts'

/** What is asked of the disk; Node's own module, or one that behaves like it. */
export type Disk = Pick<typeof fs, 'link' | 'mkdir' | 'open' | 'readdir' | 'rename' | 'rm' | 'rmdir' | 'stat'>

/** A table's folder on a local disk. */
export class LocalStorage implements Storage {
  readonly root: string
  readonly #disk: Disk
  /** Folders of which this store knows that the disk has them. */
  readonly #lasting = new Set<string>()

  constructor(folder: string, disk: Disk = fs) {
    this.root = path.resolve(folder)
    this.#disk = disk
  }

  locate(relative: string): string {
    return path.resolve(this.root, relative)
  }

  async list(folder: string): Promise<readonly string[]> {
    const entries = await orUndefined(this.#disk.readdir(this.locate(folder), { recursive: true, withFileTypes: true }))
    // a log has thousands of files and one folder
    const prefixes = new Map<string, string>()
    const prefix = (parent: string): string => {
      const relative = path.relative(this.root, parent).replaceAll(path.sep, '/')
      const found = relative === '' ? '' : `${relative}/`
      prefixes.set(parent, found)
      return found
    }
    return (entries ?? [])
      .filter((entry) => entry.isFile())
      .map(({ parentPath, name }) => (prefixes.get(parentPath) ?? prefix(parentPath)) + name)
      .sort()
  }

  async read(file: string, range?: ByteRange): Promise<Buffer | undefined> {
    const handle = await orUndefined(this.#disk.open(this.locate(file)))
    if (handle === undefined) return undefined
    try {
      if (range === undefined) return await handle.readFile()
      const bytes = Buffer.alloc(range.length)
      const { bytesRead } = await handle.read(bytes, 0, range.length, range.offset)
      return bytes.subarray(0, bytesRead)
    } finally {
      await handle.close()
    }
  }

  put(file: string, content: string | Uint8Array): Promise<void> {
    return this.#place(file, content, this.#disk.rename)
  }

  async putIfAbsent(file: string, content: string | Uint8Array): Promise<boolean> {
    try {
      // unlike rename, link fails when the name is taken
      await this.#place(file, content, this.#disk.link)
      return true
    } catch (error) {
      if (hasCode(error, 'EEXIST')) return false
      throw error
    }
  }

  /** Writes the content under another name first, so that nobody sees a part of it. */
  async #place(file: string, content: string | Uint8Array, place: Disk['rename']): Promise<void> {
    const target = this.locate(file)
    const folder = path.dirname(target)
    await this.#makeFolder(folder)
    const temporary = path.join(folder, `.${path.basename(target)}.${randomUUID()}.tmp`)
    try {
      await this.#writeDurably(temporary, content)
      await place(temporary, target)
    } finally {
      await this.#disk.rm(temporary, { force: true }).catch(() => {
        // litter: it must not make a file that stands look as if it had failed
      })
    }
    await this.#sync(folder).catch((cause: unknown) => {
      throw new TableError(`${target}: was written, but the disk did not confirm it`, { fault: 'corrupt', cause })
    })
  }

  /** Removes a file, and the folders of the table that are empty then. */
  async delete(file: string): Promise<void> {
    const target = this.locate(file)
    await this.#disk.rm(target, { force: true })
    for (let folder = path.dirname(target); isWithin(this.root, folder); folder = path.dirname(folder)) {
      const isGone = await this.#disk.rmdir(folder).then(
        () => true,
        () => false,
      )
      if (!isGone) return
    }
  }

  async info(file: string): Promise<FileInfo | undefined> {
    const found = await orUndefined(this.#disk.stat(this.locate(file)))
    return found && { size: found.size, modifiedAt: found.mtimeMs }
  }

  async prepare(folder: string): Promise<void> {
    await this.#disk.mkdir(this.locate(folder), { recursive: true })
  }

  async persist(files: readonly string[]): Promise<void> {
    if (files[0] === undefined) return
    let folder = path.dirname(this.locate(files[0]))
    const folders = [folder]
    // that the folder was there does not mean the disk has it: who made it may have been killed, or a vacuum may have taken it meanwhile
    for (; folder !== this.root && isWithin(this.root, folder); folder = path.dirname(folder))
      folders.push(path.dirname(folder))
    // side by side, as a disk that is asked twice at once takes as long as for one
    await Promise.all([this.#syncEach(files.map((file) => this.locate(file))), this.#syncEach(folders)])
  }

  async #syncEach(files: readonly string[]): Promise<void> {
    for (const file of files) await this.#sync(file)
  }

  /** Makes a folder and those above it, and waits until the disk has them, even when somebody else made them, who may have been killed. */
  async #makeFolder(folder: string): Promise<void> {
    const first = (await this.#disk.mkdir(folder, { recursive: true })) ?? `${folder}/`
    const top = Math.min(first.length, this.root.length)
    for (let made = folder; made.length >= top; made = path.dirname(made)) {
      if (made.length < first.length && this.#lasting.has(made)) continue
      await this.#sync(path.dirname(made))
      this.#lasting.add(made)
    }
  }

  async #writeDurably(file: string, content: string | Uint8Array): Promise<void> {
    const handle = await this.#disk.open(file, 'wx')
    try {
      await handle.writeFile(content)
      await handle.sync()
    } finally {
      await handle.close()
    }
  }

  /** Waits until the disk has a file, or a folder's list of names. */
  async #sync(file: string): Promise<void> {
    const handle = await this.#disk.open(file, 'r')
    try {
      await handle.sync()
    } finally {
      await handle.close()
    }
  }
}

const isWithin = (root: string, folder: string): boolean => folder === root || folder.startsWith(root + path.sep)

const hasCode = (error: unknown, ...codes: readonly string[]): boolean =>
  error instanceof Error && 'code' in error && codes.includes(String(error.code))

const orUndefined = <T>(found: Promise<T>): Promise<T | undefined> =>
  found.catch((error: unknown) => {
    if (hasCode(error, 'ENOENT', 'ENOTDIR')) return undefined
    throw error
  })
