import { type Filter, type FilterName, isFilterName } from '../state/filters.ts'

/** What a click on a mark does: it filters all films, or opens a film. */
export type MarkMeaning = { readonly filter: Filter } | { readonly film: string }

/** The meaning of a mark's `data-filter`, such as `year=1999`; undefined where the films cannot be filtered by it. */
export function readMeaning(text: string): MarkMeaning | undefined {
  const at = text.indexOf('=')
  const [name, value] = [text.slice(0, at), text.slice(at + 1)]
  if (isFilterName(name)) return by(name, value)
  if (name === 'movie') return { film: value }
  if (name === 'year') return by('years', `${value}-${value}`)
  if (name === 'decade') return by('years', `${value}-${Number(value) + 9}`)
  return name === 'kind' ? by('franchise', value === 'franchise' ? '1' : '0') : undefined
}

function by(name: FilterName, value: string): MarkMeaning {
  return { filter: { name, value } }
}
