import { actors } from './actors.ts'
import { companies } from './companies.ts'
import { countries } from './countries.ts'
import { decades } from './decades.ts'
import { directors } from './directors.ts'
import { franchiseVsStandalone } from './franchise-vs-standalone.ts'
import { franchises } from './franchises.ts'
import { genres } from './genres.ts'
import { languages } from './languages.ts'
import { months } from './months.ts'
import { moviePerformance } from './movie-performance.ts'
import { movers } from './movers.ts'
import { rankings } from './rankings.ts'
import { searchResults } from './search-results.ts'
import { years } from './years.ts'

/** The gold tables in build order. All are small and recomputed whole from silver. */
export const goldTables = [
  moviePerformance,
  rankings,
  searchResults,
  franchiseVsStandalone,
  franchises,
  directors,
  genres,
  years,
  decades,
  months,
  actors,
  companies,
  countries,
  languages,
  movers,
] as const
