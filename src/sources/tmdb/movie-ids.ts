import { ConfigError, SourceError } from '../../errors.ts'
import type { Tmdb } from './client.ts'
import { lastPage, type ListName } from './endpoints.ts'

/** Where the ids of movies come from: given ones, or the first pages of a list of TMDB, 20 movies each. */
export type MovieIdSource =
  { readonly source: 'list'; readonly ids: readonly number[] } | { readonly source: ListName; readonly pages: number }

/**
 * Ids of movies in the order of the sources, each once. Pages are fetched as they are needed; past the last page it ends.
 * Throws ConfigError for an id that is no integer or a number of pages that is not from 1 to 500, and what `fetchPage` throws.
 */
export async function* fetchMovieIds(
  tmdb: Tmdb,
  from: MovieIdSource | readonly MovieIdSource[],
  signal?: AbortSignal,
): AsyncGenerator<number> {
  const seen = new Set<number>()
  for (const one of [from].flat()) {
    for await (const ids of one.source === 'list' ? [parseIds(one.ids)] : fetchPages(tmdb, one, signal)) {
      for (const id of ids) {
        if (!seen.has(id)) yield id
        seen.add(id)
      }
    }
  }
}

function parseIds(ids: readonly number[]): readonly number[] {
  const bad = ids.find((id) => !Number.isSafeInteger(id))
  if (bad !== undefined) throw new ConfigError(`movie id ${bad}: not an integer`)
  return ids
}

async function* fetchPages(
  tmdb: Tmdb,
  { source, pages }: { readonly source: ListName; readonly pages: number },
  signal: AbortSignal | undefined,
): AsyncGenerator<number[]> {
  if (!Number.isInteger(pages) || pages < 1 || pages > lastPage) {
    throw new ConfigError(`pages of ${source}: ${pages} is not a whole number from 1 to ${lastPage}`)
  }
  for (let page = 1, last = pages; page <= last; page++) {
    const { ids, totalPages } = parsePage(source, page, await tmdb.fetchPage(source, page, signal))
    last = Math.min(pages, totalPages)
    yield ids
  }
}

function parsePage(source: ListName, page: number, body: unknown): { ids: number[]; totalPages: number } {
  const { results, total_pages: totalPages } = (body ?? {}) as { results?: unknown; total_pages?: unknown }
  const ids = Array.isArray(results) ? results.map((row: { id?: unknown } | null) => row?.id) : undefined
  if (ids === undefined || !ids.every((id) => typeof id === 'number') || typeof totalPages !== 'number') {
    throw new SourceError(`tmdb /3/movie/${source} page ${page}: no results with ids and total_pages`, {
      retryable: false,
    })
  }
  return { ids, totalPages }
}
