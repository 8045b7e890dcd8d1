import type { QueryEngine, Row } from '../../frame/engine.ts'
import type { Fields } from '../../frame/types.ts'
import { openSpark, type RunOptions, type SparkOptions, type SparkSession } from './connect/session.ts'
import { sparkDialect } from './spark-dialect.ts'
import { frameRows } from './spark-values.ts'

/** Settings that would change what SQL means; set for each session, whatever the server's own. */
export const sessionConfig: Readonly<Record<string, string>> = {
  'spark.sql.session.timeZone': 'UTC',
  'spark.sql.ansi.enabled': 'true',
  'spark.sql.ansi.doubleQuotedIdentifiers': 'true',
  'spark.sql.ansi.enforceReservedKeywords': 'false',
  'spark.sql.caseSensitive': 'false',
  'spark.sql.parser.escapedStringLiterals': 'false',
  'spark.sql.sources.partitionOverwriteMode': 'STATIC',
  'spark.sql.parser.quotedRegexColumnNames': 'false',
  'spark.sql.storeAssignmentPolicy': 'ANSI',
  'spark.sql.timestampType': 'TIMESTAMP_LTZ',
  'spark.sql.variable.substitute': 'false',
}

/** How often the server tells of jobs, unless somebody sets it: work that is stopped has to be seen to have begun. */
export const progressConfig: Readonly<Record<string, string>> = { 'spark.connect.progress.reportInterval': '250ms' }

/** Runs frames on a Spark Connect server, with values as frames describe them. */
export class SparkQueries implements QueryEngine {
  readonly dialect = sparkDialect
  readonly session: SparkSession

  constructor(session: SparkSession) {
    this.session = session
  }

  async *query(sql: string, columns: Fields, signal?: AbortSignal): AsyncGenerator<readonly Row[], void, undefined> {
    const options: RunOptions = signal === undefined ? {} : { signal }
    for await (const batch of this.session.batches(sql, options))
      if (batch.numRows > 0) yield frameRows(batch, columns, sql)
  }

  explain(sql: string): Promise<string> {
    return this.session.explain(sql)
  }
}

/** A session on the server of `address` whose SQL means what frames mean. Throws as `openSpark` does. */
export async function openSparkQueries(address: string, options: SparkOptions = {}): Promise<SparkQueries> {
  const config = { ...progressConfig, ...options.config, ...sessionConfig }
  return new SparkQueries(await openSpark(address, { ...options, config }))
}
