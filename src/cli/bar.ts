const eighths = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉']

/**
 * The value as a bar, `width` places long when it is `most`; in eighths of a place, or in whole ones of ASCII. A value above 0 is never without
 * a mark; one that is unknown, 0 or below has none.
 */
export function bar(value: unknown, most: number, width: number, isUnicode: boolean): string {
  if (typeof value !== 'number' || !(value > 0) || !(most > 0)) return ''
  const places = Math.min(1, value / most) * width
  if (!isUnicode) return '#'.repeat(Math.max(1, Math.round(places)))
  const parts = Math.max(1, Math.round(places * 8))
  return '█'.repeat(Math.floor(parts / 8)) + (eighths[parts % 8] ?? '')
}

/** The greatest of the values that are numbers, 0 when there is none. */
export const greatest = (values: readonly unknown[]): number =>
  Math.max(0, ...values.filter((value) => typeof value === 'number'))
