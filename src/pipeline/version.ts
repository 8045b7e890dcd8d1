import { readFileSync } from 'node:fs'

/** The version of this movielake, from its package.json. */
export const version: string = String(
  (JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as { version: unknown }).version,
)
