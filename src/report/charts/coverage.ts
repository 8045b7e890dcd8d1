import { count, lit, type Column, type Columns, type Frame } from '../../frame/index.ts'
import type { ChartSources } from './chart.ts'

/** The films a chart asks. */
export type Films = ChartSources['films']
/** The columns of a film. */
export type Film = Films extends Frame<infer S> ? Columns<S> : never

/** One row: how many films there are, and for how many of them the condition holds. */
export const coverage = (
  { films, total }: Pick<ChartSources, 'films' | 'total'>,
  isShown: (film: Film) => Column<'boolean' | null>,
) =>
  total.joinOn(
    films.filter(isShown).agg(() => ({ shown: count() })),
    always,
  )

/** Joins the one row of another frame to each row. */
export const always = (): Column<'boolean', never> => lit(true)
