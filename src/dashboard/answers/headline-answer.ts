import type { moviePerformance } from '../../gold/movie-performance.ts'
import { headlineOf, type Headline } from '../../report/headline.ts'
import type { HeadlineAnswer, HeadlineId, HeadlineNumber, Years } from '../api-types.ts'
import type { Filters } from '../filters.ts'
import type { Publication } from '../publication.ts'
import { ShownFilms } from '../shown-films.ts'

// what is not shown is not counted
const counted = [
  'films',
  'revenue_musd',
  'revenue_count',
  'median_roi',
  'roi_count',
  'mean_rating',
  'rating_count',
  'franchise_count',
] as const
type Counted = Pick<Headline, (typeof counted)[number]>

interface Kind {
  readonly id: HeadlineId
  readonly label: string
  readonly unit: string
  readonly value: (of: Counted) => number | null
  readonly n: (of: Counted) => number
}

const numbers: readonly Kind[] = [
  { id: 'films', label: 'Films', unit: 'films', value: (h) => h.films, n: (h) => h.films },
  {
    id: 'box_office_musd',
    label: 'Box office',
    unit: 'million USD',
    value: (h) => h.revenue_musd,
    n: (h) => h.revenue_count,
  },
  {
    id: 'median_roi',
    label: 'Median return',
    unit: 'multiple of the budget',
    value: (h) => h.median_roi,
    n: (h) => h.roi_count,
  },
  { id: 'mean_rating', label: 'Mean rating', unit: 'of 10', value: (h) => h.mean_rating, n: (h) => h.rating_count },
  {
    id: 'franchise_share_pct',
    label: 'Part of a franchise',
    unit: '%',
    value: (h) => (h.films === 0 ? null : (100 * h.franchise_count) / h.films),
    n: (h) => h.films,
  },
]

/** The headline numbers of the filtered films, and how they changed. */
export async function answerHeadline(
  publication: Publication,
  filters: Filters,
  signal: AbortSignal,
): Promise<HeadlineAnswer> {
  const read = async (of: Filters) => {
    const shown = new ShownFilms(publication, of, signal)
    // what the film list has of a film is all that is asked
    const films = shown.films as unknown as typeof moviePerformance.frame
    const [found] = await headlineOf(films)
      .as('headline')
      .select(...counted)
      .collect()
    if (found === undefined) throw new Error('a count of all rows has no row')
    return { found, asked: shown.asked }
  }
  const compared = comparedYears(filters, publication.meta.last_year)
  const over = (years: Years | undefined) =>
    years && read({ ...filters, years: { min: years.from, max: years.to } }).then(({ found }) => found)
  const [all, now, before, names] = await Promise.all([
    read(filters),
    over(compared?.now),
    over(compared?.before),
    readNames(publication, filters, signal),
  ])
  const isCompared = (now?.films ?? 0) > 0 && (before?.films ?? 0) > 0
  return {
    numbers: numbers.map(({ id, label, unit, value, n }): HeadlineNumber => ({
      id,
      label,
      unit,
      value: value(all.found),
      n: n(all.found),
      now: isCompared && now !== undefined ? value(now) : null,
      before: isCompared && before !== undefined ? value(before) : null,
    })),
    compared: isCompared && compared !== undefined ? compared : null,
    names,
    ...all.asked,
  }
}

/** The filtered years and as many before them; without both ends the last whole decade and the one before. */
export function comparedYears(
  { years }: Filters,
  lastYear: number | null,
): { readonly now: Years; readonly before: Years } | undefined {
  const { min, max } = years ?? {}
  if (min !== undefined && max !== undefined)
    return { now: { from: min, to: max }, before: { from: min - (max - min + 1), to: min - 1 } }
  const last = Math.min(lastYear ?? 0, max ?? Number.POSITIVE_INFINITY)
  const end = Math.floor((last + 1) / 10) * 10 - 1
  const from = end - 9
  if (lastYear === null || from < (min ?? 0)) return undefined
  return { now: { from, to: end }, before: { from: from - 10, to: from - 1 } }
}

async function readNames(publication: Publication, { director, collection }: Filters, signal: AbortSignal) {
  const nameOf = async (table: string, column: string, id: number | undefined): Promise<string | null> => {
    if (id === undefined) return null
    const sql = `SELECT name FROM ${table} WHERE ${column} = $1::BIGINT`
    const { rows } = await publication.ask({ sql, columns: { name: 'string' }, parameters: [id] }, signal)
    return rows[0] === undefined ? null : String(rows[0]['name'])
  }
  return {
    director: await nameOf('directors', 'person_id', director),
    collection: await nameOf('franchises', 'collection_id', collection),
  }
}
