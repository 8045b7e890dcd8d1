import type { Filter } from '../state/filters.ts'

/** What a cell of a chart's row filters the films by, told by its column; undefined where by nothing. */
export function filterOfCell(column: string, row: Readonly<Record<string, unknown>>): Filter | undefined {
  const value = row[column]
  if (value === null || value === undefined) return undefined
  switch (column) {
    case 'genre':
    case 'country':
      return { name: column, value: String(value) }
    case 'language':
    case 'original_language':
      return { name: 'language', value: String(value) }
    case 'year':
      return { name: 'years', value: `${String(value)}-${String(value)}` }
    case 'month':
      return { name: column, value: String(value) }
    case 'decade':
      return { name: 'years', value: `${Number(value)}-${Number(value) + 9}` }
    case 'kind':
      return { name: 'franchise', value: value === 'franchise' ? '1' : '0' }
    case 'is_franchise':
      return { name: 'franchise', value: value === true ? '1' : '0' }
    case 'collection_name':
      return byId('collection', row['collection_id'])
    case 'director':
    case 'name':
      return byId('director', row['person_id'] ?? row['director_id'])
    default:
      return undefined
  }
}

function byId(name: 'collection' | 'director', id: unknown): Filter | undefined {
  return typeof id === 'number' ? { name, value: String(id) } : undefined
}
