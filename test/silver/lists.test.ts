import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { RowOf } from '../../src/frame/index.ts'
import { movieLanguages } from '../../src/silver/movie-languages.ts'
import { movies } from '../../src/silver/movies.ts'
import { actor, answer, closeEngines, director, film, member, openEngines, silverRows } from './given.ts'

const engines = await openEngines()
afterAll(() => closeEngines(engines))

// Lehmer's generator: the same films each time
let state = 20_251_209
const random = (): number => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647
const oneOf = <T>(all: readonly T[]): T => all[Math.floor(random() * all.length)] as T
const several = <T>(most: number, make: (i: number) => T): T[] =>
  Array.from({ length: Math.floor(random() * (most + 1)) }, (_, i) => make(i))

const odd = [
  ' Ann ',
  '',
  ' ',
  null,
  'N/A',
  'no data',
  ' No Data ',
  'N/A.',
  'a\nb',
  'N/A\nb',
  'b\n N/A',
  '\n',
  'x\n ',
  'é',
  '0',
]
// every other list has nothing odd in it, as nearly all lists of TMDB
const namer = () => {
  const names = random() < 0.5 ? ['Ann', 'Bob', 'Cy Y', 'Ça va'] : ['Ann', 'Bob', ...odd]
  return () => oneOf(names)
}

/** As the rules of the data have it. */
const clean = (text: string | null): string | null => {
  const trimmed = text?.replaceAll(/^ +| +$/g, '') ?? ''
  return ['', 'no data', 'n/a'].includes(trimmed.toLowerCase()) ? null : trimmed
}
const languageOf = (l: Film['spoken_languages'][number]) => clean(l.name) ?? l.english_name
const present = (texts: readonly (string | null)[]) => texts.map(clean).filter((text) => text !== null)

const films = Array.from({ length: 400 }, (_, i) => {
  const [name, language, person] = [namer(), namer(), namer()]
  const order = oneOf([
    (at: number) => at,
    (at: number) => String(at),
    (at: number) => at * 3,
    (at: number) => oneOf([at, null, 'x', -1, 1.5, '02', `${at}.0`]),
    () => Math.floor(random() * 12),
  ])
  const jobs = oneOf([['Director'], ['Editor'], ['Director', 'Editor', 'director', ' Director'], ['Editor', null]])
  const isFirst = random() < 0.5
  return film({
    id: i + 1,
    genres: several(4, (id) => ({ id, name: name() })),
    spoken_languages: several(3, (at) => ({ iso_639_1: `${at}`, name: language(), english_name: language() })),
    credits: {
      cast: several(14, (at) => actor(at, name() as string, { order: order(at) })),
      crew: [
        ...(isFirst ? [director(1, person() as string)] : []),
        ...several(4, (id) => member(id, person() as string, oneOf(jobs) as string)),
      ],
    },
  }) as unknown as Film
})

interface Film {
  readonly id: number
  readonly genres: readonly { readonly name: string | null }[]
  readonly spoken_languages: readonly { iso_639_1: string; name: string | null; english_name: string | null }[]
  readonly credits: {
    readonly cast: readonly { readonly name: string | null; readonly order: unknown }[]
    readonly crew: readonly { readonly id: number; readonly name: string | null; readonly job: string | null }[]
  }
}

/** Where in the cast an entry belongs: whole numbers, also as text; all others come last. */
const place = (order: unknown): number => {
  const text = /^([+-]?\d{1,18})([.]0*)?$/.exec(String(order))?.[1]
  return text === undefined ? Infinity : Number(text)
}

/** The directors by name: each person and spelling once, of a person's spellings the last. */
const directorsOf = ({ credits }: Film) => {
  const named = credits.crew
    .filter(({ job }) => job === 'Director')
    .flatMap(({ id, name }) => (clean(name) === null ? [] : [{ person_id: id, name: clean(name) ?? '' }]))
  const last = named.filter(
    (one) => !named.some(({ person_id, name }) => person_id === one.person_id && name > one.name),
  )
  return [...new Map(last.map((one) => [`${one.person_id} ${one.name}`, one])).values()].toSorted((a, b) =>
    a.name === b.name ? a.person_id - b.person_id : a.name < b.name ? -1 : 1,
  )
}

describe.each(engines)('lists of silver on $name', (engine) => {
  const answers = films.map((one) => answer(one as unknown as Record<string, unknown>))
  let kept: readonly { readonly film: Film; readonly row: RowOf<typeof movies.frame> }[] = []
  beforeAll(async () => {
    const rows = new Map((await silverRows(engine, movies, answers)).map((row) => [row.movie_id, row]))
    kept = films.flatMap((one) => rows.get(one.id) ?? []).map((row) => ({ film: films[row.movie_id - 1] as Film, row }))
    expect(kept.length).toBeGreaterThan(300)
  })

  it('have each name clean, and none that means nothing', () => {
    for (const { film: one, row } of kept)
      expect([one.id, row.genres]).toEqual([one.id, present(one.genres.map(({ name }) => name))])
  })

  it('take the English name of a language that has none of its own', () => {
    for (const { film: one, row } of kept)
      expect([one.id, row.spoken_languages]).toEqual([one.id, present(one.spoken_languages.map(languageOf))])
  })

  it('have the cast by billing order, whatever that is', () => {
    for (const { film: one, row } of kept) {
      const byPlace = one.credits.cast.toSorted((a, b) => Math.min(place(a.order), 1e9) - Math.min(place(b.order), 1e9))
      expect([one.id, row.cast]).toEqual([one.id, present(byPlace.map(({ name }) => name))])
    }
  })

  it('have each director once', () => {
    for (const { film: one, row } of kept) expect([one.id, row.directors]).toEqual([one.id, directorsOf(one)])
  })

  it('are linked as they are listed', async () => {
    const links = await silverRows(engine, movieLanguages, answers)
    const byPlace = links.toSorted((a, b) => (a.iso_639_1 < b.iso_639_1 ? -1 : 1))
    for (const { film: one, row } of kept) {
      const linked = byPlace.filter(({ movie_id }) => movie_id === one.id)
      expect([one.id, linked.map(({ language }) => language)]).toEqual([one.id, row.spoken_languages])
    }
  })
})
