import { ConfigError } from '../errors.ts'
import type { Flag } from '../config/config.ts'

/** The flags that choose movies. */
export interface FetchingFlags {
  readonly ids?: string
  readonly source?: string
  readonly pages?: string
  readonly dryRun?: boolean
  readonly skipCode?: number
}

/** The settings these flags stand for. Ids are a list, whatever the config file says of the sources. Throws ConfigError for ids beside sources that have no list. */
export function fetchingFlags({ ids, source, pages }: FetchingFlags): Flag[] {
  const named = {
    ids: ['ingest.movie_ids', ids],
    source: ['ingest.sources', source],
    pages: ['ingest.pages', pages],
  } as const
  const flags = Object.entries(named).flatMap(([name, [key, value]]): Flag[] =>
    value === undefined ? [] : [{ key, value, origin: `flag --${name}` }],
  )
  if (ids !== undefined && source !== undefined && !source.split(',').includes('list'))
    throw new ConfigError(`--ids and --source ${source}: the ids would not be asked for`, {
      hint: `leave one of them out, or say --source list,${source}`,
    })
  const isList = ids !== undefined && source === undefined
  return isList ? [...flags, { key: 'ingest.sources', value: ['list'], origin: 'flag --ids' }] : flags
}
