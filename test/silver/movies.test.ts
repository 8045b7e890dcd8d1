import { afterAll, describe, expect, it } from 'vitest'
import { movies } from '../../src/silver/movies.ts'
import { actor, answer, closeEngines, director, film, member, openEngines, silverRows, tombstone } from './given.ts'

const engines = await openEngines()
afterAll(() => closeEngines(engines))

describe.each(engines)('silver.movies on $name', (engine) => {
  const rowsOf = (...rows: Parameters<typeof silverRows>[2]) => silverRows(engine, movies, rows)
  /** The rows of films with these changes, in their order; undefined for a film that silver leaves out. */
  const moviesOf = async (...changes: readonly Parameters<typeof film>[0][]) => {
    const rows = await rowsOf(...changes.map((change, i) => answer(film({ ...change, id: i + 1 }))))
    return changes.map((_, i) => rows.find((m) => m.movie_id === i + 1))
  }
  const movieOf = async (changes: Parameters<typeof film>[0]) => (await moviesOf(changes))[0]

  it('has one clean row for a movie', async () => {
    expect(await rowsOf(answer(film()))).toEqual([
      {
        movie_id: 603,
        title: 'The Matrix',
        original_title: 'The Matrix',
        tagline: 'Free your mind.',
        overview: 'A hacker learns what the world is.',
        release_date: '1999-03-31',
        original_language: 'en',
        collection_id: 2344,
        collection_name: 'The Matrix Collection',
        genres: ['Action', 'Science Fiction'],
        production_companies: ['Village Roadshow Pictures'],
        production_countries: ['United States of America'],
        spoken_languages: ['English'],
        cast: ['Keanu Reeves'],
        cast_size: 1,
        directors: [{ person_id: 9340, name: 'Lana Wachowski' }],
        crew_size: 1,
        budget_musd: 63,
        revenue_musd: 463.517383,
        runtime: 136,
        popularity: 80.5,
        vote_average: 8.2,
        vote_count: 25_000,
        imdb_id: 'tt0133093',
        poster_path: '/poster.jpg',
        backdrop_path: '/backdrop.jpg',
        homepage: 'http://www.warnerbros.com/matrix',
        adult: false,
        video: false,
      },
    ])
  })

  describe('which answer counts', () => {
    const titles = async (...rows: Parameters<typeof silverRows>[2]) => (await rowsOf(...rows)).map((m) => m.title)

    it('is the one fetched last', async () => {
      const old = answer(film({ title: 'Old' }), { at: '2025-12-09T10:00:00.000000Z', run: 'run-9' })
      const late = answer(film({ title: 'New' }), { at: '2025-12-09T10:00:00.000001Z', run: 'run-1' })
      expect(await titles(late, old)).toEqual(['New'])
    })

    it('is the one of the later run when two were fetched at one instant', async () => {
      expect(
        await titles(answer(film({ title: 'A' }), { run: 'run-2' }), answer(film({ title: 'B' }), { run: 'run-1' })),
      ).toEqual(['A'])
    })

    it('is found by the id: two movies of one title are two rows', async () => {
      const hosts = [film({ id: 1255, title: 'The Host' }), film({ id: 72710, title: 'The Host' })]
      const rows = await rowsOf(...hosts.map((host) => answer(host)))
      expect(rows.map((m) => m.movie_id).toSorted((a, b) => a - b)).toEqual([1255, 72710])
    })

    it('drops a movie whose last answer is a tombstone', async () => {
      expect(await titles(answer(film()), tombstone(603, { at: '2025-12-10T10:00:00.000000Z' }))).toEqual([])
    })

    it('takes back a movie that comes again after a tombstone', async () => {
      const back = answer(film({ title: 'Back' }), { at: '2025-12-11T10:00:00.000000Z' })
      expect(await titles(answer(film()), tombstone(603, { at: '2025-12-10T10:00:00.000000Z' }), back)).toEqual([
        'Back',
      ])
    })

    it('drops a movie that is no longer released', async () => {
      const planned = answer(film({ status: 'Planned' }), { at: '2025-12-10T10:00:00.000000Z' })
      expect(await titles(answer(film()), planned)).toEqual([])
    })

    it('reads a tombstone with a body that is no JSON', async () => {
      const gone = answer('<html>', { at: '2025-12-10T10:00:00.000000Z', status: 404 })
      expect(await titles(answer(film()), gone)).toEqual([])
    })
  })

  describe('text', () => {
    it('is trimmed', async () => {
      expect(await movieOf({ title: ' The Matrix ', overview: '  A hacker. ' })).toMatchObject({
        title: 'The Matrix',
        overview: 'A hacker.',
      })
    })

    it('is null where it is empty or stands for nothing, in any case of letters', async () => {
      const fields = ['overview', 'tagline', 'imdb_id', 'homepage', 'poster_path', 'original_title']
      const all = (text: string | null) => Object.fromEntries(fields.map((field) => [field, text]))
      const texts = ['', '   ', 'No Data', 'no data', 'N/A', 'n/a', ' N/a ']
      expect(await moviesOf(...texts.map(all))).toMatchObject(texts.map(() => all(null)))
    })

    it('stays where a null text is only part of it', async () => {
      expect(await movieOf({ tagline: 'No Data Left', overview: 'N/A?' })).toMatchObject({
        tagline: 'No Data Left',
        overview: 'N/A?',
      })
    })

    it('is left out of lists of names where it stands for nothing', async () => {
      const names = [{ name: ' Drama ' }, { name: 'N/A' }, { name: '' }, { name: null }, { id: 1 }]
      expect(await movieOf({ genres: names, production_companies: names, production_countries: names })).toMatchObject({
        genres: ['Drama'],
        production_companies: ['Drama'],
        production_countries: ['Drama'],
      })
    })

    it('that is a number is spelt as text', async () => {
      expect(await movieOf({ tagline: 1984 })).toMatchObject({ tagline: '1984' })
    })
  })

  describe('numbers', () => {
    it('are unknown where money and runtime are 0 or below', async () => {
      const unknown = { budget_musd: null, revenue_musd: null, runtime: null }
      const changes = [0, -1].map((zero) => ({ budget: zero, revenue: zero, runtime: zero }))
      expect(await moviesOf(...changes)).toMatchObject([unknown, unknown])
    })

    it('keep money as it came, not rounded', async () => {
      expect(await movieOf({ budget: 55, revenue: 1_234_567_891 })).toMatchObject({
        budget_musd: 0.000055,
        revenue_musd: 1234.567891,
      })
    })

    it('have no average without votes', async () => {
      expect(await movieOf({ vote_count: 0, vote_average: 7 })).toMatchObject({ vote_count: 0, vote_average: null })
    })

    it('keep the average of an answer that does not count votes', async () => {
      expect(await movieOf({ vote_count: undefined, vote_average: 7 })).toMatchObject({
        vote_count: null,
        vote_average: 7,
      })
    })

    it('are the same written 8, 8.0 and "8"', async () => {
      const written = ['8', '8.0', '"8"'].map((eight, i) =>
        answer(JSON.stringify(film({ vote_average: 'X', runtime: 'X' })).replaceAll('"X"', eight), {}, i),
      )
      const eights = { vote_average: 8, runtime: 8 }
      expect(await rowsOf(...written)).toMatchObject([eights, eights, eights])
    })

    it('are null where they do not fit', async () => {
      const odd = [99.5, 'long', true, 99_999_999_999, {}, []]
      expect(await moviesOf(...odd.map((runtime) => ({ runtime })))).toMatchObject(odd.map(() => ({ runtime: null })))
    })
  })

  describe('release_date', () => {
    const datesOf = async (...texts: readonly string[]) =>
      (await moviesOf(...texts.map((text) => ({ release_date: text })))).map((m) => m?.release_date)

    it('is null where it is empty, no day of the calendar, or written in another way', async () => {
      const texts = ['', 'N/A', '1999-02-30', '1999-13-01', '1999', '31.03.1999', '1999-03-31T00:00:00Z']
      expect(await datesOf(...texts)).toEqual(texts.map(() => null))
    })

    it('is null before 1888', async () => {
      const texts = ['0001-01-01', '1887-12-31', '1888-01-01', '9999-12-31']
      expect(await datesOf(...texts)).toEqual([null, null, '1888-01-01', '9999-12-31'])
    })
  })

  describe('languages', () => {
    it('fall back to the English name where they have none of their own', async () => {
      const spoken = [
        { iso_639_1: 'ha', name: '', english_name: 'Hausa' },
        { iso_639_1: 'fr', name: 'Français', english_name: 'French' },
        { iso_639_1: 'xx', name: '', english_name: '' },
      ]
      expect(await movieOf({ spoken_languages: spoken })).toMatchObject({ spoken_languages: ['Hausa', 'Français'] })
    })
  })

  describe('cast and crew', () => {
    const withCredits = (cast: readonly unknown[], crew: readonly unknown[]) => movieOf({ credits: { cast, crew } })

    it('names actors by billing order, those without one last, ties as they came', async () => {
      const cast = [
        actor(1, 'Third', { order: 2 }),
        actor(2, 'No place', { order: null }),
        actor(3, 'First', { order: 0 }),
        actor(4, 'Third too', { order: 2 }),
        actor(5, 'Tenth', { order: 10 }),
      ]
      expect(await withCredits(cast, [])).toMatchObject({
        cast: ['First', 'Third', 'Third too', 'Tenth', 'No place'],
      })
    })

    it('counts the lists as they came, with doubles and people without a name', async () => {
      const cast = [actor(1, 'Keanu Reeves'), actor(1, 'Keanu Reeves'), actor(2, '')]
      const crew = [member(3, 'Bill Pope', 'Director of Photography'), member(3, 'Bill Pope', 'Thanks')]
      expect(await withCredits(cast, crew)).toMatchObject({
        cast: ['Keanu Reeves', 'Keanu Reeves'],
        cast_size: 3,
        crew_size: 2,
      })
    })

    it('has no sizes without credits', async () => {
      expect(await movieOf({ credits: undefined })).toMatchObject({
        cast: [],
        cast_size: null,
        directors: [],
        crew_size: null,
      })
    })

    it('has all directors by name, then person id', async () => {
      const crew = [
        director(9340, 'Lana Wachowski'),
        member(1, 'Joel Silver', 'Producer'),
        director(20, 'Ana Lily'),
        director(10, 'Ana Lily'),
        member(2, 'Somebody', 'Assistant Director'),
      ]
      expect((await withCredits([], crew))?.directors).toEqual([
        { person_id: 10, name: 'Ana Lily' },
        { person_id: 20, name: 'Ana Lily' },
        { person_id: 9340, name: 'Lana Wachowski' },
      ])
    })

    it('has a director once who is listed twice, even under two spellings', async () => {
      const crew = [
        director(5, 'Lilly Wachowski'),
        director(9, 'Zoe', { credit_id: 'other' }),
        director(5, ' Lilly Wachowski '),
        director(5, 'Andy Wachowski'),
      ]
      expect((await withCredits([], crew))?.directors).toEqual([
        { person_id: 5, name: 'Lilly Wachowski' },
        { person_id: 9, name: 'Zoe' },
      ])
    })

    it('keeps a director without an id, and none without a name', async () => {
      const crew = [
        director(1, ''),
        { job: 'Director', name: 'Alan Smithee' },
        { job: 'Director', name: 'Alan Smithee' },
      ]
      expect((await withCredits([], crew))?.directors).toEqual([{ person_id: null, name: 'Alan Smithee' }])
    })
  })

  it('leaves out elements of lists that are of another kind', async () => {
    const row = await movieOf({ genres: [{ id: 18, name: 'Drama' }, 5, null, 'x', [1]] })
    expect(row).toMatchObject({ genres: ['Drama'] })
  })

  it('does not mind fields it does not know', async () => {
    expect(await movieOf({ softcore: false, videos: { results: [{ id: {} }] } })).toMatchObject({ runtime: 136 })
  })

  it('takes a movie without a collection for standalone', async () => {
    const standalone = { collection_id: null, collection_name: null }
    const none = [null, 'none', undefined].map((belongs_to_collection) => ({ belongs_to_collection }))
    expect(await moviesOf(...none)).toMatchObject([standalone, standalone, standalone])
  })
})
