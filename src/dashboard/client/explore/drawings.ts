import type { Canvas } from '../../../report/charts/chart.ts'
import * as roiByGenre from '../../../report/charts/roi-by-genre.ts'
import type { ChartAnswer } from '../../api-types.ts'

type Draw = (rows: ChartAnswer['rows'], canvas: Canvas) => SVGSVGElement | undefined

// taken one by one, so that what the charts ask the lake stays out of what a browser loads
const drawings: readonly (readonly [string, (rows: never, canvas: Canvas) => SVGSVGElement | undefined])[] = [
  [roiByGenre.id, roiByGenre.draw],
]

/** How a chart is drawn; undefined for one that the server has and the client does not. */
export function drawingOf(id: string): Draw | undefined {
  const draw = drawings.find(([name]) => name === id)?.[1]
  // the rows came as JSON from the chart's own query
  return draw === undefined ? undefined : (rows, canvas) => draw(rows as never, canvas)
}
