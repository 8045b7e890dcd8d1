import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import * as fs from 'node:fs/promises'
import path from 'node:path'
import type { Disk } from '../../../src/delta/local-storage.ts'

/** A file, whichever names it has. */
interface File {
  readonly kind: 'file'
  /** What the disk was asked to keep; undefined when it never was. */
  synced: Buffer | undefined
  /** What programs read, while the file has a name. */
  written: Buffer
}
interface Folder {
  readonly kind: 'folder'
  /** What each name has meant since the folder was synced last: the first is certain to be kept, the last is what programs see. */
  readonly names: Map<string, (File | Folder | undefined)[]>
}

/** What a power cut left: files by their path within the folder. */
export type Image = ReadonlyMap<string, Buffer>

/** Decides what a disk had got round to, of what nobody made it wait for. */
export interface Fate {
  /** Which of a name's meanings stays, the oldest first. */
  pick<T>(meanings: readonly T[]): T
  /** What stays of a file's content that was never synced. */
  keep(content: Buffer): Buffer
}

const oldest = <T>(meanings: readonly T[]): T => meanings[0] as T
const newest = <T>(meanings: readonly T[]): T => meanings.at(-1) as T

/** Fates a disk may have for good or ill; programs that are killed find `everything`. */
export const fates = {
  everything: { pick: newest, keep: (content) => content },
  nothing: { pick: oldest, keep: () => Buffer.alloc(0) },
  'names alone': { pick: newest, keep: () => Buffer.alloc(0) },
  'half of each file': { pick: newest, keep: (content) => content.subarray(0, content.length / 2) },
  'files without names': { pick: oldest, keep: (content) => content },
} satisfies Record<string, Fate>

/** Anything may stay, by numbers from 0 to 1. */
export const chance = (random: () => number): Fate => ({
  pick: (meanings) => meanings[Math.floor(random() * meanings.length)] as (typeof meanings)[number],
  keep: (content) => content.subarray(0, Math.floor((content.length + 1) * random())),
})

/**
 * A folder of a real disk that knows what of it would outlast a power cut: contents of files that were synced, and names in folders that were.
 * Of the rest anything may be left. What other programs write there is seen, and lasts when it is synced here.
 */
export class PowerDisk {
  /** To be handed to a store. */
  readonly disk: Disk
  readonly #folder: string
  readonly #root: Folder = { kind: 'folder', names: new Map() }
  /** Files by their number on the real disk. */
  readonly #files = new Map<string, File>()
  #callsLeft = Infinity
  /** Called before and after each thing that is asked of the disk. */
  onMoment: (what: string) => void = () => {}

  constructor(folder: string, forgets: 'files' | 'folders' | undefined = undefined) {
    this.#folder = folder
    const around =
      <A extends readonly unknown[], R>(name: string, call: (...args: A) => Promise<R>) =>
      async (...args: A): Promise<R> => {
        this.#moment(`before ${name}`)
        if (this.#callsLeft === 0) throw new Error('the program was killed')
        this.#callsLeft -= 1
        try {
          return await call(...args)
        } finally {
          this.#moment(`after ${name}`)
        }
      }
    const open: Disk['open'] = async (file, ...flags) => {
      const handle = await fs.open(file, ...flags)
      const [write, sync] = [handle.writeFile.bind(handle), handle.sync.bind(handle)]
      handle.writeFile = around('write', write)
      handle.sync = around('sync', async () => {
        await sync()
        const isFile = (await handle.stat()).isFile()
        if (forgets !== (isFile ? 'files' : 'folders')) this.#keep(String(file))
      })
      return handle
    }
    this.disk = {
      ...fs,
      open: around('open', open),
      link: around('link', fs.link),
      rename: around('rename', fs.rename),
      rm: around('rm', fs.rm),
      rmdir: around('rmdir', fs.rmdir),
      mkdir: around('mkdir', fs.mkdir as (...args: readonly unknown[]) => Promise<undefined>) as Disk['mkdir'],
    }
  }

  /** Lets so many calls through and none after them, as if the program had been killed. */
  stopAfter(calls: number): void {
    this.#callsLeft = calls
  }

  /** Where a file of this name lies. */
  locate(name: string): string {
    return path.join(this.#folder, name)
  }

  /** What a power cut at this moment leaves. */
  image({ pick, keep }: Fate): Image {
    const kept = new Map<File, Buffer>()
    const image = new Map<string, Buffer>()
    const walk = (folder: Folder, at: string): void => {
      for (const [name, meanings] of folder.names) {
        const node = pick(meanings)
        const place = path.posix.join(at, name)
        if (node?.kind === 'folder') walk(node, place)
        if (node?.kind !== 'file') continue
        if (!kept.has(node)) kept.set(node, node.synced ?? keep(node.written))
        image.set(place, kept.get(node) ?? node.written)
      }
    }
    walk(this.#root, '')
    return image
  }

  #moment(what: string): void {
    this.#look(this.#root, this.#folder)
    this.onMoment(what)
  }

  /** Notices what has changed in a folder, whoever did it. */
  #look(folder: Folder, at: string): void {
    const entries = readdirSync(at, { withFileTypes: true })
    for (const entry of entries) {
      const meanings = folder.names.get(entry.name) ?? [undefined]
      folder.names.set(entry.name, meanings)
      const place = path.join(at, entry.name)
      const before = meanings.at(-1)
      const now = entry.isDirectory() ? subfolder(before) : this.#file(place)
      if (now !== before) meanings.push(now)
      if (now.kind === 'folder') this.#look(now, place)
    }
    const there = new Set(entries.map(({ name }) => name))
    for (const [name, meanings] of folder.names)
      if (!there.has(name) && meanings.at(-1) !== undefined) meanings.push(undefined)
  }

  #file(place: string): File {
    const { ino, birthtimeNs, size } = statSync(place, { bigint: true })
    const number = `${ino} ${birthtimeNs}`
    const file = this.#files.get(number) ?? { kind: 'file', synced: undefined, written: Buffer.alloc(0) }
    this.#files.set(number, file)
    // nothing here changes a file that has its content
    if (file.synced === undefined && BigInt(file.written.length) !== size) file.written = readFileSync(place)
    return file
  }

  #keep(place: string): void {
    this.#look(this.#root, this.#folder)
    const parts = path.relative(this.#folder, place).split(path.sep).filter(Boolean)
    let node: File | Folder | undefined = this.#root
    for (const part of parts) node = node?.kind === 'folder' ? node.names.get(part)?.at(-1) : undefined
    if (node?.kind === 'file') node.synced = node.written
    if (node?.kind !== 'folder') return
    for (const [name, meanings] of node.names) {
      const last = meanings.at(-1)
      if (last === undefined) node.names.delete(name)
      else node.names.set(name, [last])
    }
  }
}

const subfolder = (before: File | Folder | undefined): Folder =>
  before?.kind === 'folder' ? before : { kind: 'folder', names: new Map() }

/** Puts what a power cut left into an empty folder. */
export async function restoreImage(image: Image, folder: string): Promise<void> {
  await fs.mkdir(folder, { recursive: true })
  for (const [place, content] of image) {
    await fs.mkdir(path.dirname(path.join(folder, place)), { recursive: true })
    await fs.writeFile(path.join(folder, place), content)
  }
}

/** Equal for images that are alike. */
export function imageKey(image: Image): string {
  const hash = createHash('sha1')
  for (const [place, content] of [...image].toSorted(([a], [b]) => (a < b ? -1 : 1)))
    hash.update(`${place}\0${content.length}\0`).update(content)
  return hash.digest('hex')
}
