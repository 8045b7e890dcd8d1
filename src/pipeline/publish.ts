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
  format: z.int(),
  run_id: z.string(),
  at: z.string(),
  versions: z.record(z.string(), z.int()),
})

/** What is published, or undefined when nothing has been yet. Throws TableError when the file is damaged or of a newer movielake. */
export async function readPublished(path: string): Promise<Published | undefined> {
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
  const { format: found, ...published } = parse(path, text)
  if (found > format) {
    throw new TableError(`${path}: the lake has format ${found}, this movielake knows up to ${format}`, {
      fault: 'unsupported',
      hint: 'the lake was made by a newer movielake: update this one',
    })
  }
  return published
}

/** From now on readers see these versions, all of them at once. */
export async function writePublished(path: string, published: Published): Promise<void> {
  await writeFileAtomically(path, `${JSON.stringify({ format, ...published }, null, 2)}\n`)
}

function parse(path: string, text: string): z.infer<typeof schema> {
  try {
    return schema.parse(JSON.parse(text))
  } catch (cause) {
    throw new TableError(`${path}: damaged`, {
      fault: 'corrupt',
      cause,
      hint: 'delete the file and run: movielake build',
    })
  }
}
