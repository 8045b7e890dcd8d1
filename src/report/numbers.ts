const grouped = (digits: number): Intl.NumberFormat =>
  new Intl.NumberFormat('en', { minimumFractionDigits: digits, maximumFractionDigits: digits })

const whole = grouped(0)
const tenths = grouped(1)
const hundredths = grouped(2)
const small = new Intl.NumberFormat('en', { maximumSignificantDigits: 2 })
const percent = new Intl.NumberFormat('en', { style: 'percent', maximumFractionDigits: 4 })

/** What a number counts, which decides how it is written. */
export type Unit = 'count' | 'musd' | 'ratio' | 'rating' | 'plain'

/** A number for people: `2,923.7`, `7.8x`, `34,325`; `-` when there is none. */
export function formatNumber(value: unknown, unit: Unit): string {
  if (typeof value !== 'number' || !Number.isFinite(value)) return '-'
  if (unit === 'count') return whole.format(value)
  if (unit === 'ratio') return `${(Math.abs(value) < 1 ? small : tenths).format(value)}x`
  if (unit === 'rating') return hundredths.format(value)
  return tenths.format(value)
}

/** A share of 1 in per cent: `7%`, `0.25%`. */
export const formatShare = (share: number): string => percent.format(share)

/** A time span: `640 ms`, `12.4 s`, `3 min 05 s`, `2 h 07 min`. */
export function formatDuration(milliseconds: number): string {
  if (milliseconds < 999.5) return `${Math.round(milliseconds)} ms`
  if (milliseconds < 59_950) return `${(milliseconds / 1000).toFixed(1)} s`
  const seconds = Math.round(milliseconds / 1000)
  const two = (value: number): string => String(value).padStart(2, '0')
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${two(seconds % 60)} s`
  return `${Math.floor(seconds / 3600)} h ${two(Math.floor((seconds % 3600) / 60))} min`
}

/** A size: `312 B`, `4.2 MB`. Powers of ten, as disks are sold. */
export function formatBytes(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB', 'PB']
  // what would be rounded to 1,000.0 of a unit is 1.0 of the next
  const power = bytes < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(bytes / 0.99995) / 3))
  return power === 0 ? `${bytes} B` : `${tenths.format(bytes / 1000 ** power)} ${units[power]}`
}

/** An instant to the second, as a table shows it: `2026-11-22 10:45:30`. UTC. */
export const formatInstant = (iso: string): string => iso.slice(0, 19).replace('T', ' ')

/** `1 movie`, `18 movies`. */
export const counted = (count: number, noun: string): string =>
  `${whole.format(count)} ${count === 1 ? noun : `${noun}s`}`
