import { afterAll, describe, expect, it } from 'vitest'
import type { Engine } from '../../src/engines/engine.ts'
import { changedParts, fingerprints } from '../../src/silver/fingerprints.ts'
import { actor, answer, closeEngines, director, film, given, openEngines, silverRows, tombstone } from './given.ts'

const engines = await openEngines()
afterAll(() => closeEngines(engines))

type Answer = Parameters<typeof silverRows>[2][number]

async function changes(engine: Engine, before: readonly Answer[], now: readonly Answer[]) {
  const frames = await Promise.all(
    [before, now].map(async (answers) => given(engine, fingerprints, await silverRows(engine, fingerprints, answers))),
  )
  const [first, second] = frames
  if (first === undefined || second === undefined) throw new Error('two were asked for')
  const asked = await given(
    engine,
    fingerprints,
    now.map(({ movie_id }) => ({ movie_id, movie: 0, curated: 0, links: 0, credits: 0 })),
  )
  const rows = await changedParts(asked, first, second)
    .orderBy((m) => [m.movie_id])
    .collect()
  return rows.map(({ movie_id, ...parts }) => [
    movie_id,
    ...Object.entries(parts).flatMap(([part, isChanged]) => (isChanged && part !== 'any' ? [part] : [])),
  ])
}

describe.each(engines)('silver.fingerprints on $name', (engine) => {
  it.each([
    ['nothing', {}, []],
    ['what silver does not keep', { status: ' Released' }, []],
    ['popularity', { popularity: 81 }, [[603, 'movie', 'curated']]],
    ['a column that only silver.movies has', { backdrop_path: '/other.jpg' }, [[603, 'movie']]],
    [
      'a company',
      { production_companies: [{ id: 79, name: 'Village Roadshow Pictures', origin_country: 'AU' }] },
      [[603, 'links']],
    ],
    [
      'a role',
      {
        credits: {
          cast: [actor(6384, 'Keanu Reeves', { character: 'Thomas' })],
          crew: [director(9340, 'Lana Wachowski')],
        },
      },
      [[603, 'credits']],
    ],
  ])('tell that %s has changed', async (_, changed, expected) => {
    expect(await changes(engine, [answer(film())], [answer(film(changed))])).toEqual(expected)
  })

  it('tell of movies that come, go and come back', async () => {
    const all = ['movie', 'curated', 'links', 'credits']
    const at = { at: '2026-01-02T00:00:00.000000Z' }
    expect(await changes(engine, [], [answer(film())])).toEqual([[603, ...all]])
    expect(await changes(engine, [answer(film())], [tombstone(603, at)])).toEqual([[603, ...all]])
    expect(await changes(engine, [answer(film())], [answer(film({ status: 'Planned' }))])).toEqual([[603, ...all]])
    expect(await changes(engine, [tombstone(603, at)], [tombstone(603, at)])).toEqual([])
  })
})
