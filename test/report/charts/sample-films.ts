import type { RowOf } from '../../../src/frame/index.ts'
import type { ChartSources } from '../../../src/report/charts/chart.ts'

/** A film as charts see it. */
export type FilmRow = RowOf<ChartSources['films']>
/** What changed of a film. */
export type MoverRow = RowOf<ChartSources['movers']>

/** A film with these values; profit and return follow from budget and revenue, and nothing else is known. */
export function film(movie_id: number, values: Partial<FilmRow> = {}): FilmRow {
  const { budget_musd = null, revenue_musd = null, release_date = null, collection_id = null } = values
  const isKnown = budget_musd !== null && revenue_musd !== null
  return {
    movie_id,
    title: `Film ${movie_id}`,
    release_date,
    year: release_date === null ? null : Number(release_date.slice(0, 4)),
    month: release_date === null ? null : Number(release_date.slice(5, 7)),
    genres: [],
    countries: [],
    original_language: null,
    directors: [],
    is_franchise: collection_id !== null,
    collection_id,
    collection_name: null,
    budget_musd,
    revenue_musd,
    profit_musd: isKnown ? revenue_musd - budget_musd : null,
    roi: isKnown ? revenue_musd / budget_musd : null,
    is_roi_eligible: isKnown && budget_musd >= 10,
    vote_average: null,
    vote_count: null,
    popularity: null,
    runtime: null,
    ...values,
  }
}

const titles = [
  'The Lamp',
  '夜の図書館と消えた司書の長い旅',
  'A Very Long Title That Goes On And On Until Nobody Reads It',
  'M',
  'Öl & <Salz>',
]
const genres = ['Drama', 'Comedy', 'Science Fiction', 'Horror', 'Documentary']
const languages = ['en', 'en', 'en', 'fr', 'ja', 'cn', 'xx']

/** So many invented films, always the same: money over four powers of ten, a third of it unknown, dates over sixty years. */
export function inventedFilms(n: number): readonly FilmRow[] {
  // Park and Miller's generator. Source: https://doi.org/10.1145/63039.63042
  let state = 20
  const next = (): number => (state = (state * 48271) % 2147483647) / 2147483647
  return Array.from({ length: n }, (_, at) => {
    const budget = Number((10 ** (next() * 4 - 1.5)).toPrecision(3))
    const revenue = Number((budget * 10 ** (next() * 2.4 - 0.9)).toPrecision(3))
    const director = 1 + Math.floor(next() ** 2 * 30)
    const [day, hasMoney] = [1 + Math.floor(next() * 28), next() > 0.33]
    return film(at + 1, {
      title: titles[at] ?? `Film ${at + 1}`,
      release_date: `${1960 + Math.floor(next() ** 0.5 * 60)}-${two(1 + Math.floor(next() * 12))}-${two(day)}`,
      genres: [...new Set([pick(genres, next()), pick(genres, next())])].toSorted(),
      original_language: pick(languages, next()),
      directors: [{ person_id: director, name: `Director ${director}` }],
      collection_id: next() > 0.75 ? 1 : null,
      ...(hasMoney && { budget_musd: budget, revenue_musd: revenue }),
      vote_average: Number((3 + next() * 6).toFixed(1)),
      vote_count: Math.floor(next() * 3000),
      popularity: Number((10 ** (next() * 3 - 0.5)).toFixed(3)),
    })
  })
}

/** What moved of these films, half of them downwards. */
export const inventedMovers = (films: readonly FilmRow[]): readonly MoverRow[] =>
  films.map(({ movie_id, title, popularity }, at) => ({
    movie_id,
    title,
    measured_on: '2026-02-27',
    previous_on: '2026-01-16',
    popularity,
    popularity_change: ((at * 7919) % 41) - 20,
    vote_average_change: 0,
    vote_count_change: 1,
    budget_change_musd: null,
    revenue_change_musd: at % 10 === 0 ? 1.5 : 0,
  }))

const two = (n: number): string => String(n).padStart(2, '0')
const pick = (values: readonly string[], part: number): string => values[Math.floor(part * values.length)] ?? ''
