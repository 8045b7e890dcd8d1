import type { HeadlineAnswer, HeadlineId, HeadlineNumber, Years } from '../../api-types.ts'
import { FaultMessage } from '../parts/states.tsx'
import { withQuery } from '../state/api.ts'
import { formatCount, formatMoney, formatMultiple, formatRating, unknown } from '../state/format.ts'
import type { Answer } from '../state/use-answer.ts'
import { Sql } from './sql.tsx'

interface Props {
  readonly answer: Answer<HeadlineAnswer>
  /** The query string of the filters. */
  readonly filters: string
}

/** The numbers above all, with their change from one period to the next, and on request the SQL behind them and a file. */
export function Headline({ answer, filters }: Props) {
  const { value, fault, isLoading, retry } = answer
  return (
    <section class="headline" aria-labelledby="title-headline" aria-busy={isLoading}>
      <h2 id="title-headline" class="sr-only">
        Headline numbers
      </h2>
      {fault !== undefined && !isLoading && <FaultMessage fault={fault} retry={retry} />}
      {fault === undefined && (
        <dl class={isLoading ? 'is-stale' : ''}>
          {value?.numbers.map((number) => <Stat key={number.id} number={number} period={value.compared?.now} />) ??
            [1, 2, 3, 4, 5].map((place) => <div key={place} class="stat" />)}
        </dl>
      )}
      {value !== undefined && fault === undefined && <Behind answer={value} filters={filters} />}
    </section>
  )
}

function Stat({ number, period }: { readonly number: HeadlineNumber; readonly period: Years | undefined }) {
  const change = changeOf(number)
  return (
    <div class="stat">
      <dt>{number.label}</dt>
      <dd class="stat-value">{formatNumber(number.id, number.value)}</dd>
      <dd class="stat-note">{noteOf(number)}</dd>
      {change !== undefined && period !== undefined && (
        <dd class="stat-note">
          {yearsText(period)}:{' '}
          <span class={`stat-change ${change.direction}`}>
            <span aria-hidden="true">{{ up: '▲', down: '▼', level: '■' }[change.direction]}</span> {change.text}
          </span>
        </dd>
      )}
    </div>
  )
}

/** What the changes compare, the numbers as a file, and the SQL. */
function Behind({ answer, filters }: { readonly answer: HeadlineAnswer; readonly filters: string }) {
  const { compared } = answer
  return (
    <div class="headline-notes">
      {compared !== null && (
        <p>
          Changes: films of {yearsText(compared.now)} against films of {yearsText(compared.before)}
        </p>
      )}
      <a href={withQuery('/api/headline.csv', filters)} download>
        Headline as CSV
      </a>
      <details>
        <summary>SQL of the headline</summary>
        <Sql asked={answer} label="the headline numbers" />
      </details>
    </div>
  )
}

function noteOf({ id, n }: HeadlineNumber): string {
  const films = `${formatCount(n)} ${n === 1 ? 'film' : 'films'}`
  return id === 'films' ? 'that pass the filters' : `of ${films}`
}

function formatNumber(id: HeadlineId, value: number | null): string {
  if (value === null) return unknown
  switch (id) {
    case 'films':
      return formatCount(value)
    case 'box_office_musd':
      return formatMoney(value)
    case 'median_roi':
      return formatMultiple(value)
    case 'mean_rating':
      return formatRating(value)
    case 'franchise_share_pct':
      return `${value.toFixed(1)} %`
  }
}

interface Change {
  readonly direction: 'up' | 'down' | 'level'
  readonly text: string
}

/** The change between the periods: of ratings and shares in points, else in percent. */
function changeOf({ id, now, before }: HeadlineNumber): Change | undefined {
  if (now === null || before === null) return undefined
  const isPoints = id === 'mean_rating' || id === 'franchise_share_pct'
  if (!isPoints && before === 0) return undefined
  const change = isPoints ? now - before : (100 * (now - before)) / before
  const digits = id === 'mean_rating' ? 2 : isPoints || Math.abs(change) < 10 ? 1 : 0
  const size = Math.abs(change).toFixed(digits)
  const direction = Number(size) === 0 ? 'level' : change > 0 ? 'up' : 'down'
  const sign = { up: '+', down: '−', level: '±' }[direction]
  return { direction, text: `${sign}${size}${isPoints ? (id === 'mean_rating' ? '' : ' points') : ' %'}` }
}

function yearsText({ from, to }: Years): string {
  return from === to ? String(from) : `${from}–${to}`
}
