import type {
  ChartAnswer,
  FacetsAnswer,
  FilmAnswer,
  FilmsAnswer,
  HeadlineAnswer,
  LakeAnswer,
  RunAnswer,
  RunsAnswer,
  SearchAnswer,
  TableAnswer,
  TablesAnswer,
} from '../../api-types.ts'

/** Where an answer is had, and as a type which. */
export type Address<Answer> = string & { readonly answer?: Answer }

/** The addresses of the API. A `query` is a query string without its question mark. */
export const api = {
  lake: (): Address<LakeAnswer> => '/api/lake',
  facets: (): Address<FacetsAnswer> => '/api/facets',
  headline: (query: string): Address<HeadlineAnswer> => withQuery('/api/headline', query),
  chart: (id: string, query: string): Address<ChartAnswer> => withQuery(`/api/charts/${id}`, query),
  films: (query: string): Address<FilmsAnswer> => withQuery('/api/films', query),
  film: (id: string): Address<FilmAnswer> => `/api/films/${id}`,
  search: (text: string): Address<SearchAnswer> =>
    withQuery('/api/search', new URLSearchParams({ q: text }).toString()),
  runs: (): Address<RunsAnswer> => '/api/runs',
  run: (id: string): Address<RunAnswer> => `/api/runs/${encodeURIComponent(id)}`,
  tables: (): Address<TablesAnswer> => '/api/tables',
  table: (name: string): Address<TableAnswer> => `/api/tables/${encodeURIComponent(name)}`,
}

/** An address with a query string, or without one when that is empty. */
export function withQuery(path: string, query: string): string {
  return query === '' ? path : `${path}?${query}`
}
