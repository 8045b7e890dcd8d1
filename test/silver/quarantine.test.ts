import { afterAll, describe, expect, it } from 'vitest'
import { quarantine } from '../../src/silver/quarantine.ts'
import { answer, closeEngines, film, openEngines, silverRows, tombstone } from './given.ts'

const engines = await openEngines()
afterAll(() => closeEngines(engines))

/** A film of which TMDB knows next to nothing. */
const bare = (changes: object) => ({
  id: 603,
  title: 'The Matrix',
  status: 'Released',
  credits: { cast: [], crew: [] },
  ...changes,
})

describe.each(engines)('silver.quarantine on $name', (engine) => {
  const rowsOf = (...rows: Parameters<typeof silverRows>[2]) => silverRows(engine, quarantine, rows)
  const reasonsOf = async (changes: Parameters<typeof film>[0]) =>
    (await rowsOf(answer(film(changes)))).map((q) => [q.reason, q.detail, q.severity])

  it('has a row for a movie that silver refuses', async () => {
    expect(await rowsOf(answer(film({ status: 'Planned' }), { run: 'run-7' }))).toEqual([
      {
        movie_id: 603,
        run_id: 'run-7',
        fetched_at: '2025-12-09T10:00:00.000000Z',
        reason: 'not_released',
        detail: 'status is Planned',
        severity: 'error',
      },
    ])
  })

  it('has nothing about a movie with which all is well', async () => {
    expect(await rowsOf(answer(film()))).toEqual([])
  })

  it.each([null, '', 'N/A', undefined])('refuses a movie whose status is %j', async (status) => {
    expect(await reasonsOf({ status })).toEqual([['not_released', 'status is missing', 'error']])
  })

  it('refuses a movie whose title stands for nothing', async () => {
    expect(await reasonsOf({ title: 'N/A' })).toEqual([['title_missing', 'title stands for nothing', 'error']])
  })

  describe('of the 22 columns', () => {
    // id, title, cast_size and crew_size are filled
    const five = { overview: 'x', runtime: 1, budget: 1000, revenue: 1, popularity: 0 }

    it('wants ten filled', async () => {
      expect(await rowsOf(answer(bare(five)))).toMatchObject([
        { reason: 'fewer_than_10_filled', detail: '9 of 22 columns filled', severity: 'error' },
      ])
      expect(await rowsOf(answer(bare({ ...five, vote_count: 0 })))).toEqual([])
    })

    it('takes empty lists, empty text and zeros of money for not filled', async () => {
      const nothing = {
        genres: [],
        spoken_languages: [{ name: '' }],
        tagline: '',
        budget: 0,
      }
      expect(await rowsOf(answer(bare({ ...five, ...nothing })))).toMatchObject([{ detail: '8 of 22 columns filled' }])
    })

    it('takes no notice of fields that are not among them', async () => {
      const others = {
        imdb_id: 'tt1',
        homepage: 'x',
        backdrop_path: 'x',
        original_title: 'x',
        adult: false,
        video: false,
      }
      expect(await rowsOf(answer(bare({ ...five, ...others })))).toMatchObject([{ detail: '9 of 22 columns filled' }])
    })
  })

  it('names the first reason only', async () => {
    expect(await rowsOf(answer(bare({ status: 'Rumored', title: '' })))).toMatchObject([{ reason: 'not_released' }])
  })

  it('is a state: a movie that is put right leaves it', async () => {
    const right = answer(film(), { at: '2025-12-10T10:00:00.000000Z' })
    expect(await rowsOf(answer(film({ status: 'Planned' })), right)).toEqual([])
  })

  it('has nothing about a movie that is gone', async () => {
    const html = answer('<html>', { at: '2025-12-10T10:00:00.000000Z', status: 404 }, 1)
    expect(await rowsOf(answer(film({ id: 1 })), html, tombstone(2, {}))).toEqual([])
  })

  describe('warnings', () => {
    it('are not for movies that are refused', async () => {
      expect(await reasonsOf({ status: 'Planned', budget: 5 })).toHaveLength(1)
    })

    it.each(['1999-02-30', '1887-12-31', 'soon'])('tell of the release date %s', async (text) => {
      expect(await reasonsOf({ release_date: text })).toEqual([
        ['release_date_invalid', `release_date is ${text}`, 'warning'],
      ])
    })

    it('do not tell of a release date that is empty', async () => {
      expect(await reasonsOf({ release_date: '' })).toEqual([])
    })

    it('tell of a budget above 0 and below 1000 dollars, which is kept', async () => {
      expect(await reasonsOf({ budget: 55 })).toEqual([['budget_suspicious', 'budget is 55 USD', 'warning']])
      expect(await reasonsOf({ budget: 1000 })).toEqual([])
    })

    it('name the fields that hold something else than a number or a list', async () => {
      const odd = { runtime: '2 h', budget: 1.5, genres: 'Drama', production_countries: {} }
      expect(await reasonsOf(odd)).toEqual([
        ['field_mistyped', 'budget is 1.5, runtime is 2 h, genres is Drama, production_countries is {}', 'warning'],
      ])
    })

    it('name lists of credits that are none', async () => {
      expect(await reasonsOf({ credits: { cast: 'many', crew: [] } })).toEqual([
        ['field_mistyped', 'credits.cast is many', 'warning'],
      ])
    })

    it('quote no more than the beginning of what is mistyped', async () => {
      const [warning] = await reasonsOf({ runtime: 'x'.repeat(1000) })
      expect(warning?.[1]).toBe(`runtime is ${'x'.repeat(60)}`)
    })

    it('do not tell of fields that are missing or null', async () => {
      expect(await reasonsOf({ runtime: null, genres: undefined, credits: undefined })).toEqual([])
    })

    it('of several kinds are several rows', async () => {
      const reasons = (await reasonsOf({ release_date: 'soon', budget: 5, runtime: 'x' })).map(([reason]) => reason)
      expect(reasons.toSorted()).toEqual(['budget_suspicious', 'field_mistyped', 'release_date_invalid'])
    })
  })
})
