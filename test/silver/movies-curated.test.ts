import { afterAll, describe, expect, it } from 'vitest'
import { defaultRules } from '../../src/rules.ts'
import { curatedBy, moviesCurated } from '../../src/silver/movies-curated.ts'
import { movies } from '../../src/silver/movies.ts'
import { closeEngines, given, openEngines } from './given.ts'

const engines = await openEngines()
afterAll(() => closeEngines(engines))

const matrix = {
  movie_id: 603,
  title: 'The Matrix',
  collection_id: 2344,
  collection_name: 'The Matrix Collection',
  release_date: '1999-03-31',
  genres: ['Action', 'Science Fiction'],
  spoken_languages: ['English'],
  cast: ['Keanu Reeves', 'Laurence Fishburne'],
  cast_size: 3,
  directors: [
    { person_id: 9340, name: 'Lana Wachowski' },
    { person_id: 9339, name: 'Lilly Wachowski' },
  ],
  crew_size: 5,
  budget_musd: 63,
  adult: false,
}

const columnsBy = (drop_columns: readonly string[]) => Object.keys(curatedBy({ drop_columns }).columns)

describe.each(engines)('silver.movies_curated on $name', (engine) => {
  it('has nested columns as text joined with |, and null for nothing', async () => {
    const table = curatedBy(defaultRules)
    const frame = table.build({ movies: await given(engine, movies, [matrix]) }, defaultRules)
    expect(await frame.collect()).toEqual([
      {
        id: 603,
        title: 'The Matrix',
        tagline: null,
        release_date: '1999-03-31',
        genres: 'Action|Science Fiction',
        belongs_to_collection: 'The Matrix Collection',
        original_language: null,
        budget_musd: 63,
        revenue_musd: null,
        production_companies: null,
        production_countries: null,
        vote_count: null,
        vote_average: null,
        popularity: null,
        runtime: null,
        overview: null,
        spoken_languages: 'English',
        poster_path: null,
        cast: 'Keanu Reeves|Laurence Fishburne',
        cast_size: 3,
        director: 'Lana Wachowski|Lilly Wachowski',
        crew_size: 5,
      },
    ])
  })

  it('has the fields that the rules no longer drop', async () => {
    const rules = { ...defaultRules, drop_columns: ['overview', 'video'] }
    const frame = curatedBy(rules).build({ movies: await given(engine, movies, [matrix]) }, rules)
    const [row = {}] = await frame.collect()
    expect(row).toMatchObject({ adult: false, imdb_id: null, original_title: null, homepage: null })
    expect(Object.keys(row)).not.toContain('overview')
  })
})

describe('the columns of silver.movies_curated', () => {
  it('are the 22 of the assignment in its order, by default', () => {
    expect(columnsBy(defaultRules.drop_columns).join(' ')).toBe(
      'id title tagline release_date genres belongs_to_collection original_language budget_musd revenue_musd ' +
        'production_companies production_countries vote_count vote_average popularity runtime overview ' +
        'spoken_languages poster_path cast cast_size director crew_size',
    )
  })

  it('are all when nothing is dropped', () => {
    expect(columnsBy([])).toEqual(Object.keys(moviesCurated.columns))
  })

  it('are dropped by the name of the payload field too', () => {
    expect(columnsBy(['budget', 'revenue'])).not.toContain('budget_musd')
    expect(columnsBy(['budget', 'revenue'])).not.toContain('revenue_musd')
  })

  it('always hold the key and the title', () => {
    expect(columnsBy(['id', 'title']).slice(0, 2)).toEqual(['id', 'title'])
  })

  it('take no notice of fields that are nowhere', () => {
    expect(columnsBy(['softcore'])).toEqual(columnsBy([]))
  })
})
