import { count, countIf, lit, type Column, type Columns, type Frame } from '../../frame/index.ts'
import type { ChartSources } from './chart.ts'

/** The films a chart asks. */
export type Films = ChartSources['films']
/** The columns of a film. */
export type Film = Films extends Frame<infer S> ? Columns<S> : never

/** One row: how many films there are, and for how many of them the condition holds. */
export const coverage = (films: Films, isShown: (film: Film) => Column<'boolean' | null>) =>
  films.agg((film) => ({ films: count(), shown: countIf(isShown(film)) }))

/** Joins the one row of another frame to each row. */
export const always = (): Column<'boolean', never> => lit(true)
