import { afterAll, expect, it } from 'vitest'
import type { Engine } from '../../src/engines/engine.ts'
import type { Frame, RowOf } from '../../src/frame/index.ts'
import { directors } from '../../src/gold/directors.ts'
import { franchiseVsStandalone } from '../../src/gold/franchise-vs-standalone.ts'
import { franchises } from '../../src/gold/franchises.ts'
import { genres } from '../../src/gold/genres.ts'
import { rankings } from '../../src/gold/rankings.ts'
import { searchResults } from '../../src/gold/search-results.ts'
import { years } from '../../src/gold/years.ts'
import { readKpis } from '../../src/report/kpis.ts'
import { defaultRules } from '../../src/rules.ts'
import type { Table } from '../../src/table.ts'
import { closeEngines, given as givenRows, openEngines } from '../silver/given.ts'

const engines = await openEngines()
afterAll(() => closeEngines(engines))
const lakeEngine = engines[0] as Engine
const tables: readonly Table<object>[] = [
  rankings,
  searchResults,
  franchiseVsStandalone,
  franchises,
  directors,
  genres,
  years,
]

/** The KPIs of tables with these rows, by table name; the others are empty. */
async function kpisOf(given: ReadonlyMap<string, readonly object[]>, top = 10) {
  const frames = new Map<string, Frame<object>>()
  for (const table of tables)
    frames.set(table.name, await givenRows<object>(lakeEngine, table, given.get(table.name) ?? []))
  return readKpis(<S>(table: Table<S>) => frames.get(table.name) as unknown as Frame<S>, defaultRules, top)
}
const rows = <S>(table: Table<S>, list: readonly Partial<RowOf<Frame<S>>>[]) =>
  [table.name, list as readonly object[]] as const

it('name every ranking and search, also those without movies', async () => {
  const kpis = await kpisOf(new Map())
  expect(Object.keys(kpis.rankings)).toHaveLength(10)
  expect(Object.values(kpis.rankings).flat()).toEqual([])
  expect(kpis.searches).toEqual({ bruce_willis_scifi_action: [], uma_thurman_tarantino: [] })
  expect(kpis.franchises).toEqual([])
})

it('have rankings and searches in order of places, without their own name', async () => {
  const place = { ranking: 'most_voted', movie_id: 1, title: 'One', value: 5, unit: 'votes' }
  const hit = { search: 'uma_thurman_tarantino', movie_id: 1, title: 'One' }
  const kpis = await kpisOf(
    new Map([
      rows(rankings, [
        { ...place, rank: 2, movie_id: 2 },
        { ...place, rank: 1 },
        { ...place, rank: 3 },
      ]),
      rows(searchResults, [
        { ...hit, rank: 2 },
        { ...hit, rank: 1 },
        { ...hit, search: 'of old', rank: 1 },
      ]),
    ]),
    2,
  )
  expect(kpis.rankings['most_voted']).toEqual([
    { rank: 1, movie_id: 1, title: 'One', value: 5, unit: 'votes' },
    { rank: 2, movie_id: 2, title: 'One', value: 5, unit: 'votes' },
  ])
  expect(kpis.searches['uma_thurman_tarantino']?.map((found) => found.rank)).toEqual([1, 2])
  expect(Object.keys(kpis.searches)).not.toContain('of old')
})

it('have the franchises and directors of the highest revenue, those without any last, ties by name and id', async () => {
  const one = { movie_count: 1 }
  const kpis = await kpisOf(
    new Map([
      rows(franchises, [
        { ...one, collection_id: 1, name: 'B' },
        { ...one, collection_id: 2, name: 'B', total_revenue_musd: 5 },
        { ...one, collection_id: 3, name: 'A', total_revenue_musd: 5 },
        { ...one, collection_id: 4, name: 'C', total_revenue_musd: 9 },
        { ...one, collection_id: 5, name: 'A' },
      ]),
      rows(directors, [
        { ...one, person_id: 2, name: 'A', total_revenue_musd: 5 },
        { ...one, person_id: 1, name: 'A', total_revenue_musd: 5 },
      ]),
    ]),
    4,
  )
  expect(kpis.franchises.map((f) => f.collection_id)).toEqual([4, 3, 2, 5])
  expect(kpis.directors.map((d) => d.person_id)).toEqual([1, 2])
})

it('have genres by their count of movies, and years in time', async () => {
  const kpis = await kpisOf(
    new Map([
      rows(genres, [
        { genre: 'War', movie_count: 1, roi_count: 0 },
        { genre: 'Drama', movie_count: 1, roi_count: 0 },
        { genre: 'Music', movie_count: 2, roi_count: 0 },
      ]),
      rows(years, [
        { year: 2009, movie_count: 1 },
        { year: 1999, movie_count: 1 },
      ]),
    ]),
  )
  expect(kpis.genres.map((g) => g.genre)).toEqual(['Music', 'Drama', 'War'])
  expect(kpis.years.map((y) => y.year)).toEqual([1999, 2009])
})
