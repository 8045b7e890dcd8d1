import type { Chart } from './chart.ts'
import * as decades from './decades.ts'
import * as directors from './directors.ts'
import * as franchiseAgainstStandalone from './franchise-against-standalone.ts'
import * as languages from './languages.ts'
import * as movers from './movers.ts'
import * as popularityAgainstRating from './popularity-against-rating.ts'
import * as rankings from './rankings.ts'
import * as revenueAgainstBudget from './revenue-against-budget.ts'
import * as roiByGenre from './roi-by-genre.ts'
import * as seasonality from './seasonality.ts'
import * as yearlyBoxOffice from './yearly-box-office.ts'

/** The charts in the order they are shown. */
export const charts: readonly Chart[] = [
  revenueAgainstBudget,
  roiByGenre,
  popularityAgainstRating,
  yearlyBoxOffice,
  franchiseAgainstStandalone,
  rankings,
  directors,
  seasonality,
  decades,
  languages,
  movers,
]
