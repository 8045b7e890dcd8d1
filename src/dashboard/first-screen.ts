import { charts } from '../report/charts/index.ts'
import { answerChart } from './answers/chart-answer.ts'
import { answerFilms, parseFilmsQuery } from './answers/films-answer.ts'
import { answerHeadline } from './answers/headline-answer.ts'
import { parseFilters } from './filters.ts'
import type { Publication } from './publication.ts'
import { ShownFilms } from './shown-films.ts'

/** Asks all that the first screen asks while nothing is filtered, so that the publication knows the answers before anybody opens it. */
export async function prepareFirstScreen(publication: Publication): Promise<void> {
  const nothing = new URLSearchParams()
  const filters = parseFilters(nothing)
  // each question listens to a signal of its own
  const signal = (): AbortSignal => new AbortController().signal
  const shown = (): ShownFilms => new ShownFilms(publication, filters, signal())
  await publication.use(() =>
    Promise.all([
      answerHeadline(publication, filters, signal()),
      answerFilms(shown(), parseFilmsQuery(nothing)),
      ...charts.map(({ id }) => answerChart(shown(), id)),
    ]),
  )
}
