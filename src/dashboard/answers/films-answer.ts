import { z } from 'zod'
import { InputError } from '../../errors.ts'
import { films } from '../../report/films.ts'
import { filmSorts, type FilmRow, type FilmsAnswer } from '../api-types.ts'
import type { ShownFilms } from '../shown-films.ts'

/** Which films of a list are asked for, and in which order. */
export interface FilmsQuery {
  readonly sort: (typeof filmSorts)[number]
  readonly order: 'asc' | 'desc'
  readonly page: number
  readonly size: number
}

/** Rows of a film list that is asked for as a file. */
export const mostFilmsInFile = 10_000

// as many films as DuckDB puts in order without carrying along all columns of all the others
const mostInOneStep = 5000

const whole = (most: number) =>
  z.coerce.number(`a whole number from 1 to ${most}`).int().min(1, `at least 1`).max(most, `at most ${most}`)

const schema = z.object({
  sort: z.enum(filmSorts, `one of ${filmSorts.join(', ')}`).default('revenue_musd'),
  order: z.enum(['asc', 'desc'], 'asc or desc').default('desc'),
  page: whole(1_000_000).default(1),
  size: whole(50).default(25),
})

/** What of a query string is about the list. Throws InputError naming the parameter that is wrong. */
export function parseFilmsQuery(query: URLSearchParams): FilmsQuery {
  const given = Object.keys(schema.shape).flatMap((key) => {
    const value = query.get(key)
    return value === null || value === '' ? [] : [[key, value]]
  })
  const { data, error } = schema.safeParse(Object.fromEntries(given))
  if (data !== undefined) return data
  const [issue] = error.issues
  throw new InputError(`${issue?.path[0]?.toString() ?? 'films'}: ${issue?.message ?? 'not understood'}`)
}

/** A page of the films that are shown, those without a value last, ties by movie id. */
export async function answerFilms(shown: ShownFilms, asked: FilmsQuery): Promise<FilmsAnswer> {
  const total = await shown.count()
  return { films: await readFilms(shown, asked, asked.size), total, ...asked, ...shown.asked }
}

/** The first films of the list that go into a file. */
export function readFilmsFile(shown: ShownFilms, asked: FilmsQuery): Promise<readonly FilmRow[]> {
  return readFilms(shown, { ...asked, page: 1 }, mostFilmsInFile)
}

async function readFilms(shown: ShownFilms, { sort, order, page }: FilmsQuery, size: number) {
  const columns = Object.keys(films.columns).join(', ')
  const offset = (page - 1) * size
  const ordered = `ORDER BY ${sort} ${order} NULLS LAST, movie_id`
  const cut = `LIMIT $${shown.parameterCount + 1} OFFSET $${shown.parameterCount + 2}`
  const sql =
    offset + size <= mostInOneStep
      ? `SELECT ${columns} FROM shown\n${ordered}\n${cut}`
      : `SELECT ${columns} FROM shown\nWHERE movie_id IN (\n  SELECT movie_id FROM shown\n  ${ordered}\n  ${cut}\n)\n${ordered}`
  const rows = await shown.rows(sql, films.frame.types, [size, offset])
  return rows as readonly FilmRow[]
}
