import fc from 'fast-check'
import { expect, it } from 'vitest'
import { modelled, run, sorted, step, type Movie } from '../engine-model.ts'
import { movies, rowsIn, testLake } from '../test-lake.ts'

it('holds after any appends, merges and overwrites what a plain map holds', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 5 }), fc.boolean(), async (steps, isMarked) => {
      const lake = await testLake(isMarked ? { rewriteBytes: 0 } : {})
      await lake.append(movies, [], { runId: 'run-0' })
      let model: ReadonlyMap<number, Movie> = new Map()
      for (const one of steps) {
        const next = modelled(model, one)
        const isChange = await run(lake, model, one)
        expect(isChange).toBe(JSON.stringify(sorted(next)) !== JSON.stringify(sorted(model)))
        model = next
        expect(await rowsIn(lake, movies)).toEqual(sorted(model))
      }
      await lake.close()
    }),
    { numRuns: 12 },
  )
})
