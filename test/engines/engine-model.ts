import fc from 'fast-check'
import type { Engine } from '../../src/engines/engine.ts'
import { movies, rowsOf as rowsOfDuckdb } from './test-lake.ts'

type RowsOf = typeof rowsOfDuckdb

/** A row of the table under test. */
export type Movie = {
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
/** Anything that is done to a table. */
export const step = fc.oneof(
  fc.record({ kind: fc.constant('merge'), rows, scope: fc.constant([]) }),
  fc.record({
    kind: fc.constant('mergeScope'),
    rows,
    scope: fc.uniqueArray(fc.integer({ min: 0, max: 12 }), { maxLength: 5 }),
  }),
  fc.record({ kind: fc.constant('overwrite'), rows, scope: fc.constant([]) }),
  fc.record({ kind: fc.constant('append'), rows, scope: fc.constant([]) }),
)
/** Something that is done to a table. */
export type Step = { readonly kind: string; readonly rows: readonly Movie[]; readonly scope: readonly number[] }

/** The same step on a plain map, and whether it changes anything. */
export function modelled(model: ReadonlyMap<number, Movie>, { kind, rows: given, scope }: Step): Map<number, Movie> {
  const next = new Map(kind === 'overwrite' ? [] : model)
  const keys = new Set(given.map(({ movie_id }) => movie_id))
  for (const key of scope) if (!keys.has(key)) next.delete(key)
  for (const row of given) if (kind !== 'append' || !model.has(row.movie_id)) next.set(row.movie_id, row)
  return next
}

/** The step by an engine, and whether it says that it changes anything. */
export async function run(
  lake: Engine,
  model: ReadonlyMap<number, Movie>,
  { kind, rows: given, scope }: Step,
  rowsOf: RowsOf = rowsOfDuckdb,
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

/** The rows as they are compared. */
export const sorted = (model: ReadonlyMap<number, Movie>): readonly Movie[] =>
  [...model.values()].toSorted((a, b) => (JSON.stringify([a.movie_id]) < JSON.stringify([b.movie_id]) ? -1 : 1))
