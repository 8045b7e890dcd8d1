/** Lists of movies that TMDB serves in pages. */
export type ListName = 'popular' | 'top_rated'

/** Most parts `append_to_response` takes; more is TMDB's error 27. */
export const maxAppendedParts = 20

/** Last page TMDB serves of any list; the next one is its error 22. */
export const lastPage = 500

/** Path and query of a movie's details. */
export function movieRequest(id: number, appended: readonly string[], language: string | undefined): string {
  return withQuery(`/3/movie/${id}`, { append_to_response: appended.join(','), language })
}

/** Path and query of one page of a list, 20 movies each. */
export function listRequest(name: ListName, page: number, language: string | undefined): string {
  return withQuery(`/3/movie/${name}`, { language, page: String(page) })
}

function withQuery(path: string, query: Readonly<Record<string, string | undefined>>): string {
  const pairs = Object.entries(query).filter(
    (pair): pair is [string, string] => pair[1] !== undefined && pair[1] !== '',
  )
  // commas stay readable, as in TMDB's documentation
  const text = pairs.map(([key, value]) => `${key}=${encodeURIComponent(value).replaceAll('%2C', ',')}`).join('&')
  return text === '' ? path : `${path}?${text}`
}
