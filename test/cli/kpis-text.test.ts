import { expect, it } from 'vitest'
import { kpisText } from '../../src/cli/kpis-text.ts'
import { openTerminal } from '../../src/cli/terminal.ts'
import { widthOf } from '../../src/frame/text-width.ts'
import type { Kpis } from '../../src/index.ts'
import { memory } from './call.ts'

const ranked = (unit: string, ...rows: readonly (readonly [string, number])[]) =>
  rows.map(([title, value], i) => ({ rank: i + 1, movie_id: i + 1, title, value, unit }))

const kpis: Kpis = {
  published: { run_id: 'r1', at: '2025-12-09T10:46:00.000Z', versions: { 'gold.rankings': 3, 'gold.years': 3 } },
  rankings: {
    highest_revenue: ranked('million USD', ['Avatar', 2923.706026], ['千と千尋の神隠し', 395.58]),
    highest_budget: ranked('million USD', ["Pirates of the Caribbean: At World's End", 300]),
    highest_roi: ranked('ratio', ['Avatar', 12.336312]),
    lowest_roi: [],
    most_voted: ranked('votes', ['Inception', 34325]),
  },
  searches: {
    bruce_willis_scifi_action: [
      {
        rank: 1,
        movie_id: 18,
        title: 'The Fifth Element',
        release_date: '1997-05-07',
        runtime: 126,
        vote_average: 7.3,
        vote_count: 3885,
      },
    ],
    uma_thurman_tarantino: [],
  },
  franchise_vs_standalone: [
    {
      kind: 'franchise',
      movie_count: 16,
      mean_revenue_musd: 1682.7,
      median_roi: 7.786117,
      mean_budget_musd: null,
      mean_popularity: 28.4,
      mean_rating: 7.39,
    },
  ],
  franchises: [
    {
      collection_id: 1,
      name: 'The Avengers Collection',
      movie_count: 4,
      total_budget_musd: 1111,
      mean_budget_musd: 277.75,
      total_revenue_musd: 7776.073348,
      mean_revenue_musd: 1944,
      mean_rating: 7.93,
    },
  ],
  directors: [
    { person_id: 2710, name: 'James Cameron', movie_count: 2, total_revenue_musd: 5187.9, mean_rating: 7.75 },
  ],
  genres: [],
  years: [],
}

const lines = (columns: number): string[] => kpisText(kpis, openTerminal(memory({ columns }), {}))

it('puts rankings side by side in 80 columns', () => {
  expect(lines(80).slice(0, 4)).toEqual([
    'Highest revenue                          Highest budget',
    '1 Avatar                    2,923.7 M$   1 Pirates of the Caribbean:…  300.0 M$',
    '2 千と千尋の神隠し            395.6 M$',
    '',
  ])
})

it('puts them below each other where there is less room', () => {
  expect(lines(40).slice(0, 5)).toEqual([
    'Highest revenue',
    '1 Avatar                      2,923.7 M$',
    '2 千と千尋の神隠し              395.6 M$',
    '',
    'Highest budget',
  ])
})

it.each([80, 120, 300])('stays within %i columns and needs no more than 120', (columns) => {
  const most = Math.max(...lines(columns).map(widthOf))
  expect(most).toBeLessThanOrEqual(Math.min(columns, 120))
})

it('writes each kind of number in its own way', () => {
  const text = lines(80).join('\n')
  expect(text).toMatch(/1 Avatar +12\.3x/)
  expect(text).toMatch(/1 Inception +34,325/)
  expect(text).toMatch(/The Fifth Element \(1997\) +7\.30 +3,885 +126/)
  expect(text).toMatch(/^franchise +16 +1,682\.7 +7\.8x +- +28\.4 +7\.39$/m)
  expect(text).toMatch(/^The Avengers Collection +4 +7,776\.1 +1,944\.0 +1,111\.0 +277\.8 +7\.93$/m)
  expect(text).toMatch(/^James Cameron +2 +5,187\.9 +7\.75  █+$/m)
})

it('says where there is nothing, and what is published', () => {
  const text = lines(80).join('\n')
  expect(text).toMatch(/Lowest ROI\n.*\(no movies\)/)
  expect(text).toContain('Search uma_thurman_tarantino\n(no movies)')
  expect(text).toContain('Published by run r1 at 2025-12-09 10:46:00 UTC: all gold tables at version 3.')
})
