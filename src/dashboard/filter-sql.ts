import type { Parameter } from '../engines/duckdb/duckdb-file.ts'
import type { Filters, Range } from './filters.ts'
import { keyOf } from './serving-tables.ts'

/** A condition over the table `films`, with the values of `$1`, `$2`, … beside. */
export interface Condition {
  readonly sql: string
  readonly parameters: readonly Parameter[]
}

/** The condition that films pass the filters. Nothing of what was asked stands in its SQL: all values are parameters. */
export function filterSql(filters: Filters): Condition {
  const parameters: Parameter[] = []
  const given = (value: Parameter): string => `$${parameters.push(value)}`
  const between = (column: string, type: string, { min, max }: Range): string[] => [
    ...(min === undefined ? [] : [`${column} >= ${given(min)}::${type}`]),
    ...(max === undefined ? [] : [`${column} <= ${given(max)}::${type}`]),
  ]
  const listed = (column: 'genres' | 'countries', values: readonly string[]): string => {
    const places = values.map((value) => `TRY_CAST(${given(value)} AS films_${column})`)
    const bits = places.map((place) => `coalesce(1::BIGINT << (enum_code(${place}) % 62), 0)`)
    const has = places.map((place) => `coalesce(list_contains(${column}, ${place}), false)`)
    // the mask passes over most films at once, the list decides
    return `${column}_mask & (${bits.join(' | ')}) <> 0 AND (${has.join(' OR ')})`
  }
  const { genre = [], language = [], country = [], years, rating, votes } = filters
  const conditions = [
    ...(genre.length === 0 ? [] : [listed('genres', genre)]),
    ...(country.length === 0 ? [] : [listed('countries', country)]),
    ...(language.length === 0
      ? []
      : [
          `original_language IN (${language.map((code) => `TRY_CAST(${given(code)} AS films_original_language)`).join(', ')})`,
        ]),
    ...(years === undefined ? [] : between('year', 'INTEGER', years)),
    ...(rating === undefined ? [] : between('vote_average', 'DOUBLE', rating)),
    ...(votes === undefined ? [] : between('vote_count', 'BIGINT', votes)),
    ...(filters.franchise === undefined ? [] : [`is_franchise = ${given(filters.franchise)}::BOOLEAN`]),
    ...(filters.collection === undefined ? [] : [`collection_id = ${given(filters.collection)}::BIGINT`]),
    ...(filters.director === undefined
      ? []
      : [`list_contains(list_transform(directors, lambda d: d.person_id), ${given(filters.director)}::BIGINT)`]),
    ...(filters.q === undefined ? [] : [`contains(title_key, ${keyOf(`${given(filters.q)}::VARCHAR`)})`]),
  ]
  return { sql: conditions.join(' AND ') || 'true', parameters }
}
