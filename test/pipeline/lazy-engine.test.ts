import { expect, it } from 'vitest'
import { duckdbDialect } from '../../src/engines/duckdb/duckdb-dialect.ts'
import type { Engine } from '../../src/engines/engine.ts'
import { LazyEngine } from '../../src/pipeline/lazy-engine.ts'

/** An engine whose server forgets it on command. */
class Forgotten {
  isLost = false
  isClosed = false
  async state(): Promise<undefined> {
    if (this.isLost) throw new Error('lost')
  }
  async close(): Promise<void> {
    this.isClosed = true
    throw new Error('nobody is there')
  }
}

function lazy() {
  const opened: Forgotten[] = []
  let isThere = true
  const start = async (): Promise<Engine> => {
    if (!isThere) throw new Error('unreachable')
    opened.push(new Forgotten())
    return opened.at(-1) as unknown as Engine
  }
  const lookAway = (away: boolean): void => void (isThere = !away)
  return { opened, lookAway, engine: new LazyEngine({ name: 'spark', dialect: duckdbDialect }, start) }
}

it('opens no engine before it is asked, and then one for all', async () => {
  const { opened, engine } = lazy()
  expect(opened).toHaveLength(0)
  await Promise.all([engine.state('a'), engine.state('b')])
  expect(opened).toHaveLength(1)
})

it('opens another one after the first was lost, for what is asked next', async () => {
  const { opened, engine } = lazy()
  await engine.state('a')
  const [first] = opened
  first!.isLost = true
  await Promise.all([engine.state('a'), engine.state('b'), engine.state('c')])
  expect(opened).toHaveLength(2)
  expect(first).toMatchObject({ isClosed: true })
})

it('tries again when the other one cannot be opened', async () => {
  const { opened, lookAway, engine } = lazy()
  await engine.state('a')
  opened[0]!.isLost = true
  lookAway(true)
  await expect(engine.state('a')).rejects.toThrow('unreachable')
  lookAway(false)
  await engine.state('a')
  expect(opened).toHaveLength(2)
})

it('opens none any more once it is closed', async () => {
  const { opened, engine } = lazy()
  await engine.state('a')
  await expect(engine.close()).rejects.toThrow('nobody is there')
  await expect(engine.state('a')).rejects.toThrow('the lake is closed')
  expect(opened).toHaveLength(1)
})
