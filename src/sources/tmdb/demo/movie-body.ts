import type { CastEntry, Catalogue, CrewEntry, Day, Film } from './catalogue.ts'

/** Parts that `append_to_response` can ask for here; TMDB ignores names it does not know, and so does the sample. */
export type Appendable = 'credits' | 'keywords'

// TMDB's answers carry the field since 2026; from this day of the catalogue on
const firstDayWithSoftcore = 3

/**
 * The details of a film as TMDB answers them, `appended` parts last. Texts and images are empty or null: the catalogue holds facts
 * only. Equal arguments give an equal body. The order of genres and crew differs between days, as it does at TMDB.
 */
export function buildMovieBody(
  catalogue: Catalogue,
  day: Day,
  film: Film,
  appended: readonly Appendable[],
): Record<string, unknown> {
  const [popularity, voteAverage, voteCount] = film.measures[day.index] ?? [0, 0, 0]
  return {
    adult: false,
    backdrop_path: null,
    belongs_to_collection: collectionOf(catalogue, film),
    budget: film.budget,
    genres: turned(film.genres, film.id, day).map(([id, name]) => ({ id, name })),
    homepage: '',
    id: film.id,
    imdb_id: film.imdb_id,
    origin_country: film.origin_country,
    original_language: film.original_language,
    original_title: film.original_title,
    overview: '',
    popularity,
    poster_path: null,
    ...buildProduction(catalogue, film),
    release_date: film.release_date,
    revenue: film.revenue,
    runtime: film.runtime,
    ...(day.index >= firstDayWithSoftcore ? { softcore: false } : {}),
    spoken_languages: film.languages.map((iso) => language(catalogue, iso)),
    status: film.status,
    tagline: '',
    title: film.title,
    video: false,
    vote_average: voteAverage,
    vote_count: voteCount,
    ...(appended.includes('credits') ? { credits: buildCredits(day, film) } : {}),
    ...(appended.includes('keywords') ? { keywords: buildKeywords(film) } : {}),
  }
}

/** Cast by billing order and crew, in TMDB's shape; people carry no image and no popularity. */
export function buildCredits(day: Day, film: Film): { cast: unknown[]; crew: unknown[] } {
  return {
    cast: film.cast.map((entry) => castMember(day, entry)),
    crew: turned(film.crew, film.id, day).map((entry) => crewMember(day, entry)),
  }
}

/** Keywords of the film; empty for films that came without. */
export function buildKeywords(film: Film): { keywords: { id: number; name: string }[] } {
  return { keywords: film.keywords.map(([id, name]) => ({ id, name })) }
}

/** One row of a list such as `/movie/popular`: no budget, revenue, runtime or credits, as at TMDB. */
export function buildListRow(day: Day, film: Film): Record<string, unknown> {
  const [popularity, voteAverage, voteCount] = film.measures[day.index] ?? [0, 0, 0]
  return {
    adult: false,
    backdrop_path: null,
    genre_ids: film.genres.map(([id]) => id),
    id: film.id,
    original_language: film.original_language,
    original_title: film.original_title,
    overview: '',
    popularity,
    poster_path: null,
    release_date: film.release_date,
    title: film.title,
    video: false,
    vote_average: voteAverage,
    vote_count: voteCount,
  }
}

function collectionOf(catalogue: Catalogue, { collection }: Film): Record<string, unknown> | null {
  if (collection === null) return null
  return { id: collection, name: catalogue.collections[collection], poster_path: null, backdrop_path: null }
}

function buildProduction(catalogue: Catalogue, film: Film): Record<string, unknown> {
  return {
    production_companies: film.companies.map((id) => {
      const [name, country] = catalogue.companies[id] ?? ['', '']
      return { id, logo_path: null, name, origin_country: country }
    }),
    production_countries: film.countries.map((iso) => ({ iso_3166_1: iso, name: catalogue.countries[iso] })),
  }
}

function language(catalogue: Catalogue, iso: string): Record<string, unknown> {
  const [english, name] = catalogue.languages[iso] ?? ['', '']
  return { english_name: english, iso_639_1: iso, name }
}

function castMember(day: Day, [id, creditId, character, order, castId]: CastEntry): unknown {
  return { ...person(day, id), cast_id: castId, character, credit_id: creditId, order }
}

function crewMember(day: Day, [id, creditId, job, department]: CrewEntry): unknown {
  return { ...person(day, id), credit_id: creditId, department, job }
}

function person(day: Day, id: number): Record<string, unknown> {
  const [name, gender, department, originalName] = day.people[id] ?? ['', 0, '', '']
  return {
    adult: false,
    gender,
    id,
    known_for_department: department,
    name,
    original_name: originalName,
    profile_path: null,
  }
}

// the same list begun at another entry: a different order, the same facts
function turned<T>(list: readonly T[], seed: number, day: Day): readonly T[] {
  const by = list.length === 0 ? 0 : (day.index * (seed % 7)) % list.length
  return [...list.slice(by), ...list.slice(0, by)]
}
