import { Frame } from '../../frame/index.ts'
import { charts } from '../../report/charts/index.ts'
import type { ChartAnswer } from '../api-types.ts'
import { NotFoundError } from '../answer-error.ts'
import type { ShownFilms } from '../shown-films.ts'

/** The chart of that id. Throws NotFoundError. */
export function findChart(id: string): (typeof charts)[number] {
  const chart = charts.find((one) => one.id === id)
  if (chart === undefined)
    throw new NotFoundError(`there is no chart ${JSON.stringify(id)}`, {
      hint: `charts are ${charts.map((one) => one.id).join(', ')}`,
    })
  return chart
}

/** A chart's rows over the films that are shown. */
export async function answerChart(shown: ShownFilms, id: string): Promise<ChartAnswer> {
  const chart = findChart(id)
  const rows: readonly unknown[] = await chart.query(shown.sources).collect()
  return {
    id,
    // a chart knows the type of its own rows
    caption: chart.caption(rows as readonly never[]),
    rows: rows as ChartAnswer['rows'],
    ...shown.asked,
  }
}

/** The names of a chart's columns, in order. */
export function chartColumns(shown: ShownFilms, id: string): readonly string[] {
  const frame: unknown = findChart(id).query(shown.sources)
  return frame instanceof Frame ? Object.keys(frame.types) : []
}
