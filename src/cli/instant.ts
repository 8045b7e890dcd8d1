import { ConfigError } from '../errors.ts'

/** The instant a flag names, ISO in UTC; a day means its first moment, a time without a zone is UTC. Throws ConfigError for anything else. */
export function parseInstant(text: string, flag: string): string {
  const [, day, time = '00:00', zone = 'Z'] =
    /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?)(Z|[+-]\d\d:\d\d)?)?$/.exec(text.trim()) ?? []
  const ms = Date.parse(`${day}T${time}${zone}`)
  // Date.parse takes 30 February for 2 March
  const isDay = day !== undefined && !Number.isNaN(ms) && new Date(`${day}T00:00Z`).toISOString().startsWith(day)
  if (isDay) return new Date(ms).toISOString()
  throw new ConfigError(`${flag}: ${JSON.stringify(text)} is no instant`, {
    hint: 'allowed: 2025-12-09 or 2025-12-09T10:45:30Z',
  })
}
