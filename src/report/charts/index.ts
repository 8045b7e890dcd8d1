import type { Chart } from './chart.ts'
import * as directors from './directors.ts'
import * as languages from './languages.ts'
import * as movers from './movers.ts'
import * as rankings from './rankings.ts'
import * as revenueAgainstBudget from './revenue-against-budget.ts'
import * as roiByGenre from './roi-by-genre.ts'

/** The charts in the order they are shown. */
export const charts: readonly Chart[] = [revenueAgainstBudget, roiByGenre, rankings, directors, languages, movers]
