const hour = 3600 * 1000
const units: Readonly<Record<string, number>> = {
  millisecond: 1,
  second: 1000,
  minute: 60 * 1000,
  hour,
  day: 24 * hour,
  week: 7 * 24 * hour,
}

/** A table property such as `interval 30 days` in milliseconds; `otherwise` when it is not set or says nothing that is understood. */
export function durationOf(text: string | null | undefined, otherwise: number): number {
  const parts = [...(text ?? '').matchAll(/(\d+)\s*([a-z]+?)s?(?=\s|$)/gi)]
  if (parts.length === 0) return otherwise
  const lengths = parts.map(([, n = '', unit = '']) => Number(n) * (units[unit.toLowerCase()] ?? Number.NaN))
  const total = lengths.reduce((sum, one) => sum + one, 0)
  return Number.isNaN(total) ? otherwise : total
}

/** How long a file stays on the disk after it was removed from the table: a week, or `delta.deletedFileRetentionDuration`. */
export const fileRetention = (configuration: Readonly<Record<string, string | null>>): number =>
  durationOf(configuration['delta.deletedFileRetentionDuration'], 7 * 24 * hour)

/** How long the log remembers versions: 30 days, or `delta.logRetentionDuration`. */
export const logRetention = (configuration: Readonly<Record<string, string | null>>): number =>
  durationOf(configuration['delta.logRetentionDuration'], 30 * 24 * hour)
