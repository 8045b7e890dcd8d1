import type { FilmAnswer, FilmRow } from '../../api-types.ts'
import { Panel } from '../parts/panel.tsx'
import { formatCount, formatMoney, formatMultiple, formatRating, unknown } from '../state/format.ts'

/** What a film cost and made, how it was voted on, and its places in the rankings. */
export function Money({ film, rankings }: { readonly film: FilmRow; readonly rankings: FilmAnswer['rankings'] }) {
  return (
    <Panel id="money" title="Money and votes" isLoading={false}>
      <MoneyBars film={film} />
      <dl class="figures">
        {figure('Profit', formatMoney(film.profit_musd))}
        {figure('Revenue ÷ budget', formatMultiple(film.roi))}
        {figure('Mean vote', formatRating(film.vote_average))}
        {figure('Votes', film.vote_count === null ? unknown : formatCount(film.vote_count))}
        {figure('Popularity', film.popularity === null ? unknown : film.popularity.toFixed(1))}
      </dl>
      {rankings.length > 0 && (
        <>
          <h3>Among all films</h3>
          <ul class="places">
            {rankings.map(({ ranking, rank }) => (
              <li key={ranking}>
                <span class="badge">{rank}</span> {ranking.replaceAll('_', ' ')}
              </li>
            ))}
          </ul>
        </>
      )}
    </Panel>
  )
}

function figure(name: string, value: string) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  )
}

function MoneyBars({ film }: { readonly film: FilmRow }) {
  const { budget_musd, revenue_musd } = film
  const most = Math.max(budget_musd ?? 0, revenue_musd ?? 0)
  return (
    <dl class="bars">
      {bar('Budget', budget_musd, most, 'main')}
      {bar('Revenue', revenue_musd, most, 'accent')}
    </dl>
  )
}

function bar(name: string, musd: number | null, most: number, color: 'main' | 'accent') {
  const width = musd === null || most === 0 ? 0 : (100 * musd) / most
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        <svg class={`bar ${color}`} aria-hidden="true" preserveAspectRatio="none" viewBox="0 0 100 1">
          <rect width={width} height="1" />
        </svg>
        <span>{musd === null ? 'not known' : formatMoney(musd)}</span>
      </dd>
    </div>
  )
}
