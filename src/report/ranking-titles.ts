import type { Unit } from './numbers.ts'

/** The name of a ranking as a heading: `Highest ROI` for `highest_roi`. */
export function rankingTitle(name: string): string {
  const words = name.replaceAll('_', ' ').replace(/\broi\b/, 'ROI')
  return words.charAt(0).toUpperCase() + words.slice(1)
}

/** What the values of a ranking are counted in, by its name. */
export function rankingUnit(name: string): Unit {
  if (/revenue|budget|profit/.test(name)) return 'musd'
  if (name.includes('roi')) return 'ratio'
  if (name.includes('voted')) return 'count'
  return name.includes('rated') ? 'rating' : 'plain'
}
