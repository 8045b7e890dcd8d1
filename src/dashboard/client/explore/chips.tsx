import { monthNames } from '../../../report/charts/format.ts'
import type { HeadlineAnswer } from '../../api-types.ts'
import { type Filter, filtersOf, without, withoutFilters } from '../state/filters.ts'
import { formatLanguage } from '../state/format.ts'
import { explore } from '../state/place.ts'

/** The filters in use, each a button that takes it out. */
export function Chips(props: { readonly query: URLSearchParams; readonly names: HeadlineAnswer['names'] | undefined }) {
  const { query, names } = props
  const filters = filtersOf(query)
  if (filters.length === 0) return null
  return (
    <ul class="chips" aria-label="Filters in use">
      {filters.map((filter) => {
        const text = describeFilter(filter, names)
        return (
          <li key={text}>
            <button
              type="button"
              class="chip"
              aria-label={`Remove filter ${text}`}
              onClick={() => explore((now) => without(now, filter))}
            >
              {text}
              <span aria-hidden="true">×</span>
            </button>
          </li>
        )
      })}
      <li>
        <button type="button" class="link" onClick={() => explore(withoutFilters)}>
          Clear all
        </button>
      </li>
    </ul>
  )
}

/** A filter in words. Ids stay ids where `names` does not know them. */
export function describeFilter({ name, value }: Filter, names: HeadlineAnswer['names'] | undefined): string {
  switch (name) {
    case 'genre':
    case 'country':
      return value
    case 'language':
      return formatLanguage(value)
    case 'years':
      return describeRange(value, 'from', 'until')
    case 'month':
      return `Released in ${monthNames[Number(value) - 1] ?? value}`
    case 'franchise':
      return value === '1' ? 'In a franchise' : 'Standalone'
    case 'collection':
      return names?.collection ?? `Franchise ${value}`
    case 'director':
      return `By ${names?.director ?? `person ${value}`}`
    case 'rating':
      return `Rating ${describeRange(value, 'from', 'to')}`
    case 'votes':
      return `Votes ${describeRange(value, 'from', 'to')}`
    case 'q':
      return `Title has “${value}”`
  }
}

function describeRange(range: string, from: string, until: string): string {
  const [min = '', max = ''] = range.split('-')
  if (min === '') return `${until} ${max}`
  if (max === '') return `${from} ${min}`
  return min === max ? min : `${min}–${max}`
}
