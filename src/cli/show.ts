import { InputError } from '../errors.ts'
import type { Lake } from '../index.ts'
import type { Context } from './context.ts'
import { formatInstant, formatNumber } from '../report/numbers.ts'
import { rankingTitle } from '../report/ranking-titles.ts'
import { bar, greatest } from './bar.ts'
import { card } from './card.ts'
import type { Terminal } from './terminal.ts'
import { padded, textTable } from './text-table.ts'

type MovieRecord = NonNullable<Awaited<ReturnType<Lake['show']>>>
type Movie = NonNullable<MovieRecord['movie']>

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

function recordText(record: MovieRecord, { out }: Context): string[] {
  const { movie_id, movie, quarantine, rejections, answers } = record
  const problems = [
    ...quarantine.map(({ reason, severity, detail }) => [severity, `${reason}${detail === null ? '' : `: ${detail}`}`]),
    ...rejections.map(({ reason, message, rejected_at }) => [
      'rejected',
      `${reason}: ${message} (${formatInstant(rejected_at)})`,
    ]),
  ]
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
    ...(movie === null
      ? [out.styled('bold', `movie ${movie_id}`), labelled('silver', 'does not keep it')]
      : filmCard(record, movie, out)),
    ...problems.map(([label = '', text = '']) => labelled(label, text)),
    ...(rows.length === 0 ? [] : ['', ...textTable(head, rows, out.columns(), (line) => out.styled('dim', line))]),
  ]
}

const labelled = (label: string, text: string): string => `  ${padded(label, 10)} ${text}`
const barWidth = 20

/** The film as a card: what it is, and bars for what it cost, what it earned and what people think of it. */
function filmCard({ performance, rankings }: MovieRecord, movie: Movie, out: Terminal): string[] {
  const most = greatest([movie.budget_musd, movie.revenue_musd])
  const drawn = (label: string, value: unknown, end: number, text: string): string =>
    `${padded(label, 8)} ${padded(bar(value, end, barWidth, out.isUnicode), barWidth)} ${text}`
  const musd = (value: number | null): string => (value === null ? 'not known' : `${formatNumber(value, 'musd')} M$`)
  const roi =
    performance?.roi === null || performance === null ? '' : `, ${formatNumber(performance.roi, 'ratio')} the budget`
  const places = rankings.map(({ ranking, rank }) => `${rank}. ${rankingTitle(ranking)}`).join(', ')
  const directors = movie.directors.flatMap(({ name }) => name ?? [])
  const lines = [
    [movie.genres.join(', '), movie.runtime === null ? '' : `${movie.runtime} min`, movie.original_language ?? ''],
    [listed('by ', directors)],
    [listed('with ', movie.cast.slice(0, 5))],
    [movie.collection_name ?? ''],
  ].map((parts) => parts.filter((part) => part !== '').join(out.isUnicode ? ' · ' : ' | '))
  return card(
    `${movie.title}${movie.release_date === null ? '' : ` (${movie.release_date})`}`,
    [
      ...lines.filter((line) => line !== ''),
      '',
      drawn('budget', movie.budget_musd, most, musd(movie.budget_musd)),
      drawn('revenue', movie.revenue_musd, most, `${musd(movie.revenue_musd)}${roi}`),
      drawn(
        'rating',
        movie.vote_average,
        10,
        `${formatNumber(movie.vote_average, 'rating')} of 10, ${formatNumber(movie.vote_count, 'count')} votes`,
      ),
      ...(places === '' ? [] : ['', `ranked ${places}`]),
    ],
    Math.min(out.columns(), 80),
    out,
  )
}

const listed = (before: string, names: readonly string[]): string =>
  names.length === 0 ? '' : `${before}${names.join(', ')}`
