import { afterAll, describe, expect, it } from 'vitest'
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
  it('come clean, in order and without what means nothing, whatever is in them', async () => {
    const answers = films.map((one) => answer(one as unknown as Record<string, unknown>))
    const rows = await silverRows(engine, movies, answers)
    const found = new Map(rows.map((row) => [row.movie_id, row]))
    expect(found.size).toBeGreaterThan(300)
    for (const one of films) {
      const row = found.get(one.id)
      if (row === undefined) continue
      const byPlace = one.credits.cast.toSorted((a, b) => Math.min(place(a.order), 1e9) - Math.min(place(b.order), 1e9))
      const { genres, spoken_languages, cast, directors } = row
      expect({ id: one.id, genres, spoken_languages, cast, directors }).toEqual({
        id: one.id,
        genres: present(one.genres.map(({ name }) => name)),
        spoken_languages: present(one.spoken_languages.map((l) => clean(l.name) ?? l.english_name)),
        cast: present(byPlace.map(({ name }) => name)),
        directors: directorsOf(one),
      })
    }
    const links = await silverRows(engine, movieLanguages, answers)
    const spoken = (id: number) =>
      links.filter(({ movie_id }) => movie_id === id).toSorted((a, b) => (a.iso_639_1 < b.iso_639_1 ? -1 : 1))
    for (const one of films.filter(({ id }) => found.has(id)))
      expect(spoken(one.id).map(({ language }) => language)).toEqual(found.get(one.id)?.spoken_languages)
  })
})
