import type { Parameter } from '../engines/duckdb/duckdb-file.ts'
import type { Filters, Range } from './filters.ts'
import { keyOf } from './serving-tables.ts'

/** How many values the lists of the films have, all films together. */
export interface EnumCounts {
  readonly genres: number
  readonly countries: number
}

// as the engine makes the masks
const maskBits = 62

/** A condition over the table `films`, with the values of `$1`, `$2`, … beside. */
export interface Condition {
  readonly sql: string
  readonly parameters: readonly Parameter[]
}

/** The condition that films pass the filters. Nothing of what was asked stands in its SQL: all values are parameters. */
export function filterSql(filters: Filters, counts: EnumCounts): Condition {
  const parameters: Parameter[] = []
  const given = (value: Parameter): string => `$${parameters.push(value)}`
  const between = (column: string, type: string, { min, max }: Range): string[] => [
    ...(min === undefined ? [] : [`${column} >= ${given(min)}::${type}`]),
    ...(max === undefined ? [] : [`${column} <= ${given(max)}::${type}`]),
  ]
  const listed = (column: 'genres' | 'countries', values: readonly string[]): string => {
    const places = values.map((value) => `TRY_CAST(${given(value)} AS films_${column})`)
    const bits = places.map((place) => `coalesce(1::BIGINT << (enum_code(${place}) % ${maskBits}), 0)`)
    const has = places.map((place) => `coalesce(list_contains(${column}, ${place}), false)`)
    const mask = `${column}_mask & (${bits.join(' | ')}) <> 0`
    // where values share bits the list decides, which takes twice as long
    return counts[column] <= maskBits ? mask : `${mask} AND (${has.join(' OR ')})`
  }
  const { genre = [], month = [], language = [], country = [], years, rating, votes } = filters
  const conditions = [
    ...(genre.length === 0 ? [] : [listed('genres', genre)]),
    ...(country.length === 0 ? [] : [listed('countries', country)]),
    ...(language.length === 0
      ? []
      : [
          `original_language IN (${language.map((code) => `TRY_CAST(${given(code)} AS films_original_language)`).join(', ')})`,
        ]),
    ...(years === undefined ? [] : between('year', 'INTEGER', years)),
    ...(month.length === 0 ? [] : [`month IN (${month.map((one) => `${given(one)}::INTEGER`).join(', ')})`]),
    ...(rating === undefined ? [] : between('vote_average', 'DOUBLE', rating)),
    ...(votes === undefined ? [] : between('vote_count', 'BIGINT', votes)),
    ...(filters.franchise === undefined ? [] : [`is_franchise = ${given(filters.franchise)}::BOOLEAN`]),
    ...(filters.collection === undefined ? [] : [`collection_id = ${given(filters.collection)}::BIGINT`]),
    ...(filters.director === undefined
      ? []
      : [`movie_id IN (SELECT movie_id FROM film_directors WHERE person_id = ${given(filters.director)}::BIGINT)`]),
    ...(filters.q === undefined ? [] : [`contains(title_key, ${keyOf(`${given(filters.q)}::VARCHAR`)})`]),
  ]
  return { sql: conditions.join(' AND ') || 'true', parameters }
}
