import type { LakeAnswer } from '../../api-types.ts'
import { api } from '../state/api.ts'
import { filterQuery } from '../state/filters.ts'
import { formatCount } from '../state/format.ts'
import type { Theme } from '../state/theme.ts'
import { useAnswer } from '../state/use-answer.ts'
import { ChartPanel } from './chart-panel.tsx'
import { Chips } from './chips.tsx'
import { Facets } from './facets.tsx'
import { FilmsPanel } from './films-panel.tsx'
import { Headline } from './headline.tsx'

interface Props {
  readonly lake: LakeAnswer
  readonly query: URLSearchParams
  readonly theme: Theme
}

/** The first screen: filters, headline numbers, all charts, the list of films. */
export function ExplorePage({ lake, query, theme }: Props) {
  return (
    <>
      <h1 class="sr-only">Explore films</h1>
      <Top query={query} />
      <div class="grid">
        {lake.charts.map((id) => (
          <ChartPanel key={id} id={id} query={query} theme={theme} />
        ))}
        <FilmsPanel query={query} />
      </div>
    </>
  )
}

/** What is above the charts, a component of its own so that it is asked for before them. */
function Top({ query }: { readonly query: URLSearchParams }) {
  const headline = useAnswer(api.headline(filterQuery(query)))
  const films = headline.value?.numbers.find(({ id }) => id === 'films')?.value
  return (
    <>
      <div class="filter-bar">
        <Facets query={query} />
        <Chips query={query} names={headline.value?.names} />
      </div>
      <p class="sr-only" role="status">
        {headline.isLoading || films === undefined || films === null ? '' : `${formatCount(films)} films shown`}
      </p>
      <Headline answer={headline} filters={filterQuery(query)} />
    </>
  )
}
