import { readFile } from 'node:fs/promises'
import { z } from 'zod'
import { TableError } from '../errors.ts'
import { writeFileAtomically } from './write-file.ts'

/** Which version of each table readers see: those of the last run that passed its gates. */
export interface Published {
  readonly run_id: string
  readonly at: string
  readonly versions: Readonly<Record<string, number>>
}

const format = 1
const schema = z.object({
  run_id: z.string(),
  at: z.string(),
  versions: z.record(z.string(), z.int()),
})

/** What is published, or undefined when nothing has been yet. Throws TableError when the file is damaged or of a newer movielake. */
export async function readPublished(path: string): Promise<Published | undefined> {
  const document = await readDocument(path)
  if (document === undefined) return undefined
  requireFormat(path, document)
  const { data, error } = schema.safeParse(document)
  if (data !== undefined) return data
  throw new TableError(`${path}: damaged`, {
    fault: 'corrupt',
    cause: error,
    hint: 'run: movielake build, which writes it anew',
  })
}

/** What is published; undefined also where the file is damaged: who may write makes it anew. Throws TableError when it is of a newer movielake. */
export async function readPublishedIfWhole(path: string): Promise<Published | undefined> {
  const document = await readDocument(path)
  requireFormat(path, document)
  return schema.safeParse(document).data
}

/** Throws TableError when a newer movielake has published here: this one could break what it does not know. */
export async function checkFormat(path: string): Promise<void> {
  requireFormat(path, await readDocument(path))
}

/** From now on readers see these versions, all of them at once. */
export async function writePublished(path: string, published: Published): Promise<void> {
  await writeFileAtomically(path, `${JSON.stringify({ format, ...published }, null, 2)}\n`)
}

/** The file as JSON; undefined when there is none, null when it is no JSON. */
async function readDocument(path: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path, 'utf8'))
  } catch (error) {
    if (error instanceof SyntaxError) return null
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

function requireFormat(path: string, document: unknown): void {
  const { data } = z.object({ format: z.number() }).safeParse(document)
  if (data === undefined || data.format <= format) return
  throw new TableError(`${path}: the lake has format ${data.format}, this movielake knows up to ${format}`, {
    fault: 'unsupported',
    hint: 'the lake was made by a newer movielake: update this one',
  })
}
