import type { Rules } from '../rules.ts'
import type { Table } from '../table.ts'
import { collections } from './collections.ts'
import { credits } from './credits.ts'
import { fingerprints, type Part } from './fingerprints.ts'
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
  /** What of a movie it is made of: only movies of which this has changed are merged. Without it all that have new answers are. */
  readonly part?: Part
}

/** The silver tables in build order. */
export const silverTables = (rules: Pick<Rules, 'drop_columns'>): readonly SilverTable[] => [
  { table: movies, upkeep: 'merge', column: 'movie_id', part: 'movie' },
  { table: curatedBy(rules), upkeep: 'merge', column: 'id', part: 'curated' },
  { table: movieGenres, upkeep: 'merge', column: 'movie_id', part: 'links' },
  { table: movieCompanies, upkeep: 'merge', column: 'movie_id', part: 'links' },
  { table: movieCountries, upkeep: 'merge', column: 'movie_id', part: 'links' },
  { table: movieLanguages, upkeep: 'merge', column: 'movie_id', part: 'links' },
  { table: credits, upkeep: 'merge', column: 'movie_id', part: 'credits' },
  { table: quarantine, upkeep: 'merge', column: 'movie_id' },
  { table: movieMeasures, upkeep: 'upsert', column: 'movie_id' },
  { table: people, upkeep: 'regroup', column: 'person_id' },
  { table: collections, upkeep: 'regroup', column: 'collection_id' },
  { table: fingerprints, upkeep: 'merge', column: 'movie_id', part: 'any' },
]
