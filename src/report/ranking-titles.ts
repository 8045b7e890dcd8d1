import { rankingList, type RankingUnit } from '../gold/rankings.ts'
import type { Unit } from './numbers.ts'

/** The name of a ranking as a heading: `Highest ROI` for `highest_roi`. */
export function rankingTitle(name: string): string {
  const words = name.replaceAll('_', ' ').replace(/\broi\b/, 'ROI')
  return words.charAt(0).toUpperCase() + words.slice(1)
}

/** What the values of a ranking are counted in, which decides how they are written. */
export function rankingUnit(name: string): Unit {
  const found = rankingList.find(({ ranking }) => ranking === name)
  return found === undefined ? 'plain' : units[found.unit]
}

const units: Readonly<Record<RankingUnit, Unit>> = {
  'million USD': 'musd',
  'multiple of the budget': 'ratio',
  votes: 'count',
  'points of 10': 'rating',
  'TMDB popularity': 'plain',
}
