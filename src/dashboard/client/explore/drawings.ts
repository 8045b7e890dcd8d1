import type { Canvas } from '../../../report/charts/chart.ts'
import * as decades from '../../../report/charts/decades.ts'
import * as directors from '../../../report/charts/directors.ts'
import * as franchiseAgainstStandalone from '../../../report/charts/franchise-against-standalone.ts'
import * as languages from '../../../report/charts/languages.ts'
import * as movers from '../../../report/charts/movers.ts'
import * as popularityAgainstRating from '../../../report/charts/popularity-against-rating.ts'
import * as rankings from '../../../report/charts/rankings.ts'
import * as revenueAgainstBudget from '../../../report/charts/revenue-against-budget.ts'
import * as roiByGenre from '../../../report/charts/roi-by-genre.ts'
import * as seasonality from '../../../report/charts/seasonality.ts'
import * as yearlyBoxOffice from '../../../report/charts/yearly-box-office.ts'
import type { ChartAnswer } from '../../api-types.ts'

type Draw = (rows: ChartAnswer['rows'], canvas: Canvas) => SVGSVGElement | undefined

// taken one by one, so that what the charts ask the lake stays out of what a browser loads
const drawings: readonly (readonly [string, (rows: never, canvas: Canvas) => SVGSVGElement | undefined])[] = [
  [decades.id, decades.draw],
  [directors.id, directors.draw],
  [franchiseAgainstStandalone.id, franchiseAgainstStandalone.draw],
  [languages.id, languages.draw],
  [movers.id, movers.draw],
  [popularityAgainstRating.id, popularityAgainstRating.draw],
  [rankings.id, rankings.draw],
  [revenueAgainstBudget.id, revenueAgainstBudget.draw],
  [roiByGenre.id, roiByGenre.draw],
  [seasonality.id, seasonality.draw],
  [yearlyBoxOffice.id, yearlyBoxOffice.draw],
]

/** How a chart is drawn; undefined for one that the server has and the client does not. */
export function drawingOf(id: string): Draw | undefined {
  const draw = drawings.find(([name]) => name === id)?.[1]
  // the rows came as JSON from the chart's own query
  return draw === undefined ? undefined : (rows, canvas) => draw(rows as never, canvas)
}
