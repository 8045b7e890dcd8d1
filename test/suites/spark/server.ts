/** The server that `npm run test:spark` has started. */
export const sparkUrl = process.env['SPARK_URL'] ?? 'sc://127.0.0.1:15002'

/** The folders of Spark's classes, for tests that start a server of their own. */
export const sparkJars = (process.env['SPARK_JARS'] ?? '').split(':').filter((folder) => folder !== '')
