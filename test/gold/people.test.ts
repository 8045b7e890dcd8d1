import { afterAll, describe, expect, it } from 'vitest'
import { actors } from '../../src/gold/actors.ts'
import { directors } from '../../src/gold/directors.ts'
import { moviePerformance } from '../../src/gold/movie-performance.ts'
import { movers } from '../../src/gold/movers.ts'
import { credits } from '../../src/silver/credits.ts'
import { movieMeasures } from '../../src/silver/movie-measures.ts'
import { movies } from '../../src/silver/movies.ts'
import { people } from '../../src/silver/people.ts'
import { closeEngines, given, openEngines } from '../silver/given.ts'

const engines = await openEngines()
afterAll(() => closeEngines(engines))

const known = [
  { person_id: 1, name: 'Ann', movie_count: 2 },
  { person_id: 2, name: 'Bo', movie_count: 1 },
]

describe.each(engines)('gold.directors on $name', (engine) => {
  it('counts a film for each of its directors, spelled as silver.people does', async () => {
    const rows = [
      { movie_id: 1, title: 'x', revenue_musd: 10, vote_average: 8, directors: known.slice(0, 1) },
      { movie_id: 2, title: 'x', revenue_musd: 20, vote_average: 6, directors: [{ person_id: 1, name: 'Anne' }, { person_id: 2, name: 'Bo' }] }, // prettier-ignore
      { movie_id: 3, title: 'x', revenue_musd: 90, directors: [{ person_id: null, name: 'Nobody' }] },
      { movie_id: 4, title: 'x', revenue_musd: 90 },
    ].map((row) => ({ ...row, directors: row.directors?.map(({ person_id, name }) => ({ person_id, name })) ?? [] }))
    const inputs = { movies: await given(engine, movies, rows), people: await given(engine, people, known) }
    const found = await directors.build(inputs).collect()
    expect(found.toSorted((a, b) => a.person_id - b.person_id)).toEqual([
      { person_id: 1, name: 'Ann', movie_count: 2, total_revenue_musd: 30, mean_rating: 7 },
      { person_id: 2, name: 'Bo', movie_count: 1, total_revenue_musd: 20, mean_rating: 6 },
    ])
  })
})

describe.each(engines)('gold.actors on $name', (engine) => {
  it('counts a film once for an actor of several roles, and jobs not at all', async () => {
    const role = { credit_id: 'a', movie_id: 1, person_id: 1, kind: 'cast', name: 'Ann' }
    const inputs = {
      credits: await given(engine, credits, [
        { ...role, billing_order: 4, is_main_role: false },
        { ...role, credit_id: 'b', billing_order: 2, is_main_role: true },
        { ...role, credit_id: 'c', movie_id: 2, is_main_role: true },
        { ...role, credit_id: 'd', person_id: 2, kind: 'crew' },
      ]),
      movies: await given(engine, moviePerformance, [
        { movie_id: 1, title: 'x', is_roi_eligible: false, revenue_musd: 10, vote_average: 8 },
        { movie_id: 2, title: 'x', is_roi_eligible: false },
      ]),
      people: await given(engine, people, known),
    }
    expect(await actors.build(inputs).collect()).toEqual([
      { person_id: 1, name: 'Ann', movie_count: 2, best_billing: 2, total_revenue_musd: 10, mean_rating: 8 },
    ])
  })
})

describe.each(engines)('gold.movers on $name', (engine) => {
  const moversOf = async (measures: Parameters<typeof given<typeof movieMeasures.frame.schema>>[2]) => {
    const kept = [
      { movie_id: 1, title: 'One' },
      { movie_id: 2, title: 'Two' },
    ]
    const inputs = {
      movies: await given(engine, movies, kept),
      measures: await given(engine, movieMeasures, measures),
    }
    return movers.build(inputs).collect()
  }

  it('compares the last two days of each movie', async () => {
    const day = { movie_id: 1, budget_musd: 5, vote_average: 8, vote_count: 100 }
    const measures = [
      { ...day, measured_on: '2026-01-16', popularity: 7, revenue_musd: 10 },
      { ...day, measured_on: '2025-12-09', popularity: 99, revenue_musd: 10 },
      { ...day, measured_on: '2026-02-27', popularity: 9, revenue_musd: 11.5, vote_count: 90, budget_musd: null },
      { ...day, movie_id: 2, measured_on: '2026-02-27', popularity: 1 },
      { ...day, movie_id: 3, measured_on: '2026-02-27', popularity: 1 },
      { ...day, movie_id: 3, measured_on: '2026-02-28', popularity: 1 },
    ]
    expect(await moversOf(measures)).toEqual([
      {
        movie_id: 1,
        title: 'One',
        measured_on: '2026-02-27',
        previous_on: '2026-01-16',
        popularity: 9,
        popularity_change: 2,
        vote_average_change: 0,
        vote_count_change: -10,
        budget_change_musd: null,
        revenue_change_musd: 1.5,
      },
    ])
  })
})
