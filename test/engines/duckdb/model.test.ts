import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { Engine } from '../../../src/engines/engine.ts'
import { movies, rowsIn, rowsOf, testLake } from '../test-lake.ts'

type Movie = {
  readonly movie_id: number
  readonly title: string | null
  readonly rating: number | null
  readonly genres: readonly (string | null)[] | null
  readonly directors: readonly { readonly person_id: number | null; readonly name: string | null }[] | null
}
const nullable = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | null> => fc.option(value, { freq: 3 })
const text = fc.oneof(fc.constantFrom('', 'null', "it's", '😀', '\\', '"', '\n'), fc.string({ maxLength: 6 }))
const movie: fc.Arbitrary<Movie> = fc.record({
  movie_id: fc.integer({ min: 0, max: 12 }),
  title: nullable(text),
  rating: nullable(fc.double({ noNaN: true, noDefaultInfinity: true }).map((n) => (n === 0 ? 0 : n))),
  genres: nullable(fc.array(nullable(text), { maxLength: 3 })),
  directors: nullable(fc.array(fc.record({ person_id: nullable(fc.nat()), name: nullable(text) }), { maxLength: 2 })),
})
const rows = fc.uniqueArray(movie, { selector: ({ movie_id }) => movie_id, maxLength: 8 })
const step = fc.oneof(
  fc.record({ kind: fc.constant('merge'), rows, scope: fc.constant([]) }),
  fc.record({
    kind: fc.constant('mergeScope'),
    rows,
    scope: fc.uniqueArray(fc.integer({ min: 0, max: 12 }), { maxLength: 5 }),
  }),
  fc.record({ kind: fc.constant('overwrite'), rows, scope: fc.constant([]) }),
  fc.record({ kind: fc.constant('append'), rows, scope: fc.constant([]) }),
)
type Step = { readonly kind: string; readonly rows: readonly Movie[]; readonly scope: readonly number[] }

/** The same step on a plain map, and whether it changes anything. */
function modelled(model: ReadonlyMap<number, Movie>, { kind, rows: given, scope }: Step): Map<number, Movie> {
  const next = new Map(kind === 'overwrite' ? [] : model)
  const keys = new Set(given.map(({ movie_id }) => movie_id))
  for (const key of scope) if (!keys.has(key)) next.delete(key)
  for (const row of given) if (kind !== 'append' || !model.has(row.movie_id)) next.set(row.movie_id, row)
  return next
}

async function run(
  lake: Engine,
  model: ReadonlyMap<number, Movie>,
  { kind, rows: given, scope }: Step,
): Promise<boolean> {
  const note = { runId: 'run-1' }
  if (kind === 'append') {
    const fresh = given.filter(({ movie_id }) => !model.has(movie_id))
    await lake.append(movies, fresh, note)
    return fresh.length > 0
  }
  const frame = rowsOf(movies, given)
  const keys = rowsOf(
    movies,
    scope.map((movie_id) => ({ movie_id })),
  ).select('movie_id')
  const pending =
    kind === 'overwrite'
      ? await lake.overwrite(movies, frame)
      : await lake.merge(movies, frame, kind === 'merge' ? undefined : { column: 'movie_id', keys })
  await pending.commit(note)
  return pending.isChange
}

const sorted = (model: ReadonlyMap<number, Movie>): readonly Movie[] =>
  [...model.values()].toSorted((a, b) => (JSON.stringify([a.movie_id]) < JSON.stringify([b.movie_id]) ? -1 : 1))

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
