/** A client of Spark Connect: SQL and rows up, Arrow down. */
export {
  openSpark,
  SparkSession,
  type RunOptions,
  type SparkCheckpoint,
  type SparkOptions,
  type SparkRow,
} from './session.ts'
export { SparkError, type SparkErrorDetails, type SparkFault } from './spark-error.ts'
export { parseAddress, type SparkAddress } from './address.ts'
export { batchRows, columnReaders, type ReadValue, type SparkValue } from './arrow-values.ts'
export { encodeRows, type UploadRow } from './arrow-rows.ts'
export { defaultRetry, type RetryPolicy } from './retry.ts'
export type { SparkProgress, SparkStage } from './progress.ts'
export type { TlsOptions } from './channel.ts'
