import { afterAll, describe, expect, it } from 'vitest'
import { movieMeasures } from '../../src/silver/movie-measures.ts'
import { answer, closeEngines, film, openEngines, silverRows, tombstone } from './given.ts'

const engines = await openEngines()
afterAll(() => closeEngines(engines))

const on = (day: string, time = '10:00:00') => ({ at: `${day}T${time}.000000Z` })

describe.each(engines)('silver.movie_measures on $name', (engine) => {
  const rowsOf = async (...rows: Parameters<typeof silverRows>[2]) =>
    (await silverRows(engine, movieMeasures, rows)).toSorted((a, b) => (a.measured_on < b.measured_on ? -1 : 1))
  const popularities = async (...rows: Parameters<typeof silverRows>[2]) =>
    (await rowsOf(...rows)).map((m) => [m.measured_on, m.popularity])

  it('has a row for each day', async () => {
    const first = answer(film({ popularity: 1, budget: 0, vote_count: 0 }), on('2025-12-09'))
    expect(await rowsOf(first, answer(film({ popularity: 2 }), on('2026-01-16')))).toEqual([
      {
        movie_id: 603,
        measured_on: '2025-12-09',
        popularity: 1,
        vote_average: null,
        vote_count: 0,
        budget_musd: null,
        revenue_musd: 463.517383,
      },
      {
        movie_id: 603,
        measured_on: '2026-01-16',
        popularity: 2,
        vote_average: 8.2,
        vote_count: 25_000,
        budget_musd: 63,
        revenue_musd: 463.517383,
      },
    ])
  })

  it('has the last answer of each day', async () => {
    const rows = [
      answer(film({ popularity: 3 }), on('2025-12-10', '08:00:00')),
      answer(film({ popularity: 2 }), on('2025-12-09', '23:00:00')),
      answer(film({ popularity: 1 }), on('2025-12-09', '01:00:00')),
      answer(film({ popularity: 4 }), on('2025-12-10', '09:00:00')),
    ]
    expect(await popularities(...rows)).toEqual([
      ['2025-12-09', 2],
      ['2025-12-10', 4],
    ])
  })

  it('has the last answer with the movie in it where the day ends with a tombstone', async () => {
    const gone = tombstone(603, on('2025-12-09', '23:00:00'))
    expect(await popularities(answer(film({ popularity: 1 }), on('2025-12-09')), gone)).toEqual([['2025-12-09', 1]])
  })

  it('keeps the days of a movie that silver does not keep', async () => {
    const planned = answer(film({ status: 'Planned', popularity: 2 }), on('2025-12-10'))
    expect(await popularities(answer(film({ popularity: 1 }), on('2025-12-09')), planned)).toEqual([
      ['2025-12-09', 1],
      ['2025-12-10', 2],
    ])
  })
})
