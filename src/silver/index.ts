import type { Rules } from '../rules.ts'
import type { Table } from '../table.ts'
import { collections } from './collections.ts'
import { credits } from './credits.ts'
import { movieCompanies } from './movie-companies.ts'
import { movieCountries } from './movie-countries.ts'
import { movieGenres } from './movie-genres.ts'
import { movieLanguages } from './movie-languages.ts'
import { movieMeasures } from './movie-measures.ts'
import { curatedBy } from './movies-curated.ts'
import { movies } from './movies.ts'
import { people } from './people.ts'
import { quarantine } from './quarantine.ts'

/**
 * A silver table and how it is kept up. `merge`: the rows of the movies with new answers are put in the place of their old ones
 * (`movieColumn` names the movie); `upsert`: rows are added or replaced, none leaves; `recompute`: made anew from other silver tables.
 */
export interface SilverTable {
  readonly table: Table<object>
  readonly upkeep: 'merge' | 'upsert' | 'recompute'
  readonly movieColumn: string
}

/** The silver tables in build order. */
export const silverTables = (rules: Pick<Rules, 'drop_columns'>): readonly SilverTable[] => [
  { table: movies, upkeep: 'merge', movieColumn: 'movie_id' },
  { table: curatedBy(rules), upkeep: 'merge', movieColumn: 'id' },
  { table: movieGenres, upkeep: 'merge', movieColumn: 'movie_id' },
  { table: movieCompanies, upkeep: 'merge', movieColumn: 'movie_id' },
  { table: movieCountries, upkeep: 'merge', movieColumn: 'movie_id' },
  { table: movieLanguages, upkeep: 'merge', movieColumn: 'movie_id' },
  { table: credits, upkeep: 'merge', movieColumn: 'movie_id' },
  { table: quarantine, upkeep: 'merge', movieColumn: 'movie_id' },
  { table: movieMeasures, upkeep: 'upsert', movieColumn: 'movie_id' },
  { table: people, upkeep: 'recompute', movieColumn: 'movie_id' },
  { table: collections, upkeep: 'recompute', movieColumn: 'movie_id' },
]
