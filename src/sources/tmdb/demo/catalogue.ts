import { readFile } from 'node:fs/promises'
import { promisify } from 'node:util'
import { gunzip } from 'node:zlib'
import { ConfigError } from '../../../errors.ts'

/** [person id, credit id, character, billing order, cast id]. */
export type CastEntry = readonly [number, string, string, number, number | null]

/** [person id, credit id, job, department]. */
export type CrewEntry = readonly [number, string, string, string]

/** [popularity, vote average, vote count] of one day. */
export type Measures = readonly [number, number, number]

/** [name, gender, department known for, original name]. */
export type Person = readonly [string, number, string, string]

/** Facts of one film; companies, countries, languages and people are ids, the catalogue's tables have their names. */
export interface Film {
  readonly id: number
  readonly title: string
  readonly original_title: string
  readonly original_language: string
  readonly origin_country: readonly string[]
  readonly imdb_id: string | null
  readonly release_date: string
  readonly status: string
  /** Minutes, 0 when unknown. */
  readonly runtime: number
  /** US dollars, 0 when unknown. */
  readonly budget: number
  /** US dollars, 0 when unknown. */
  readonly revenue: number
  readonly collection: number | null
  readonly genres: readonly (readonly [number, string])[]
  readonly companies: readonly number[]
  readonly countries: readonly string[]
  readonly languages: readonly string[]
  readonly keywords: readonly (readonly [number, string])[]
  readonly cast: readonly CastEntry[]
  readonly crew: readonly CrewEntry[]
  /** One entry per day of the catalogue. */
  readonly measures: readonly Measures[]
}

/** Credits that went, by credit id, and those that came or changed. */
export interface CreditEdit<Entry> {
  readonly remove: readonly string[]
  readonly put: readonly Entry[]
}

/** What happened to one film on one day: facts set, credits changed, the film gone (true) or there again (false). */
export interface Edit {
  readonly date: string
  readonly id: number
  readonly set?: Partial<Film>
  readonly cast?: CreditEdit<CastEntry>
  readonly crew?: CreditEdit<CrewEntry>
  readonly gone?: boolean
}

/** Everything the sample server knows: films as of the first day, and what changed on each later one. */
export interface Catalogue {
  /** Days on which something changed, `YYYY-MM-DD`, ascending. */
  readonly days: readonly string[]
  /** [name, ISO country] by id. */
  readonly companies: Readonly<Record<string, readonly [string, string]>>
  readonly countries: Readonly<Record<string, string>>
  /** [English name, own name] by ISO code. */
  readonly languages: Readonly<Record<string, readonly [string, string]>>
  readonly collections: Readonly<Record<string, string>>
  readonly people: Readonly<Record<string, Person>>
  readonly movies: readonly Film[]
  /** Ordered by day and movie id. */
  readonly edits: readonly Edit[]
  /** [day, person id, what is said of the person from then on], ordered by day. */
  readonly peopleEdits: readonly (readonly [string, number, Person])[]
}

/** The films as of one day, by id; films that are gone on that day are not there. */
export interface Day {
  /** Place of the day among the catalogue's days. */
  readonly index: number
  readonly films: ReadonlyMap<number, Film>
  readonly people: Readonly<Record<string, Person>>
}

let packaged: Promise<Catalogue> | undefined

/** The catalogue that comes with the package, read once in a process. */
export function readCatalogue(): Promise<Catalogue> {
  packaged ??= unpack(new URL('catalogue/catalogue.json.gz', import.meta.url))
  return packaged
}

async function unpack(file: URL): Promise<Catalogue> {
  const bytes = await promisify(gunzip)(await readFile(file))
  return JSON.parse(bytes.toString('utf8')) as Catalogue
}

/**
 * The films as they were on `date` (`YYYY-MM-DD`): the newest day of the catalogue that is not after it counts.
 * Throws ConfigError for a date before the catalogue's first day or one that is no date.
 */
export function buildDay(catalogue: Catalogue, date: string): Day {
  const index = catalogue.days.findLastIndex((day) => day <= date)
  if (index < 0 || !isDate(date)) {
    throw new ConfigError(`sample date '${date}': not a day from ${catalogue.days[0]} on`, {
      hint: `days with changes are ${catalogue.days.join(', ')}`,
    })
  }
  const films = new Map(catalogue.movies.map((film) => [film.id, film]))
  const gone = new Set<number>()
  for (const edit of catalogue.edits) {
    const film = films.get(edit.id)
    if (film === undefined || edit.date > date) continue
    if (edit.gone !== undefined) gone[edit.gone ? 'add' : 'delete'](edit.id)
    films.set(edit.id, edited(film, edit))
  }
  for (const id of gone) films.delete(id)
  const said = catalogue.peopleEdits.filter(([day]) => day <= date).map(([, id, person]) => [id, person] as const)
  return { index, films, people: { ...catalogue.people, ...Object.fromEntries(said) } }
}

/** True for a day of the calendar written `YYYY-MM-DD`. */
export function isDate(text: string): boolean {
  const time = Date.parse(`${text}T00:00:00Z`)
  return /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(time) && new Date(time).toISOString().startsWith(text)
}

function edited(film: Film, edit: Edit): Film {
  const cast = edit.cast === undefined ? film.cast : withCredits(film.cast, edit.cast)
  const crew = edit.crew === undefined ? film.crew : withCredits(film.crew, edit.crew)
  return { ...film, ...edit.set, cast: [...cast].sort((a, b) => a[3] - b[3]), crew }
}

function withCredits<Entry extends CastEntry | CrewEntry>(list: readonly Entry[], edit: CreditEdit<Entry>): Entry[] {
  const put = new Map(edit.put.map((entry) => [entry[1], entry]))
  const kept = list.filter((entry) => !edit.remove.includes(entry[1])).map((entry) => put.get(entry[1]) ?? entry)
  const known = new Set(list.map((entry) => entry[1]))
  return [...kept, ...edit.put.filter((entry) => !known.has(entry[1]))]
}
