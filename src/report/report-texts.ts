import { counted, formatInstant, formatNumber } from './numbers.ts'
import type { Report } from './report.ts'
import type { AnswersOfRun } from './trust.ts'

/** The sentence that TMDB asks for wherever its data is shown. Source: https://developer.themoviedb.org/docs/faq */
export const tmdbNotice = 'This product uses the TMDB API but is not endorsed or certified by TMDB.'

/** What the report is about, in a sentence. */
export function summaryText({ headline: { films, first_year, last_year, franchise_count } }: Report): string {
  if (films === 0) return 'There are no films in the published tables yet.'
  const span = first_year === last_year ? `${first_year}` : `${first_year} to ${last_year}`
  const released = first_year === null ? '' : `, released ${span}`
  return `${counted(films, 'film')}${released}; ${formatNumber(franchise_count, 'count')} of them in a franchise.`
}

/** Which run made the report's tables visible, and when. */
export const publishedText = ({ published: { run_id, at } }: Pick<Report, 'published'>): string =>
  `Published ${formatInstant(at)} UTC by run ${run_id}.`

/** Said loudly where films are not from TMDB but from the sample server; undefined otherwise. */
export function sampleText({ trust: { answers } }: Pick<Report, 'trust'>): string | undefined {
  const all = filmsIn(answers)
  const sample = filmsIn(answers.filter(({ run }) => run?.is_sample === true))
  if (sample === 0) return undefined
  const which = sample === all ? 'All' : `${formatNumber(sample, 'count')} of`
  return `Sample data. ${which} ${counted(all, 'film')} come from the sample server that movielake brings along, not from TMDB. For live data set TMDB_TOKEN and run again.`
}

const filmsIn = (answers: readonly AnswersOfRun[]): number => answers.reduce((all, { films }) => all + films, 0)

/** How old the films' answers are, seen from the publication. */
export function freshnessText({ trust: { answers }, published: { at } }: Report): string {
  const oldest = earliest(answers)
  const newest = latest(answers)
  if (oldest === undefined || newest === undefined) return 'There is no answer that a film is from.'
  const days = Math.max(0, Math.floor((Date.parse(at) - Date.parse(oldest)) / 86_400_000))
  const age = days === 0 ? 'less than a day' : counted(days, 'day')
  return `Each film is as its newest answer has it. The newest of them came ${formatInstant(newest)} UTC, the oldest ${formatInstant(oldest)} UTC, ${age} before publication.`
}

const earliest = (answers: readonly AnswersOfRun[]): string | undefined =>
  answers.map(({ oldest_at }) => oldest_at).toSorted()[0]

const latest = (answers: readonly AnswersOfRun[]): string | undefined =>
  answers
    .map(({ newest_at }) => newest_at)
    .toSorted()
    .at(-1)

/** What every written row has been held against. */
export function checksText({ trust: { tables } }: Report): string {
  const checked = tables.filter(({ key }) => key.length > 0)
  const columns = checked.reduce((all, { never_null_count }) => all + (never_null_count ?? 0), 0)
  return `Before rows became visible they were checked: ${counted(columns, 'column')} may never be null, and in ${counted(checked.length, 'table')} a key may stand only once. One failure stops a run before it publishes; these tables had none.`
}

/** Where the figures are from, in lines under a picture. */
export function sourceLines(report: Pick<Report, 'published' | 'trust'>): readonly string[] {
  const { answers } = report.trust
  const [from, to] = [earliest(answers)?.slice(0, 10), latest(answers)?.slice(0, 10)]
  const when = from === undefined ? '' : from === to ? `, ${from}` : `, ${from} to ${to}`
  const what = sampleText(report) === undefined ? 'TMDB' : 'SAMPLE DATA, not from TMDB'
  return [`Data: ${what}${when}. Run ${report.published.run_id}.`, tmdbNotice]
}

/** A number with what it is and how many films it stands for. */
export interface Tile {
  readonly name: string
  readonly value: string
  readonly note: string
}

/** The headline numbers. */
export function tiles({ headline: h, rules }: Report): readonly Tile[] {
  const of = (count: number, what: string): string =>
    count === 0 ? `no film ${what}` : `${formatNumber(count, 'count')} of ${counted(h.films, 'film')} ${what}`
  return [
    {
      name: 'Films',
      value: formatNumber(h.films, 'count'),
      note: `${formatNumber(h.franchise_count, 'count')} in a franchise`,
    },
    { name: 'Worldwide box office', value: money(h.revenue_musd), note: of(h.revenue_count, 'with revenue') },
    { name: 'Revenue less budget', value: money(h.profit_musd), note: of(h.profit_count, 'with both') },
    {
      name: 'Median return on budget',
      value: formatNumber(h.median_roi, 'ratio'),
      note: of(h.roi_count, `with revenue and a budget from $${rules.roi_min_budget_musd}M`),
    },
    { name: 'Mean rating', value: formatNumber(h.mean_rating, 'rating'), note: of(h.rating_count, 'with votes') },
    { name: 'Votes', value: h.votes === null ? '-' : compact.format(h.votes), note: 'at TMDB, all films together' },
  ]
}

const compact = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 })

/** Million US dollars to three digits: `$195B`, `-$12.4M`; `-` when unknown. */
function money(musd: number | null): string {
  if (musd === null) return '-'
  const [value, unit] = Math.abs(musd) >= 1000 ? [musd / 1000, 'B'] : [musd, 'M']
  const text = Number(Math.abs(value).toPrecision(3)).toLocaleString('en')
  return `${value < 0 ? '-' : ''}$${text}${unit}`
}
