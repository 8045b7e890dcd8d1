import { afterAll, describe, expect, it } from 'vitest'
import { expressions } from './cases/expressions.ts'
import { frames } from './cases/frames.ts'
import { documentsRead, documentsReadDifferently, readWhole } from './cases/json.ts'
import { describeConformance } from './conformance.ts'
import { openEngine } from './engines.ts'

const engine = await openEngine()
afterAll(() => engine.close())

describeConformance(engine)

describe('documents that engines read differently', () => {
  it.each(documentsReadDifferently)('%s', async (_, text, duckdb) => {
    expect(await readWhole(engine, text).collect()).toEqual([{ doc: duckdb }])
  })
})

describe('cases', () => {
  it('have names of their own, by which a failure is found', () => {
    const names = [...expressions, ...frames, ...documentsRead].map(([name]) => name)
    expect(names.filter((name, at) => names.indexOf(name) !== at)).toEqual([])
  })
})
