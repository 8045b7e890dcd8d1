const day = 24 * 3600 * 1000
const units: Readonly<Record<string, number>> = {
  millisecond: 1,
  second: 1000,
  minute: 60_000,
  hour: 3_600_000,
  day,
  week: 7 * day,
}

/** The milliseconds of a table property such as `interval 1 week` or `interval 2 days 12 hours`; undefined when it is not set or no such text. */
export function intervalMs(text: string | null | undefined): number | undefined {
  const words = (text ?? '')
    .trim()
    .toLowerCase()
    .replace(/^interval\s+/, '')
  if (!/^(\d+\s+[a-z]+\s*)+$/.test(words)) return undefined
  const parts = [...words.matchAll(/(\d+)\s+([a-z]+)/g)].map(([, count, unit = '']) => {
    const ms = units[unit.replace(/s$/, '')]
    return ms === undefined ? undefined : Number(count) * ms
  })
  return parts.reduce((sum, part) => (sum === undefined || part === undefined ? undefined : sum + part), 0)
}

/** How long the table keeps the files that it no longer holds, in milliseconds; a week when it does not say. */
export const deletedFileRetentionMs = (configuration: Readonly<Record<string, string | null>>): number => {
  const said = configuration['delta.deletedFileRetentionDuration']
  // what cannot be understood may be any time
  return said ? (intervalMs(said) ?? Number.POSITIVE_INFINITY) : 7 * day
}
