import { bronzeMovies } from '../bronze/movies.ts'
import { bronzeRejected } from '../bronze/rejected.ts'
import { nearest } from '../config/keys.ts'
import { ConfigError } from '../errors.ts'
import { actors } from '../gold/actors.ts'
import { companies } from '../gold/companies.ts'
import { countries } from '../gold/countries.ts'
import { decades } from '../gold/decades.ts'
import { directors } from '../gold/directors.ts'
import { franchiseVsStandalone } from '../gold/franchise-vs-standalone.ts'
import { franchises } from '../gold/franchises.ts'
import { genres } from '../gold/genres.ts'
import { languages } from '../gold/languages.ts'
import { months } from '../gold/months.ts'
import { moviePerformance } from '../gold/movie-performance.ts'
import { movers } from '../gold/movers.ts'
import { rankings } from '../gold/rankings.ts'
import { searchResults } from '../gold/search-results.ts'
import { years } from '../gold/years.ts'
import { goldTables } from '../gold/index.ts'
import type { Rules } from '../rules.ts'
import { silverTables } from '../silver/index.ts'
import { collections } from '../silver/collections.ts'
import { credits } from '../silver/credits.ts'
import { movieCompanies } from '../silver/movie-companies.ts'
import { movieCountries } from '../silver/movie-countries.ts'
import { movieGenres } from '../silver/movie-genres.ts'
import { movieLanguages } from '../silver/movie-languages.ts'
import { movieMeasures } from '../silver/movie-measures.ts'
import { moviesCurated } from '../silver/movies-curated.ts'
import { movies } from '../silver/movies.ts'
import { people } from '../silver/people.ts'
import { quarantine } from '../silver/quarantine.ts'
import type { Table } from '../table.ts'

/** Every table of a lake by its name; `silver.movies_curated` has columns that the rules may drop. */
export const tablesByName = {
  'bronze.movies': bronzeMovies,
  'bronze.rejected': bronzeRejected,
  'silver.collections': collections,
  'silver.credits': credits,
  'silver.movie_companies': movieCompanies,
  'silver.movie_countries': movieCountries,
  'silver.movie_genres': movieGenres,
  'silver.movie_languages': movieLanguages,
  'silver.movie_measures': movieMeasures,
  'silver.movies_curated': moviesCurated,
  'silver.movies': movies,
  'silver.people': people,
  'silver.quarantine': quarantine,
  'gold.actors': actors,
  'gold.companies': companies,
  'gold.countries': countries,
  'gold.decades': decades,
  'gold.directors': directors,
  'gold.franchise_vs_standalone': franchiseVsStandalone,
  'gold.franchises': franchises,
  'gold.genres': genres,
  'gold.languages': languages,
  'gold.months': months,
  'gold.movie_performance': moviePerformance,
  'gold.movers': movers,
  'gold.rankings': rankings,
  'gold.search_results': searchResults,
  'gold.years': years,
} as const

/** The name of a table of the lake. */
export type TableName = keyof typeof tablesByName

/** The frame over a table, by the table's name. */
export type FrameOf<N extends TableName> = (typeof tablesByName)[N]['frame']

/** All tables of a lake, in build order. */
export const lakeTables = (rules: Pick<Rules, 'drop_columns'>): readonly Table<object>[] => [
  bronzeMovies,
  bronzeRejected,
  ...silverTables(rules).map(({ table }) => table),
  ...goldTables,
]

/** The table of that name. Throws ConfigError naming the one that may be meant. */
export function findTable(name: string, rules: Pick<Rules, 'drop_columns'>): Table<object> {
  const tables = lakeTables(rules)
  const found = tables.find((table) => table.name === name)
  if (found !== undefined) return found
  const names = tables.map((table) => table.name)
  const ofLayer = names.filter((one) => one.startsWith(`${name}.`))
  const near = [...names.filter((one) => one.endsWith(`.${name}`)), nearest(name, names) ?? []].flat()[0]
  const hint =
    ofLayer.length > 0
      ? `its tables are ${ofLayer.join(', ')}`
      : near === undefined
        ? 'movielake tables lists them'
        : `is it ${near}?`
  throw new ConfigError(`there is no table ${JSON.stringify(name)}`, { hint })
}
