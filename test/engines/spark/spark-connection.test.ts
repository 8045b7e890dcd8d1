import { Code } from '@connectrpc/connect'
import { expect, it, onTestFinished } from 'vitest'
import { connectSpark } from '../../../src/engines/spark/spark-connection.ts'
import { openSparkQueries } from '../../../src/engines/spark/spark-session.ts'
import { FakeSpark } from './connect/fake-spark.ts'

const interval = 'spark.connect.progress.reportInterval'
const fail = { code: Code.Internal, message: 'no table', condition: 'DELTA_MISSING_DELTA_TABLE' }

async function fakeSpark(): Promise<{ readonly spark: FakeSpark; readonly url: string }> {
  const spark = new FakeSpark()
  spark.behaviour = { 'DESCRIBE HISTORY delta.`/lake/_none`': { fail } }
  const url = await spark.start()
  onTestFinished(() => spark.stop())
  return { spark, url }
}

it.each<[string, (url: string, settings: Readonly<Record<string, string>>) => Promise<AsyncDisposable>]>([
  ['a lake', (url, settings) => connectSpark({ url, root: '/lake', settings })],
  ['queries', async (url, config) => (await openSparkQueries(url, { config })).session],
])('settings that are given go over those of %s, but for what SQL means', async (_, open) => {
  const { spark, url } = await fakeSpark()
  await (await open(url, {}))[Symbol.asyncDispose]()
  expect(spark.config.get(interval)).toBe('250ms')
  await (await open(url, { [interval]: '1s', 'spark.sql.ansi.enabled': 'false' }))[Symbol.asyncDispose]()
  expect(spark.config.get(interval)).toBe('1s')
  expect(spark.config.get('spark.sql.ansi.enabled')).toBe('true')
})
