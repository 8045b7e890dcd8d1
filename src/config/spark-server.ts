import type { Config, Secrets } from './config.ts'

/** The Spark server of the settings, and where it keeps the tables. */
export interface SparkServerSettings {
  readonly url: string
  /** The folder of the tables as the server sees it. */
  readonly root: string
  readonly settings: Readonly<Record<string, string>>
  readonly token?: string
}

/** The server that the settings of a lake on Spark name. */
export function sparkServer({ lake, spark }: Config, { sparkToken }: Secrets): SparkServerSettings {
  if (spark.url === null)
    throw new Error('settings of the engine spark without a server are refused when they are read')
  return {
    url: spark.url,
    root: spark.root ?? lake.path,
    settings: spark.settings,
    ...(sparkToken && { token: sparkToken.reveal() }),
  }
}
