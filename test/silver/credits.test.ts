import { afterAll, describe, expect, it } from 'vitest'
import { credits } from '../../src/silver/credits.ts'
import { actor, answer, closeEngines, director, film, member, openEngines, silverRows, tombstone } from './given.ts'

const engines = await openEngines()
afterAll(() => closeEngines(engines))

describe.each(engines)('silver.credits on $name', (engine) => {
  const rowsOf = async (...rows: Parameters<typeof silverRows>[2]) =>
    (await silverRows(engine, credits, rows)).toSorted((a, b) => (a.credit_id < b.credit_id ? -1 : 1))
  const creditsOf = (cast: readonly unknown[], crew: readonly unknown[]) =>
    rowsOf(answer(film({ credits: { cast, crew } })))

  it('has one row for each entry of cast and crew', async () => {
    const cast = [actor(6384, 'Keanu Reeves', { credit_id: 'a', character: 'Neo', order: 0 })]
    const crew = [director(9340, 'Lana Wachowski', { credit_id: 'b', department: 'Directing', gender: 1 })]
    expect(await creditsOf(cast, crew)).toEqual([
      {
        credit_id: 'a',
        movie_id: 603,
        person_id: 6384,
        kind: 'cast',
        name: 'Keanu Reeves',
        character: 'Neo',
        billing_order: 0,
        is_main_role: true,
        department: null,
        job: null,
        known_for_department: 'Acting',
        gender: 2,
      },
      {
        credit_id: 'b',
        movie_id: 603,
        person_id: 9340,
        kind: 'crew',
        name: 'Lana Wachowski',
        character: null,
        billing_order: null,
        is_main_role: null,
        department: 'Directing',
        job: 'Director',
        known_for_department: 'Crew',
        gender: 1,
      },
    ])
  })

  it('has every role and job of a person', async () => {
    const cast = [actor(1, 'Clint Eastwood', { credit_id: 'a' }), actor(1, 'Clint Eastwood', { credit_id: 'b' })]
    const crew = [director(1, 'Clint Eastwood', { credit_id: 'c' })]
    expect((await creditsOf(cast, crew)).map((c) => c.credit_id)).toEqual(['a', 'b', 'c'])
  })

  it('marks the best billed role of each person in a movie, of equal ones the first by id', async () => {
    const cast = [
      actor(1, 'Peter Sellers', { credit_id: 'c', order: 2 }),
      actor(1, 'Peter Sellers', { credit_id: 'b', order: 0 }),
      actor(1, 'N/A', { credit_id: 'n', order: 0 }),
      actor(1, 'Peter Sellers', { credit_id: 'a', order: null }),
      actor(2, 'George C. Scott', { credit_id: 'e', order: 1 }),
      actor(2, 'George C. Scott', { credit_id: 'd', order: 1 }),
    ]
    const marked = (await creditsOf(cast, [])).filter((c) => c.is_main_role === true)
    expect(marked.map((c) => c.credit_id)).toEqual(['b', 'd'])
  })

  it('leaves out entries without a person id or a name, and elements of another kind', async () => {
    const cast = [actor(1, 'N/A'), actor(2, ' '), { ...actor(3, 'No id'), id: null }, { ...actor(4, 'x'), id: 'x' }, 5]
    expect(await creditsOf(cast, [null, 'x'])).toEqual([])
  })

  it('leaves out the credits of movies that silver does not keep', async () => {
    const gone = tombstone(2, { at: '2025-12-10T10:00:00.000000Z' })
    const planned = answer(film({ id: 1, status: 'Planned' }))
    expect(await rowsOf(planned, answer(film({ id: 2 })), gone)).toEqual([])
  })

  it('has none of an answer without credits', async () => {
    expect(await rowsOf(answer(film({ credits: undefined })))).toEqual([])
  })

  it('takes empty text for none', async () => {
    const cast = [actor(1, ' Keanu Reeves ', { character: ' ', known_for_department: '', order: 'x', gender: null })]
    expect(await creditsOf(cast, [])).toMatchObject([
      { name: 'Keanu Reeves', character: null, known_for_department: null, billing_order: null, gender: null },
    ])
  })

  describe('entries without a credit_id', () => {
    it('get one made of kind, movie, person and role or job', async () => {
      const cast = [{ id: 6384, name: 'Keanu Reeves', character: 'Neo' }]
      const crew = [
        { id: 9340, name: 'Lana Wachowski', job: 'Director', credit_id: '' },
        { id: 9340, name: 'Lana Wachowski', job: 'Writer', credit_id: null },
      ]
      expect((await creditsOf(cast, crew)).map((c) => c.credit_id)).toEqual([
        'cast-603-6384-Neo',
        'crew-603-9340-Director',
        'crew-603-9340-Writer',
      ])
    })

    it('of one person in one job twice are one credit', async () => {
      const crew = [
        { id: 1, name: 'Joel Silver', job: 'Producer' },
        { id: 1, name: 'Joel Silver', job: 'Producer' },
        { id: 2, name: 'Joel Silver', job: 'Producer' },
      ]
      expect((await creditsOf([], crew)).map((c) => c.credit_id)).toEqual([
        'crew-603-1-Producer',
        'crew-603-2-Producer',
      ])
    })
  })

  describe('a credit that is listed twice', () => {
    it('is one row', async () => {
      const twice = member(1, 'Joel Silver', 'Producer', { credit_id: 'a' })
      const rows = await creditsOf([actor(2, 'Keanu Reeves', { credit_id: 'b' })], [twice, twice])
      expect(rows.map((c) => [c.credit_id, c.name])).toEqual([
        ['a', 'Joel Silver'],
        ['b', 'Keanu Reeves'],
      ])
    })

    it('has what either of the entries has', async () => {
      const bare = { credit_id: 'a', id: 1, name: 'Joel Silver', job: 'Producer' }
      const full = { ...bare, department: 'Production', gender: 2 }
      expect(await creditsOf([], [bare, full, bare])).toMatchObject([{ department: 'Production', gender: 2 }])
    })

    it('is a role when it is listed as role and as job', async () => {
      const rows = await creditsOf([actor(1, 'A', { credit_id: 'a' })], [member(1, 'A', 'Thanks', { credit_id: 'a' })])
      expect(rows).toMatchObject([{ credit_id: 'a', kind: 'cast', character: 'somebody' }])
    })

    it('leaves the other credits of its movie and those of other movies alone', async () => {
      const twice = actor(1, 'A', { credit_id: 'a' })
      const doubled = film({ id: 1, credits: { cast: [twice, twice, actor(2, 'B', { credit_id: 'b' })], crew: [] } })
      const other = film({ id: 2, credits: { cast: [twice], crew: [director(3, 'C', { credit_id: 'c' })] } })
      const rows = await rowsOf(answer(doubled), answer(other))
      expect(rows.map((c) => [c.movie_id, c.credit_id]).toSorted()).toEqual([
        [1, 'a'],
        [1, 'b'],
        [2, 'a'],
        [2, 'c'],
      ])
    })
  })
})
