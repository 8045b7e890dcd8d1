import { ConfigError } from '../errors.ts'
import type { Config, Secrets } from './config.ts'

/** The Spark server of the settings, and where it keeps the tables. */
export interface SparkServerSettings {
  readonly url: string
  /** The folder of the tables as the server sees it. */
  readonly root: string
  readonly settings: Readonly<Record<string, string>>
  readonly token?: string
}

/** The server that the settings name. Throws ConfigError when they name none. */
export function sparkServer({ lake, spark }: Config, { sparkToken }: Secrets): SparkServerSettings {
  if (spark.url === null)
    throw new ConfigError('spark.url: not set, but the engine is spark', {
      hint: 'name the server: --spark sc://localhost:15002',
    })
  return {
    url: spark.url,
    root: spark.root ?? lake.path,
    settings: spark.settings,
    ...(sparkToken && { token: sparkToken.reveal() }),
  }
}
