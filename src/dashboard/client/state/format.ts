import { formatDuration as durationText } from '../../../report/numbers.ts'

const locale = 'en-US'
const whole = new Intl.NumberFormat(locale, { maximumFractionDigits: 0 })
const compact = new Intl.NumberFormat(locale, { notation: 'compact', maximumFractionDigits: 1 })
const two = new Intl.NumberFormat(locale, { minimumFractionDigits: 2, maximumFractionDigits: 2 })
const one = new Intl.NumberFormat(locale, { minimumFractionDigits: 1, maximumFractionDigits: 1 })
const plain = new Intl.NumberFormat(locale, { maximumSignificantDigits: 6, useGrouping: true })
const languages = new Intl.DisplayNames(locale, { type: 'language' })

/** Stands where a value is not known. */
export const unknown = '–'

/** `1,234`. */
export function formatCount(value: number): string {
  return whole.format(value)
}

/** `1.2M`, for where there is little room. */
export function formatCompact(value: number): string {
  return compact.format(value)
}

/** Million dollars as `$2.92B`, `$356M`, `$0.6M`. */
export function formatMoney(musd: number | null): string {
  if (musd === null) return unknown
  const sign = musd < 0 ? '−' : ''
  const size = Math.abs(musd)
  if (size >= 1e6) return `${sign}$${two.format(size / 1e6)}T`
  if (size >= 1e3) return `${sign}$${two.format(size / 1e3)}B`
  return size >= 10 ? `${sign}$${whole.format(size)}M` : `${sign}$${plain.format(Number(size.toPrecision(2)))}M`
}

/** A multiple of the budget: `3.4×`. */
export function formatMultiple(value: number | null): string {
  if (value === null) return unknown
  return value >= 100 ? `${whole.format(value)}×` : `${one.format(value)}×`
}

/** A mean vote: `7.85`. */
export function formatRating(value: number | null): string {
  return value === null ? unknown : two.format(value)
}

/** Any value of a row as text, numbers with six digits at most, several values by commas. */
export function formatValue(value: unknown): string {
  if (value === null || value === undefined) return unknown
  if (typeof value === 'number') return plain.format(value)
  if (typeof value === 'boolean') return value ? 'yes' : 'no'
  if (Array.isArray(value)) return value.map(formatValue).join(', ')
  if (typeof value === 'object') return 'name' in value ? String(value.name) : JSON.stringify(value)
  return String(value)
}

/** Minutes as `2 h 28 min`. */
export function formatRuntime(minutes: number | null): string {
  if (minutes === null) return unknown
  const hours = Math.floor(minutes / 60)
  return hours === 0 ? `${minutes} min` : `${hours} h ${minutes % 60} min`
}

/** `850 ms`, `12.8 s`, `3 min 20 s`, `2 h 07 min`. */
export function formatDuration(ms: number | null): string {
  return ms === null ? unknown : durationText(ms)
}

/** An instant as `2026-11-22 16:43 UTC`. */
export function formatInstant(iso: string | null): string {
  return iso === null ? unknown : `${iso.slice(0, 10)} ${iso.slice(11, 16)} UTC`
}

/** The English name of an ISO 639-1 code; TMDB's own codes stay as they are. */
export function formatLanguage(code: string): string {
  if (code === 'xx') return 'No language'
  if (code === 'cn') return 'Cantonese'
  return languages.of(code) ?? code
}
