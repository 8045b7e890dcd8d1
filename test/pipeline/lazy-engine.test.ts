import { Code } from '@connectrpc/connect'
import { afterAll, beforeAll, beforeEach, expect, it, onTestFinished, vi } from 'vitest'
import type { Engine } from '../../src/engines/engine.ts'
import { sparkDialect } from '../../src/engines/spark/spark-dialect.ts'
import { openSparkEngine } from '../../src/engines/spark/spark-engine.ts'
import { LazyEngine } from '../../src/pipeline/lazy-engine.ts'
import { FakeSpark } from '../engines/spark/connect/fake-spark.ts'

const spark = new FakeSpark()
let url: string
beforeAll(async () => {
  url = await spark.start()
  const fail = { code: Code.Internal, message: 'no table', condition: 'DELTA_MISSING_DELTA_TABLE' }
  const asked = ['_none`', 'a` LIMIT 30', 'b` LIMIT 30', 'c` LIMIT 30']
  spark.behaviour = Object.fromEntries(asked.map((end) => [`DESCRIBE HISTORY delta.\`/lake/${end}`, { fail }]))
})
afterAll(() => spark.stop())
beforeEach(() => {
  spark.calls.length = 0
  spark.serverSessionId = 'the first'
})

function lazy() {
  const opened: Engine[] = []
  const start = async (): Promise<Engine> => {
    const engine = await openSparkEngine({ url, root: '/lake' })
    opened.push(engine)
    return engine
  }
  const engine = new LazyEngine({ name: 'spark', dialect: sparkDialect }, start)
  onTestFinished(() => engine.close())
  return { opened, engine }
}

/** An engine that was asked something before its server forgot it, and something after that, which told it. */
async function lost() {
  const { opened, engine } = lazy()
  await engine.state('a')
  spark.serverSessionId = 'another'
  await expect(engine.explain('SELECT 1')).rejects.toMatchObject({ fault: 'lost' })
  return { opened, engine }
}

it('opens no engine before it is asked, and then one for all', async () => {
  const { opened, engine } = lazy()
  expect(opened).toHaveLength(0)
  await Promise.all([engine.state('a'), engine.state('b')])
  expect(opened).toHaveLength(1)
})

it('opens another one after the first was lost, for what is asked next', async () => {
  const { opened, engine } = await lost()
  await Promise.all([engine.state('a'), engine.state('b'), engine.state('c')])
  expect(opened).toHaveLength(2)
  await vi.waitFor(() => expect(spark.calls).toContain('release session'))
})

it('tries again when the other one cannot be opened', async () => {
  const { opened, engine } = await lost()
  spark.token = 'a token'
  await expect(engine.state('a')).rejects.toMatchObject({ fault: 'refused' })
  spark.token = undefined
  await engine.state('a')
  expect(opened).toHaveLength(2)
})

it('opens none any more once it is closed', async () => {
  const { opened, engine } = lazy()
  await engine.state('a')
  await engine.close()
  await expect(engine.state('a')).rejects.toThrow('the lake is closed')
  expect(opened).toHaveLength(1)
})
