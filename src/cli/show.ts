import { InputError } from '../errors.ts'
import type { Lake } from '../index.ts'
import type { Context } from './context.ts'
import { formatInstant, formatNumber } from '../report/numbers.ts'
import { padded, textTable } from './text-table.ts'

type MovieRecord = NonNullable<Awaited<ReturnType<Lake['show']>>>

/** Prints what there is of one movie. Throws InputError when there is nothing. */
export async function show(context: Context, _: object, [id = '']: readonly string[]): Promise<number> {
  const lake = await context.lake()
  const record = await lake.show(Number(id))
  if (record === undefined)
    throw new InputError(`there is no movie ${id} in this lake`, {
      hint: `movielake ingest --ids ${id} asks TMDB for it`,
    })
  if (context.flags.json === true) context.json(record)
  else for (const line of recordText(record, context)) context.out.line(line)
  return 0
}

function recordText(
  { movie_id, movie, performance, rankings, answers, rejections, quarantine }: MovieRecord,
  { out }: Context,
): string[] {
  const facts = movie === null ? [['silver', 'does not keep it']] : factsOf(movie)
  const money = performance === null ? [] : [['ROI', formatNumber(performance.roi, 'ratio')]]
  const places = rankings.map(({ ranking, rank }) => `${ranking} ${rank}`).join(', ')
  const problems = [
    ...quarantine.map(({ reason, severity, detail }) => [severity, `${reason}${detail === null ? '' : `: ${detail}`}`]),
    ...rejections.map(({ reason, message, rejected_at }) => [
      'rejected',
      `${reason}: ${message} (${formatInstant(rejected_at)})`,
    ]),
  ]
  const labelled = [...facts, ...money, ['rankings', places], ...problems].filter(
    ([, text]) => text !== '' && text !== '-',
  )
  const head = [
    { title: 'fetched (UTC)' },
    { title: 'status', isRight: true },
    { title: 'run' },
    { title: 'request', isElastic: true },
  ]
  const rows = answers.map((answer) => [
    formatInstant(answer.fetched_at),
    String(answer.http_status),
    answer.run_id,
    answer.request,
  ])
  return [
    out.styled('bold', movie === null ? `movie ${movie_id}` : `${movie.title} (${movie_id})`),
    ...labelled.map(([label = '', text = '']) => `  ${padded(label, 10)} ${text}`),
    ...(rows.length === 0 ? [] : ['', ...textTable(head, rows, out.columns(), (line) => out.styled('dim', line))]),
  ]
}

function factsOf(movie: NonNullable<MovieRecord['movie']>): string[][] {
  const musd = (value: number | null): string => (value === null ? '-' : `${formatNumber(value, 'musd')} M$`)
  return [
    ['released', movie.release_date ?? '-'],
    ['directors', movie.directors.map(({ name }) => name).join(', ')],
    ['cast', movie.cast.slice(0, 5).join(', ')],
    ['genres', movie.genres.join(', ')],
    ['collection', movie.collection_name ?? '-'],
    ['runtime', movie.runtime === null ? '-' : `${movie.runtime} min`],
    ['budget', musd(movie.budget_musd)],
    ['revenue', musd(movie.revenue_musd)],
    ['rating', `${formatNumber(movie.vote_average, 'rating')} of ${formatNumber(movie.vote_count, 'count')} votes`],
  ]
}
