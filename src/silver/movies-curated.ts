import { arrayJoin, nullif, transform, type AnyFrame, type ArrayOf, type Column, type Frame } from '../frame/index.ts'
import type { Rules } from '../rules.ts'
import { bigint, boolean, date, double, int, string, table, type Table } from '../table.ts'
import { movies } from './movies.ts'

const unknown = { nullable: true } as const
const musd = { unit: 'million USD', nullable: true } as const
const joined = (names: Column<ArrayOf<'string' | null>>) => nullif(arrayJoin(names, '|'), '')

/** The movies in the shape of the assignment, nested columns as text joined with `|`, the fields that are dropped by default at the end. */
export const moviesCurated = table({
  name: 'silver.movies_curated',
  grain: 'one row per movie',
  key: ['id'],
  from: { movies },
  columns: {
    id: bigint('TMDB id'),
    title: string('title'),
    tagline: string('tagline', unknown),
    release_date: date('first release', unknown),
    genres: string('genre names', unknown),
    belongs_to_collection: string('name of the collection', unknown),
    original_language: string('ISO 639-1 code', unknown),
    budget_musd: double('budget', musd),
    revenue_musd: double('worldwide revenue', musd),
    production_companies: string('company names', unknown),
    production_countries: string('country names', unknown),
    vote_count: bigint('votes', unknown),
    vote_average: double('mean vote, 0 to 10', unknown),
    popularity: double('TMDB popularity', unknown),
    runtime: int('running time', { unit: 'minutes', nullable: true }),
    overview: string('plot summary', unknown),
    spoken_languages: string('language names', unknown),
    poster_path: string('path of the poster', unknown),
    cast: string('names of the actors by billing order', unknown),
    cast_size: int('cast entries as they came', unknown),
    director: string('names of the directors', unknown),
    crew_size: int('crew entries as they came', unknown),
    adult: boolean('whether TMDB marks it as adult', unknown),
    imdb_id: string('IMDb id', unknown),
    original_title: string('title in the original language', unknown),
    video: boolean('whether TMDB marks it as a video', unknown),
    homepage: string('address of the movie’s own page', unknown),
  },
  build: ({ movies }) =>
    movies
      .rename({ movie_id: 'id', collection_name: 'belongs_to_collection' })
      .withColumns((m) => ({
        genres: joined(m.genres),
        production_companies: joined(m.production_companies),
        production_countries: joined(m.production_countries),
        spoken_languages: joined(m.spoken_languages),
        cast: joined(m.cast),
        director: joined(transform(m.directors, (d) => d.fields.name)),
      }))
      .drop('collection_id', 'directors', 'backdrop_path'),
})

// payload fields whose column has another name
const columnNames: Readonly<Record<string, string>> = { budget: 'budget_musd', revenue: 'revenue_musd' }

/**
 * The curated table without the columns that the rules drop, by the name of the payload's field or of the column; with the rules' defaults
 * exactly the 22 of the assignment. Id and title stay.
 */
export function curatedBy({ drop_columns }: Pick<Rules, 'drop_columns'>): Table<object> {
  const dropped = new Set(drop_columns.flatMap((name) => [name, columnNames[name] ?? name]))
  const isKept = (name: string): boolean => name === 'id' || name === 'title' || !dropped.has(name)
  const columns = Object.fromEntries(Object.entries(moviesCurated.columns).filter(([name]) => isKept(name)))
  const names = Object.keys(columns)
  return {
    ...moviesCurated,
    columns,
    frame: moviesCurated.frame.transform((frame) => pick(frame, names)),
    build: (inputs, rules) => pick(moviesCurated.build(inputs, rules), names),
  }
}

const pick = (frame: AnyFrame, names: readonly string[]): Frame<object> =>
  (frame as Frame<Record<string, never>>).select(...names)
