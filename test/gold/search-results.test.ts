import { afterAll, describe, expect, it } from 'vitest'
import type { RowOf } from '../../src/frame/index.ts'
import { searchResults } from '../../src/gold/search-results.ts'
import { defaultRules, type Search } from '../../src/rules.ts'
import { movies } from '../../src/silver/movies.ts'
import { closeEngines, given, openEngines } from '../silver/given.ts'

const engines = await openEngines()
afterAll(() => closeEngines(engines))

const anything: Search = { genres: [], cast: [], directors: [], order_by: 'vote_average', direction: 'desc' }

describe.each(engines)('gold.search_results on $name', (engine) => {
  const search = async (
    searches: Readonly<Record<string, Search>>,
    rows: readonly Partial<RowOf<typeof movies.frame>>[],
  ) => {
    const frame = await given(
      engine,
      movies,
      rows.map((row, i) => ({ movie_id: i + 1, title: `m${i + 1}`, ...row })),
    )
    const found = await searchResults.build({ movies: frame }, { ...defaultRules, searches }).collect()
    return found.toSorted((a, b) => (a.search < b.search ? -1 : a.search > b.search ? 1 : a.rank - b.rank))
  }
  const idsOf = async (one: Partial<Search>, rows: Parameters<typeof search>[1]) =>
    (await search({ one: { ...anything, ...one } }, rows)).map((hit) => hit.movie_id)

  it('has a row for each hit of each search', async () => {
    const movie = { genres: ['War'], release_date: '1999-03-31', runtime: 90, vote_average: 8, vote_count: 7 }
    const found = await search({ war: { ...anything, genres: ['War'] }, all: anything }, [movie])
    const hit = { rank: 1, movie_id: 1, title: 'm1', release_date: '1999-03-31', runtime: 90, vote_average: 8, vote_count: 7 } // prettier-ignore
    expect(found).toEqual([
      { search: 'all', ...hit },
      { search: 'war', ...hit },
    ])
  })

  it('wants all genres, all actors and all directors', async () => {
    const both = {
      genres: ['Action', 'War'],
      cast: ['Ann', 'Bo'],
      directors: [
        { person_id: 1, name: 'Cy' },
        { person_id: 2, name: 'Di' },
      ],
    }
    const one = { genres: ['Action'], cast: ['Ann'], directors: [{ person_id: 1, name: 'Cy' }] }
    expect(await idsOf({ genres: ['War', 'Action'] }, [both, one])).toEqual([1])
    expect(await idsOf({ cast: ['Ann', 'Bo'] }, [both, one])).toEqual([1])
    expect(await idsOf({ directors: ['Cy', 'Di'] }, [both, one])).toEqual([1])
  })

  it('matches whole names in their own spelling, quotes and all', async () => {
    const rows = [{ cast: ['Bruce Willis Jr.'] }, { cast: ['bruce willis'] }, { cast: ["Peter O'Toole"] }]
    expect(await idsOf({ cast: ['Bruce Willis'] }, rows)).toEqual([])
    expect(await idsOf({ cast: ["Peter O'Toole"] }, rows)).toEqual([3])
  })

  it.each([
    ['vote_average', 'desc', [2, 3, 1]],
    ['runtime', 'asc', [3, 2, 1]],
    ['vote_count', 'asc', [3, 2, 1]],
    ['popularity', 'desc', [2, 3, 1]],
    ['release_date', 'asc', [3, 2, 1]],
    ['revenue_musd', 'desc', [2, 3, 1]],
    ['budget_musd', 'desc', [2, 3, 1]],
  ] as const)('orders by %s %s, nulls last', async (order_by, direction, expected) => {
    const high = { vote_average: 8, runtime: 99, vote_count: 9, popularity: 9, release_date: '2001-01-01', revenue_musd: 9, budget_musd: 9 } // prettier-ignore
    const low = { vote_average: 7, runtime: 88, vote_count: 8, popularity: 8, release_date: '1999-01-01', revenue_musd: 8, budget_musd: 8 } // prettier-ignore
    expect(await idsOf({ order_by, direction }, [{}, high, low])).toEqual(expected)
  })

  it('gives ties to the lower movie id', async () => {
    expect(await idsOf({}, [{ vote_average: 8 }, { vote_average: 9 }, { vote_average: 8 }])).toEqual([2, 1, 3])
  })

  it('is empty without searches', async () => {
    expect(await search({}, [{}])).toEqual([])
  })

  it('finds what the two default searches look for', async () => {
    const willis = { genres: ['Action', 'Science Fiction'], cast: ['Bruce Willis'] }
    const thurman = { cast: ['Uma Thurman'], directors: [{ person_id: 138, name: 'Quentin Tarantino' }] }
    const found = await search(defaultRules.searches, [willis, { ...willis, genres: ['Action'] }, thurman])
    expect(found.map((hit) => [hit.search, hit.movie_id])).toEqual([
      ['bruce_willis_scifi_action', 1],
      ['uma_thurman_tarantino', 3],
    ])
  })
})
