import { existsSync } from 'node:fs'
import { StoppedError } from '../errors.ts'
import type { Beside } from '../pipeline/steps.ts'
import type { Session } from '../pipeline/session.ts'

/**
 * Makes the next serving file while a run publishes, so that an open dashboard goes over to it at once. Lakes that no dashboard has been opened
 * over have none and get none. A file that cannot be made is a warning: the dashboard then makes it itself.
 */
export function refreshServing({ engine, paths, run }: Session): Beside {
  return async (next) => {
    if (!existsSync(paths.serving)) return undefined
    try {
      // DuckDB is loaded by those who have a dashboard
      const { prepareServing } = await import('./serving-file.ts')
      return await prepareServing(engine, paths.serving, next)
    } catch (error) {
      if (error instanceof StoppedError) throw error
      run.warn(`the dashboard's file was not made: ${error instanceof Error ? error.message : String(error)}`)
      return undefined
    }
  }
}
