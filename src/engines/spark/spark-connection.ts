import { ConfigError, EngineError } from '../../errors.ts'
import { SparkError } from './connect/spark-error.ts'
import { openSpark, type SparkOptions, type SparkSession } from './connect/session.ts'
import { sparkDialect } from './spark-dialect.ts'
import { progressConfig, sessionConfig } from './spark-session.ts'

// instants as everybody reads them, and not a job of ten thousand tasks for every folder that is listed
const tableConfig: Readonly<Record<string, string>> = {
  ...progressConfig,
  'spark.sql.parquet.outputTimestampType': 'TIMESTAMP_MICROS',
  'spark.sql.sources.parallelPartitionDiscovery.parallelism': '8',
  // the logs of a lake's tables are small; fifty tasks for each look at one are the default
  'spark.databricks.delta.snapshotPartitions': '2',
  // what is older than a week is read as long as its files are there, and vacuum keeps to the hours it is told
  'spark.databricks.delta.vacuum.enforceTimeTravelWithinDeletedFileRetentionDuration': 'false',
  'spark.databricks.delta.vacuum.retentionWindowIgnore.enabled': 'false',
  'spark.databricks.delta.retentionDurationCheck.enabled': 'false',
  // a vacuum counts the files of a table's folder, whatever they are
  'spark.databricks.delta.formatCheck.enabled': 'false',
  // rows behind deletion vectors leave the files however few they are
  'spark.databricks.delta.optimize.maxDeletedRowsRatio': '0',
}

/** Which server a lake's tables are computed by, and where it keeps them. */
export interface SparkServer extends Pick<SparkOptions, 'token' | 'connectTimeoutMs'> {
  /** `sc://host:15002`. */
  readonly url: string
  /** The folder of the lake's tables as the server sees it: a path, or an address such as `s3a://bucket/lake`. */
  readonly root: string
  /** More of Spark's settings, `spark.sql.shuffle.partitions` for one. */
  readonly settings?: Readonly<Record<string, string>>
}

/** A session whose SQL means what frames mean, on a server that movielake works with. Throws ConfigError, with what to change, for any other. */
export async function connectSpark({ url, root, settings, ...options }: SparkServer): Promise<SparkSession> {
  const session = await openSpark(url, { ...options, config: { ...tableConfig, ...settings, ...sessionConfig } })
  try {
    checkVersion(session)
    await checkDelta(session, root)
    return session
  } catch (error) {
    await session.close()
    throw error
  }
}

function checkVersion({ version, address }: SparkSession): void {
  if (/^4\.[012](\.|$)/.test(version)) return
  const isNewer = Number(/^\d+\.\d+/.exec(version)?.[0]) > 4.2
  throw new ConfigError(`spark ${address}: the server runs Spark ${version}, movielake works with 4.0 to 4.2`, {
    hint: isNewer
      ? 'with Spark 4.3 the MERGE of Delta 4.4 fails; use a server of Spark 4.2 with Delta 4.4'
      : 'use a server of Spark 4.2 with Delta 4.4',
  })
}

/** A table that is not there is no Delta table: a server that has Delta says so in Delta's words. */
async function checkDelta(session: SparkSession, root: string): Promise<void> {
  const nowhere = sparkDialect.identifier(`${root}/_none`)
  try {
    await session.run(`DESCRIBE HISTORY delta.${nowhere}`)
  } catch (error) {
    if (!(error instanceof SparkError) || error.fault !== 'query') throw error
    if (error.condition?.startsWith('DELTA_') === true) return
    const isUnknown = /PARSE|DATA_SOURCE|UNSUPPORTED|NOT_FOUND/.test(error.condition ?? '')
    if (!isUnknown)
      throw new EngineError(`spark ${session.address}: ${root} cannot be used: ${error.message}`, {
        sql: error.sql,
        cause: error,
        hint: 'spark.root is the folder of the tables as the server sees it',
      })
    throw new ConfigError(`spark ${session.address}: the server has no Delta Lake`, {
      cause: error,
      hint: 'start it with --packages io.delta:delta-spark_4.2_2.13:4.4.0, spark.sql.extensions=io.delta.sql.DeltaSparkSessionExtension and spark.sql.catalog.spark_catalog=org.apache.spark.sql.delta.catalog.DeltaCatalog',
    })
  }
}
