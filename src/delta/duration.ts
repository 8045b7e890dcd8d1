const hour = 3600 * 1000
const units: Readonly<Record<string, number>> = {
  millisecond: 1,
  second: 1000,
  minute: 60 * 1000,
  hour,
  day: 24 * hour,
  week: 7 * 24 * hour,
}

/** The milliseconds of a table property such as `interval 1 week` or `interval 2 days 12 hours`; infinite for a text that is not understood, as what it keeps may be wanted for ever. */
export function durationMs(text: string): number {
  const words = text
    .trim()
    .toLowerCase()
    .replace(/^interval\s+/, '')
  if (!/^(\d+\s+[a-z]+\s*)+$/.test(words)) return Infinity
  const parts = [...words.matchAll(/(\d+)\s+([a-z]+)/g)].map(([, count, unit = '']) => {
    const length = units[unit.replace(/s$/, '')]
    return length === undefined ? Infinity : Number(count) * length
  })
  return parts.reduce((sum, part) => sum + part, 0)
}

type Configuration = Readonly<Record<string, string | null>>

/** How long a file stays on the disk after it was removed from the table: a week, or `delta.deletedFileRetentionDuration`. */
export const fileRetentionMs = (configuration: Configuration): number =>
  durationMs(configuration['delta.deletedFileRetentionDuration'] ?? 'interval 1 week')

/** How long the log remembers versions: 30 days, or `delta.logRetentionDuration`. */
export const logRetentionMs = (configuration: Configuration): number =>
  durationMs(configuration['delta.logRetentionDuration'] ?? 'interval 30 days')
