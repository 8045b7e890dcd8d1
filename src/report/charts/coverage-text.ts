import type { Coverage } from './chart.ts'
import { countText, filmsText } from './format.ts'

/** The coverage that the rows of a chart carry; of no rows, none. */
export const coverageOf = (rows: readonly Coverage[]): Coverage => rows[0] ?? { films: 0, shown: 0 }

/**
 * How many films are shown and what they have: `1,240 of 4,788 films with budget and revenue`; where there are none `No film with budget and revenue`.
 * A sentence about how they are drawn comes before it, unless nothing is.
 */
export function coverageText(rows: readonly Coverage[], what: string, how = ''): string {
  const { films, shown } = coverageOf(rows)
  if (shown === 0) return `No film ${what}`
  return `${how === '' ? '' : `${how}. `}${countText(shown)} of ${filmsText(films)} ${what}`
}
