import { InputError } from '../errors.ts'
import type { Context } from './context.ts'

/** Prints what there is of one movie. Throws InputError when there is nothing. */
export async function show(context: Context, _: object, [id = '']: readonly string[]): Promise<number> {
  const lake = await context.lake()
  const movie = await lake.show(Number(id))
  if (movie === undefined)
    throw new InputError(`there is no movie ${id} in this lake`, {
      hint: `movielake ingest --ids ${id} asks TMDB for it`,
    })
  if (context.flags.json === true) context.json(movie)
  else
    for (const [name, value] of Object.entries(movie))
      context.out.line(`${context.out.styled('bold', name)}  ${shown(value)}`)
  return 0
}

const shown = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value))
