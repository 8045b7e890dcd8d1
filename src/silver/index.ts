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
 * (`column` names the movie); `upsert`: rows are added or replaced, none leaves; `regroup`: the groups (`column` is what they are by, here
 * and in its one input) that those movies had a part in before or have one in now are counted anew.
 */
export interface SilverTable {
  readonly table: Table<object>
  readonly upkeep: 'merge' | 'upsert' | 'regroup'
  readonly column: string
}

/** The silver tables in build order. */
export const silverTables = (rules: Pick<Rules, 'drop_columns'>): readonly SilverTable[] => [
  { table: movies, upkeep: 'merge', column: 'movie_id' },
  { table: curatedBy(rules), upkeep: 'merge', column: 'id' },
  { table: movieGenres, upkeep: 'merge', column: 'movie_id' },
  { table: movieCompanies, upkeep: 'merge', column: 'movie_id' },
  { table: movieCountries, upkeep: 'merge', column: 'movie_id' },
  { table: movieLanguages, upkeep: 'merge', column: 'movie_id' },
  { table: credits, upkeep: 'merge', column: 'movie_id' },
  { table: quarantine, upkeep: 'merge', column: 'movie_id' },
  { table: movieMeasures, upkeep: 'upsert', column: 'movie_id' },
  { table: people, upkeep: 'regroup', column: 'person_id' },
  { table: collections, upkeep: 'regroup', column: 'collection_id' },
]
