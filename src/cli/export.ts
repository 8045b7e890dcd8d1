import { once } from 'node:events'
import { createWriteStream, existsSync } from 'node:fs'
import { rename, rm } from 'node:fs/promises'
import { resolve } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import { PassThrough } from 'node:stream'
import { ConfigError } from '../errors.ts'
import type { Context } from './context.ts'
import { parseInstant } from './instant.ts'
import type { Lake } from '../index.ts'
import { counted } from '../report/numbers.ts'

interface Flags {
  readonly output?: string
  readonly asOf?: string
  readonly force?: boolean
}

/** Writes the latest payload of every movie, one a line, to standard output or to a file that is there only when it is whole. */
export async function exportPayloads(context: Context, { output, asOf, force = false }: Flags): Promise<number> {
  const at = { asOf: asOf === undefined ? undefined : parseInstant(asOf, '--as-of'), signal: context.io.signal }
  const file = output === undefined || output === '-' ? undefined : resolve(context.io.cwd, output)
  if (file !== undefined && existsSync(file) && !force)
    throw new ConfigError(`${file} exists`, { hint: '--force writes over it' })
  const lake = await context.lake()
  if (file === undefined) {
    await lake.export({ ...at, write: (text) => context.out.write(text) })
    return 0
  }
  const { movies } = await writeWhole(file, (write) => lake.export({ ...at, write }))
  if (context.flags.json === true) context.json({ file, movies })
  else context.out.line(`${counted(movies, 'movie')} in ${file}`)
  return 0
}

async function writeWhole<T>(
  file: string,
  work: (write: Parameters<Lake['export']>[0]['write']) => Promise<T>,
): Promise<T> {
  const partial = `${file}.${process.pid}.part`
  const source = new PassThrough()
  const target = createWriteStream(partial)
  const written = file.endsWith('.gz') ? pipeline(source, createGzip(), target) : pipeline(source, target)
  try {
    // a disk that is full ends the writing while the work still waits for it
    const result = await Promise.race([
      work(async (text) => {
        if (!source.write(text)) await once(source, 'drain')
      }),
      written.then(() => {
        throw new Error(`${file} was closed early`)
      }),
    ])
    source.end()
    await written
    await rename(partial, file)
    return result
  } catch (error) {
    source.destroy()
    await written.catch(() => undefined)
    await rm(partial, { force: true })
    throw error
  }
}
