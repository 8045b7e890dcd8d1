import { Code } from '@connectrpc/connect'
import { expect, it, onTestFinished, vi } from 'vitest'
import { StoppedError } from '../../src/errors.ts'
import { FakeSpark } from '../engines/spark/connect/fake-spark.ts'
import { call } from './call.ts'

it('what a command asks of a server that is no run is stopped there with the command', async () => {
  const spark = new FakeSpark()
  const url = await spark.start()
  onTestFinished(() => spark.stop())
  const fail = { code: Code.Internal, message: 'no table', condition: 'DELTA_MISSING_DELTA_TABLE' }
  const asked = 'DESCRIBE HISTORY delta.`/lake/silver/movies`'
  spark.behaviour = { 'DESCRIBE HISTORY delta.`/lake/_none`': { fail }, [asked]: { jobAfterMs: 0, hang: true } }
  const stopping = new AbortController()
  const argv = ['history', 'silver.movies', '--engine', 'spark', '--spark', url, '--set', 'spark.root=/lake']
  const called = call(argv, { signal: stopping.signal })
  await vi.waitFor(() => expect(spark.calls).toContain(`execute ${asked}`), 10_000)
  stopping.abort(new StoppedError('stopped by SIGTERM', { signal: 'SIGTERM' }))
  await vi.waitFor(() => expect(spark.calls).toContain('interrupt'), 10_000)
  expect(await called).toMatchObject({ code: 143 })
})
