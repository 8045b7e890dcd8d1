import type { Filters } from '../../filters.ts'

/** Names of the filters, as they stand in an address. */
export type FilterName = keyof Filters

/** A filter with one value, as it stands in an address: `years` with `1990-1999`. */
export interface Filter {
  readonly name: FilterName
  readonly value: string
}

const isMany = {
  genre: true,
  years: false,
  month: true,
  language: true,
  country: true,
  franchise: false,
  collection: false,
  director: false,
  rating: false,
  votes: false,
  q: false,
} as const satisfies Record<FilterName, boolean>

const names = Object.keys(isMany) as FilterName[]

/** Whether films can be filtered by what is named so. */
export function isFilterName(name: string): name is FilterName {
  return name in isMany
}

/** The filters in an address, in a fixed order; what else stands there is left out. */
export function filtersOf(query: URLSearchParams): readonly Filter[] {
  return names.flatMap((name) =>
    query
      .getAll(name)
      .filter((value) => value !== '')
      .toSorted()
      .map((value) => ({ name, value })),
  )
}

/** The query string of the filters of an address, the same for the same filters. */
export function filterQuery(query: URLSearchParams): string {
  return new URLSearchParams(filtersOf(query).map(({ name, value }) => [name, value])).toString()
}

/** Whether the films are filtered by just this. */
export function isFiltered(query: URLSearchParams, { name, value }: Filter): boolean {
  return query.getAll(name).includes(value)
}

/** The query with the filter, or without it when it is there. Genres, months, languages and countries add up, others replace what was there. */
export function toggled(query: URLSearchParams, filter: Filter): URLSearchParams {
  return isFiltered(query, filter) ? without(query, filter) : withFilter(query, filter)
}

/** The query with the filter; an empty value takes the filter out. The list of films begins at its first page again. */
export function withFilter(query: URLSearchParams, { name, value }: Filter): URLSearchParams {
  const next = firstPage(query)
  if (!isMany[name]) next.delete(name)
  if (value !== '') next.append(name, value)
  return next
}

/** The query with one end of a range changed: 0 is the lower, 1 the upper. Ends that were given the wrong way round change places. */
export function withEnd(query: URLSearchParams, name: FilterName, at: 0 | 1, value: string): URLSearchParams {
  const [low = '', high = ''] = (query.get(name) ?? '').split('-')
  const [from, to] = at === 0 ? [value, high] : [low, value]
  const isTurned = from !== '' && to !== '' && Number(from) > Number(to)
  const range = isTurned ? `${to}-${from}` : `${from}-${to}`
  return withFilter(query, { name, value: range === '-' ? '' : range })
}

/** The query without one filter. */
export function without(query: URLSearchParams, { name, value }: Filter): URLSearchParams {
  const next = firstPage(query)
  next.delete(name, value)
  return next
}

/** The query without any filter; how things are shown stays. */
export function withoutFilters(query: URLSearchParams): URLSearchParams {
  const next = firstPage(query)
  for (const name of names) next.delete(name)
  return next
}

function firstPage(query: URLSearchParams): URLSearchParams {
  const next = new URLSearchParams(query)
  next.delete('page')
  return next
}
