import type { FacetsAnswer, FacetValue, SearchAnswer } from '../api-types.ts'
import type { Publication } from '../publication.ts'
import { keyOf } from '../serving-tables.ts'

const places = 8

/** Films, directors and franchises whose name has the text in it, the best known first: by votes, of the same by id. */
export async function answerSearch(publication: Publication, text: string, signal: AbortSignal): Promise<SearchAnswer> {
  const find = async (table: string, key: string, columns: Readonly<Record<string, 'string' | 'bigint' | 'int'>>) => {
    const [id] = Object.keys(columns)
    const sql = `SELECT ${Object.keys(columns).join(', ')} FROM ${table}\nWHERE contains(${key}, ${keyOf('$1::VARCHAR')})\nORDER BY vote_count DESC NULLS LAST, ${id} LIMIT ${places}`
    return (await publication.ask({ sql, columns, parameters: [text] }, signal)).rows
  }
  const [films, directors, franchises] = await Promise.all([
    find('films', 'title_key', { movie_id: 'bigint', title: 'string', year: 'int' }),
    find('directors', 'name_key', { person_id: 'bigint', name: 'string', film_count: 'bigint' }),
    find('franchises', 'name_key', { collection_id: 'bigint', name: 'string', film_count: 'bigint' }),
  ])
  return {
    films: films as SearchAnswer['films'],
    directors: directors as SearchAnswer['directors'],
    franchises: franchises as SearchAnswer['franchises'],
  }
}

/** The values of the filters that have few, those of most films first. */
export async function answerFacets(publication: Publication, signal: AbortSignal): Promise<FacetsAnswer> {
  const find = async (value: string): Promise<readonly FacetValue[]> => {
    const sql = `SELECT value::VARCHAR AS value, count(*) AS film_count FROM (SELECT ${value} AS value FROM films)\nWHERE value IS NOT NULL GROUP BY value ORDER BY film_count DESC, value`
    const columns = { value: 'string', film_count: 'bigint' } as const
    return (await publication.ask({ sql, columns, parameters: [] }, signal)).rows as unknown as readonly FacetValue[]
  }
  const [genre, language, country] = await Promise.all([
    find('unnest(genres)'),
    find('original_language'),
    find('unnest(countries)'),
  ])
  return { genre, language, country }
}
