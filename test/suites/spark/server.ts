import { setTimeout as sleep } from 'node:timers/promises'
import { expect } from 'vitest'
import type { SparkError } from '../../../src/engines/spark/connect/index.ts'

/** The server that `npm run test:spark` has started. */
export const sparkUrl = process.env['SPARK_URL'] ?? 'sc://127.0.0.1:15002'

/** The folders of Spark's classes, for tests that start a server of their own. */
export const sparkJars = (process.env['SPARK_JARS'] ?? '').split(':').filter((folder) => folder !== '')

/** How many tasks the server works on, by its own pages. */
export async function runningTasks(): Promise<number> {
  const pages = `${process.env['SPARK_PAGES'] ?? 'http://127.0.0.1:4040'}/api/v1/applications`
  const [application] = (await (await fetch(pages)).json()) as { readonly id: string }[]
  const executors = await (await fetch(`${pages}/${application?.id}/executors`)).json()
  return (executors as { readonly activeTasks: number }[]).reduce((sum, { activeTasks }) => sum + activeTasks, 0)
}

/** Waits until it is so. */
export async function until(isSo: () => Promise<boolean>): Promise<void> {
  for (const end = Date.now() + 60_000; Date.now() < end;) {
    if (await isSo()) return
    await sleep(100)
  }
  expect.fail('it did not come about within a minute')
}

/** What a call that must fail throws. */
export const failure = (call: Promise<unknown>): Promise<SparkError> =>
  call.then(
    () => expect.fail('it did not fail'),
    (error: unknown) => error as SparkError,
  )
