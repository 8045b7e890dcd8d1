import { beforeAll, describe, expect, it } from 'vitest'
import type { Column } from '../../src/frame/index.ts'
import type { QueryEngine } from '../../src/frame/engine.ts'
import { expressions } from './cases/expressions.ts'
import { frames } from './cases/frames.ts'
import { documentsRead } from './cases/json.ts'
import { one, type Case } from './cases/values.ts'

/** The values of many expressions in one query; halved until the guilty one is alone when the query fails. */
async function evaluate(engine: QueryEngine, cases: readonly Case[]): Promise<readonly unknown[]> {
  const projection = (c: Parameters<Case[2]>[0]): Record<string, Column<unknown>> =>
    Object.fromEntries(cases.map(([, , expression], n) => [`c${n}`, expression(c)]))
  try {
    return Object.values((await one(engine).select(projection).first()) ?? {})
  } catch (error) {
    if (cases.length === 1) return [error]
    const half = cases.length >> 1
    return [...(await evaluate(engine, cases.slice(0, half))), ...(await evaluate(engine, cases.slice(half)))]
  }
}

async function evaluateAll(engine: QueryEngine): Promise<ReadonlyMap<string, unknown>> {
  const values: unknown[] = []
  for (let n = 0; n < expressions.length; n += 40)
    values.push(...(await evaluate(engine, expressions.slice(n, n + 40))))
  return new Map(expressions.map(([name], n) => [name, values[n]]))
}

// no -0, which is equal to 0 in SQL; doubles agree to the last bit or the one before
const plain = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value), (_, part: unknown) =>
    typeof part === 'number' && !Number.isInteger(part) ? Number(part.toPrecision(15)) : part,
  )

/** Holds that an engine gives every case its meaning. */
export function describeConformance(engine: QueryEngine): void {
  describe(engine.dialect.name, () => {
    let values: ReadonlyMap<string, unknown>
    beforeAll(async () => {
      values = await evaluateAll(engine)
    })

    it.each(expressions)('%s', (name, expected) => {
      const value = values.get(name)
      if (value instanceof Error) throw value
      expect(plain(value)).toEqual(plain(expected))
    })
    it.each([...frames, ...documentsRead])('%s', async (_, expected, build) => {
      expect(plain(await build(engine).collect())).toEqual(plain(expected))
    })
  })
}
