import { statSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { ConfigError } from '../../../../src/errors.ts'
import { buildDay, readCatalogue, type Day, type Film } from '../../../../src/sources/tmdb/demo/catalogue.ts'
import { buildMovieBody } from '../../../../src/sources/tmdb/demo/movie-body.ts'

const catalogue = await readCatalogue()
const days = new Map(catalogue.days.map((date) => [date, buildDay(catalogue, date)]))
const dayOf = (date: string): Day => days.get(date) ?? buildDay(catalogue, date)
const newest = dayOf('2026-11-22')
const films = [...newest.films.values()]

const assignment = [
  299534, 19995, 140607, 299536, 597, 135397, 420818, 24428, 168259, 99861, 284054, 12445, 181808, 330457, 351286,
  109445, 321612, 260513,
]

const people = (film: Film): string[] => film.cast.map(([id]) => catalogue.people[id]?.[0] ?? '')
const directors = (film: Film): string[] =>
  film.crew.filter(([, , job]) => job === 'Director').map(([id]) => catalogue.people[id]?.[0] ?? '')
const genres = (film: Film): string[] => film.genres.map(([, name]) => name)
const filmOn = (date: string, id: number): Film | undefined => dayOf(date).films.get(id)

describe('the catalogue', () => {
  it('is at most 2 MB', () => {
    const file = new URL('../../../../src/sources/tmdb/demo/catalogue/catalogue.json.gz', import.meta.url)
    expect(statSync(file).size).toBeLessThan(2e6)
  })

  it('has about 400 films, those of the assignment with everybody in them', () => {
    expect(films.length).toBeGreaterThan(380)
    expect(films.length).toBeLessThan(450)
    for (const id of assignment) {
      const film = newest.films.get(id)
      expect((film?.cast.length ?? 0) + (film?.crew.length ?? 0)).toBeGreaterThan(65)
    }
    expect(filmOn('2025-12-09', 24428)).toMatchObject({ cast: { length: 113 }, crew: { length: 641 } })
  })

  it('has no texts and no images', () => {
    for (const date of ['2025-12-09', '2026-11-22']) {
      const day = dayOf(date)
      const bodies = [...day.films.values()].map((film) =>
        buildMovieBody(catalogue, day, film, ['credits', 'keywords']),
      )
      expect(bodies.filter(({ overview, tagline, homepage }) => [overview, tagline, homepage].join('') !== '')).toEqual(
        [],
      )
      expect(JSON.stringify(bodies)).not.toMatch(/_path":(?!null)|\.(jpg|png|svg)|https?:/)
    }
  })

  it('has all 19 genres of TMDB, and no other', () => {
    expect([...new Set(films.flatMap(genres))].sort()).toEqual(
      [
        'Action',
        'Adventure',
        'Animation',
        'Comedy',
        'Crime',
        'Documentary',
        'Drama',
        'Family',
        'Fantasy',
        'History',
      ].concat(['Horror', 'Music', 'Mystery', 'Romance', 'Science Fiction', 'TV Movie', 'Thriller', 'War', 'Western']),
    )
  })

  it('spans more than six decades and ten languages', () => {
    expect(new Set(films.map((film) => film.release_date.slice(0, 3))).size).toBeGreaterThan(10)
    expect(new Set(films.map((film) => film.original_language)).size).toBeGreaterThan(20)
  })

  it('has hits for both searches of the assignment', () => {
    const hits = films.filter(
      (film) =>
        people(film).includes('Bruce Willis') && ['Science Fiction', 'Action'].every((g) => genres(film).includes(g)),
    )
    expect(hits.map((film) => film.title)).toEqual(
      expect.arrayContaining(['The Fifth Element', 'Armageddon', 'Looper']),
    )
    const tarantino = films.filter(
      (film) => people(film).includes('Uma Thurman') && directors(film).includes('Quentin Tarantino'),
    )
    expect(tarantino.map((film) => film.id).sort()).toEqual([24, 393, 680])
  })

  it('has flops, films without money, unit errors and films that are not released', () => {
    const flops = films.filter((film) => film.budget >= 10e6 && film.revenue > 0 && film.revenue < film.budget)
    expect(flops.length).toBeGreaterThan(10)
    expect(films.filter((film) => film.budget === 0 && film.revenue === 0).length).toBeGreaterThan(4)
    expect(films.filter((film) => film.budget > 0 && film.budget < 1000).length).toBeGreaterThan(1)
    expect(new Set(films.map((film) => film.status))).toEqual(new Set(['Released', 'Rumored', 'Post Production']))
  })

  it('has ties in revenue, budget and rating, and films of one title', () => {
    const tied = (values: readonly unknown[]): number => values.length - new Set(values).size
    expect(tied(films.filter((film) => film.revenue > 50e6).map((film) => film.revenue))).toBeGreaterThan(2)
    expect(tied(films.filter((film) => film.budget > 0).map((film) => film.budget))).toBeGreaterThan(50)
    expect(tied(films.map((film) => film.measures[0]?.[1]))).toBeGreaterThan(50)
    expect(films.filter((film) => film.title === 'The Host').map((film) => film.id)).toEqual([1255, 72710])
  })

  it('has films of several directors, directors of several films, and collections of several films', () => {
    expect(films.filter((film) => new Set(directors(film)).size > 1).length).toBeGreaterThan(15)
    const count = (name: string): number => films.filter((film) => directors(film).includes(name)).length
    expect(count('Steven Spielberg')).toBeGreaterThan(5)
    const sizes = new Map<number, number>()
    for (const { collection } of films) if (collection !== null) sizes.set(collection, (sizes.get(collection) ?? 0) + 1)
    expect([...sizes.values()].filter((size) => size > 1).length).toBeGreaterThan(15)
  })

  it('names everybody and everything its films refer to', () => {
    const { people: persons, companies, countries, languages, collections } = catalogue
    const nameless = films.filter(
      (film) =>
        [...film.cast, ...film.crew].some(([id]) => !persons[id]?.[0]) ||
        film.companies.some((id) => !companies[id]?.[0]) ||
        film.countries.some((iso) => !countries[iso]) ||
        film.languages.some((iso) => languages[iso] === undefined) ||
        (film.collection !== null && !collections[film.collection]) ||
        film.measures.length !== catalogue.days.length,
    )
    expect(nameless).toEqual([])
  })

  it('has each credit of a film once', () => {
    for (const film of films) {
      const ids = [...film.cast, ...film.crew].map(([, creditId]) => creditId)
      expect(new Set(ids).size).toBe(ids.length)
    }
  })
})

describe('a day', () => {
  it('counts until the next one begins', () => {
    expect(catalogue.days).toEqual(['2025-12-09', '2026-01-16', '2026-02-27', '2026-07-31', '2026-11-22'])
    expect(buildDay(catalogue, '2026-02-26').index).toBe(1)
    expect(buildDay(catalogue, '2031-01-01').index).toBe(4)
  })

  it.each(['2025-12-08', '2026-02-30', 'today', ''])('%s is refused', (date) => {
    expect(() => buildDay(catalogue, date)).toThrow(ConfigError)
  })

  it('has the numbers TMDB had on it, for the films of the assignment', () => {
    const numbers = catalogue.days.map((date) => filmOn(date, 299534)?.measures[dayOf(date).index])
    expect(numbers.slice(0, 4)).toEqual([
      [12.0878, 8.237, 26978],
      [19.2389, 8.237, 27130],
      [18.0326, 8.236, 27302],
      [38.5539, 8.238, 28148],
    ])
  })

  it('changes the popularity of nearly every film, and lets votes only grow', () => {
    for (const index of [1, 2, 3, 4]) {
      const changed = films.filter((film) => film.measures[index]?.[0] !== film.measures[index - 1]?.[0])
      expect(changed.length).toBeGreaterThan(films.length * 0.95)
      const fewer = films.filter(({ measures }) => (measures[index]?.[2] ?? 0) < (measures[index - 1]?.[2] ?? 0))
      expect(fewer).toEqual([])
    }
  })

  it('corrects a revenue, a title and a release date', () => {
    expect([filmOn('2026-02-27', 181808)?.revenue, filmOn('2026-07-31', 181808)?.revenue]).toEqual([
      1332698830, 1334407706,
    ])
    expect([filmOn('2026-01-16', 256040)?.title, filmOn('2026-02-27', 256040)?.title]).toEqual([
      'Baahubali: The Beginning',
      'Bāhubali: The Beginning',
    ])
    expect([filmOn('2025-12-09', 597)?.release_date, filmOn('2026-01-16', 597)?.release_date]).toEqual([
      '1997-11-18',
      '1997-12-18',
    ])
  })

  it('spells people as TMDB did', () => {
    const name = (date: string) => dayOf(date).people[51894]?.[0]
    expect([name('2026-01-16'), name('2026-02-27')]).toEqual(['J.A. Bayona', 'J. A. Bayona'])
  })

  it('releases films: one that was in post production, and one with its revenue later', () => {
    expect(catalogue.days.map((date) => filmOn(date, 50875)?.status)).toEqual([
      'Post Production',
      'Post Production',
      'Released',
      'Released',
      'Released',
    ])
    expect(catalogue.days.map((date) => [filmOn(date, 83533)?.status, filmOn(date, 83533)?.revenue])).toEqual([
      ['Post Production', 0],
      ['Released', 0],
      ['Released', 0],
      ['Released', 1490477656],
      ['Released', 1490477656],
    ])
  })

  it('lets films go, come back and come late', () => {
    const there = (id: number): boolean[] => catalogue.days.map((date) => filmOn(date, id) !== undefined)
    expect(there(18475)).toEqual([true, true, false, false, false])
    expect(there(116977)).toEqual([true, true, true, false, false])
    expect(there(25186)).toEqual([true, false, false, true, true])
    expect(there(1368166)).toEqual([false, true, true, true, true])
  })

  it('orders crew and genres otherwise, and the facts stay the same', () => {
    const bodyOn = (date: string) => {
      const day = dayOf(date)
      const film = day.films.get(603)
      if (film === undefined) throw new Error('no film 603')
      return buildMovieBody(catalogue, day, film, ['credits']) as { genres: unknown[]; credits: { crew: unknown[] } }
    }
    const [first, second] = [bodyOn('2025-12-09'), bodyOn('2026-01-16')]
    expect(second.credits.crew).not.toEqual(first.credits.crew)
    expect(second.credits.crew).toHaveLength(first.credits.crew.length)
    expect(second.credits.crew).toEqual(expect.arrayContaining(first.credits.crew))
    expect(second.genres).toEqual(expect.arrayContaining(first.genres))
  })
})
