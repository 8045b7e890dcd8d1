import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { MovieRow } from '../../../src/bronze/rows.ts'
import { addAnswers, expectSameRows, newLake, readRows } from '../../silver/lakes.ts'
import { answer, film, tombstone } from '../../silver/given.ts'

const movieId = fc.integer({ min: 1, max: 9 })
const person = fc.record({
  id: fc.constantFrom(1, 2, 3, null),
  name: fc.constantFrom('Ann', 'Ann B.', 'Bo', ''),
  credit_id: fc.constantFrom('a', 'b', 'c', 'd', undefined),
  job: fc.constantFrom('Director', 'Director', 'Writer'),
  character: fc.constantFrom('Neo', ''),
  order: fc.constantFrom(0, 1, null),
})
const payload = fc.record({
  title: fc.constantFrom('One', 'Other', 'N/A'),
  status: fc.constantFrom('Released', 'Released', 'Released', 'Planned'),
  release_date: fc.constantFrom('1999-03-31', '2001-01-01', '', 'soon'),
  belongs_to_collection: fc.constantFrom(null, { id: 1, name: 'First' }, { id: 1, name: 'The First' }),
  genres: fc.subarray([{ id: 1, name: 'Drama' }, { id: 1, name: 'Dramas' }, { id: 2, name: 'War' }]), // prettier-ignore
  production_companies: fc.subarray([{ id: 1, name: 'Mill' }, { id: 1, name: 'Mills', origin_country: 'US' }]), // prettier-ignore
  budget: fc.constantFrom(0, 55, 20_000_000, 'much'),
  revenue: fc.constantFrom(0, 30_000_000, 12_345_679),
  popularity: fc.integer({ min: 1, max: 99 }),
  vote_count: fc.constantFrom(0, 20),
  credits: fc.record({ cast: fc.array(person, { maxLength: 3 }), crew: fc.array(person, { maxLength: 3 }) }),
})
const bare = fc.constant({ title: 'Bare', status: 'Released', credits: { cast: [], crew: [] } })
const fetched = fc.record({
  at: fc
    .tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 0, max: 3 }))
    .map(([day, hour]) => `2026-01-0${day}T0${hour}:00:00.000000Z`),
  run: fc.constantFrom('run-1', 'run-2'),
})
const one: fc.Arbitrary<MovieRow> = fc.oneof(
  { weight: 6, arbitrary: fc.tuple(movieId, payload, fetched).map(([id, changes, when]) => answer(film({ ...changes, id }), when)) }, // prettier-ignore
  { weight: 1, arbitrary: fc.tuple(movieId, bare, fetched).map(([id, body, when]) => answer({ id, ...body }, when)) },
  { weight: 2, arbitrary: fc.tuple(movieId, fetched).map(([id, when]) => tombstone(id, when)) },
)
/** Batches of answers in any order of time, and after each whether silver is built; no instant of a movie and run twice. */
const history = fc
  .uniqueArray(one, {
    minLength: 40,
    maxLength: 90,
    selector: (row) => `${row.movie_id} ${row.fetched_at} ${row.run_id}`,
  })
  .chain((rows) => {
    const ends = fc.uniqueArray(fc.integer({ min: 1, max: rows.length - 1 }), { minLength: 1, maxLength: 4 })
    return fc.record({ rows: fc.constant(rows), ends, builds: fc.infiniteStream(fc.boolean()) })
  })

it('silver and gold are the same built in steps or in one go, whatever happened to the movies', async () => {
  await fc.assert(
    fc.asyncProperty(history, async ({ rows, ends, builds }) => {
      const inSteps = await newLake()
      let from = 0
      for (const end of [...ends.toSorted((a, b) => a - b), rows.length]) {
        await addAnswers(inSteps, rows.slice(from, end))
        from = end
        if (builds.next().value === true) await inSteps.build({ layer: 'silver' })
      }
      await inSteps.build()
      const atOnce = await newLake({ 'duckdb.threads': 2 }, { bronzeOf: inSteps.root })
      await atOnce.build()
      expectSameRows(await readRows(inSteps), await readRows(atOnce))
    }),
    // a failure names seed and path; without shrinking, which would build hundreds of lakes
    { seed: 20_260_101, numRuns: 3, endOnFailure: true },
  )
  expect.hasAssertions()
})
