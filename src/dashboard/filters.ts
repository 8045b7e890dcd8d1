import { z } from 'zod'
import { InputError } from '../errors.ts'

/** From and to, both included; an end that is left out is open. */
export interface Range {
  readonly min?: number | undefined
  readonly max?: number | undefined
}

/** Which films are shown. What is left out lets every film pass; of several genres, months, languages or countries a film needs one. */
export interface Filters {
  readonly genre?: readonly string[] | undefined
  /** Years of release. */
  readonly years?: Range | undefined
  /** Months of release, 1 to 12. */
  readonly month?: readonly number[] | undefined
  /** ISO 639-1 codes. */
  readonly language?: readonly string[] | undefined
  readonly country?: readonly string[] | undefined
  /** True: films of a collection. False: those of none. */
  readonly franchise?: boolean | undefined
  /** TMDB id of the collection. */
  readonly collection?: number | undefined
  /** TMDB id of a person who directed. */
  readonly director?: number | undefined
  /** vote_average, 0 to 10. */
  readonly rating?: Range | undefined
  readonly votes?: Range | undefined
  /** A part of the title, in any case and without regard to accents. */
  readonly q?: string | undefined
}

const names = z.array(z.string().min(1).max(100)).max(50)
const id = z
  .string()
  .regex(/^\d{1,12}$/, { error: 'a TMDB id' })
  .transform(Number)

const range = (pattern: RegExp, like: string) =>
  z
    .string()
    .regex(pattern, { error: `a range like ${like}` })
    .refine((text) => text !== '-', { error: `a range like ${like}` })
    .transform(parseRange)
    .refine(({ min, max }) => min === undefined || max === undefined || min <= max, { error: 'the smaller end first' })

const schema = z.object({
  genre: names,
  years: range(/^\d{0,4}-\d{0,4}$/, '1990-1999, 1990- or -1999'),
  month: z
    .array(
      z
        .string()
        .regex(/^([1-9]|1[0-2])$/, { error: 'a month from 1 to 12' })
        .transform(Number),
    )
    .max(12),
  language: z.array(z.string().regex(/^[a-z]{2,3}$/, { error: 'a code like en' })).max(50),
  country: names,
  franchise: z.enum(['1', '0']).transform((text) => text === '1'),
  collection: id,
  director: id,
  rating: range(/^(\d{1,2}(\.\d{1,3})?)?-(\d{1,2}(\.\d{1,3})?)?$/, '7-10, 7.5- or -5'),
  votes: range(/^\d{0,9}-\d{0,9}$/, '100-, 100-5000 or -10'),
  q: z.string().min(1).max(100),
})
const manyValued: ReadonlySet<string> = new Set(['genre', 'month', 'language', 'country'])
const keys = Object.keys(schema.shape)

/** The filters of a query string: `genre=Action&genre=Drama&years=1990-1999&franchise=1`. Other parameters and empty ones are passed over. Throws InputError naming the parameter that is wrong. */
export function parseFilters(query: URLSearchParams): Filters {
  const given = keys.flatMap((key) => {
    const values = query.getAll(key).filter((value) => value !== '')
    if (values.length === 0) return []
    if (values.length > 1 && !manyValued.has(key)) throw new InputError(`${key}: given ${values.length} times`)
    return [[key, manyValued.has(key) ? values : values[0]] as const]
  })
  const { data, error } = schema.partial().safeParse(Object.fromEntries(given))
  if (data !== undefined) return data
  const [issue] = error.issues
  throw new InputError(`${issue?.path[0]?.toString() ?? 'filters'}: ${issue?.message ?? 'not understood'}`, {
    hint: `filters are ${keys.slice(0, -1).join(', ')} and ${keys.at(-1)}`,
  })
}

function parseRange(text: string): Range {
  const [min = '', max = ''] = text.split('-')
  return { ...(min !== '' && { min: Number(min) }), ...(max !== '' && { max: Number(max) }) }
}
