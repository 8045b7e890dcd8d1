import { afterAll, describe, expect, it } from 'vitest'
import { collections } from '../../src/silver/collections.ts'
import { credits } from '../../src/silver/credits.ts'
import { movies } from '../../src/silver/movies.ts'
import { people } from '../../src/silver/people.ts'
import { closeEngines, given, openEngines } from './given.ts'

const engines = await openEngines()
afterAll(() => closeEngines(engines))

const keanu = { credit_id: 'a', movie_id: 603, person_id: 6384, kind: 'cast', name: 'Keanu Reeves' }

describe.each(engines)('silver.people on $name', (engine) => {
  const peopleIn = async (rows: Parameters<typeof given<typeof credits.frame.schema>>[2]) =>
    (await people.build({ credits: await given(engine, credits, rows) }).collect()).toSorted(
      (a, b) => a.person_id - b.person_id,
    )

  it('has one row for a person of several credits, and counts the movies', async () => {
    const rows = [
      { ...keanu, known_for_department: 'Acting', gender: 2 },
      { ...keanu, credit_id: 'b', kind: 'crew', known_for_department: 'Acting', gender: 2 },
      { ...keanu, credit_id: 'c', movie_id: 604, known_for_department: 'Acting', gender: 2 },
      { ...keanu, credit_id: 'd', person_id: 9340, name: 'Lana Wachowski' },
    ]
    expect(await peopleIn(rows)).toEqual([
      { person_id: 6384, name: 'Keanu Reeves', known_for_department: 'Acting', gender: 2, movie_count: 2 },
      { person_id: 9340, name: 'Lana Wachowski', known_for_department: null, gender: null, movie_count: 1 },
    ])
  })

  it('spells a person as the movie with the highest id does', async () => {
    const rows = [
      { ...keanu, movie_id: 604, name: 'Keanu R.', known_for_department: 'Acting' },
      { ...keanu, movie_id: 603, name: 'Keanu Reeves', known_for_department: 'Writing', gender: 2 },
    ]
    expect(await peopleIn(rows)).toMatchObject([{ name: 'Keanu R.', known_for_department: 'Acting', gender: null }])
  })

  it('takes the last spelling in alphabetical order where that movie has two', async () => {
    const rows = [keanu, { ...keanu, credit_id: 'b', name: 'Keanu Charles Reeves' }]
    expect(await peopleIn(rows)).toMatchObject([{ name: 'Keanu Reeves', movie_count: 1 }])
  })

  it('keeps two people of one name apart', async () => {
    expect(await peopleIn([keanu, { ...keanu, credit_id: 'b', person_id: 1 }])).toHaveLength(2)
  })
})

describe.each(engines)('silver.collections on $name', (engine) => {
  it('has one row for a collection, and counts its movies', async () => {
    const matrix = { title: 'x', collection_id: 2344, collection_name: 'The Matrix Collection' }
    const rows = [
      { ...matrix, movie_id: 603 },
      { ...matrix, movie_id: 604 },
      { movie_id: 597, title: 'Titanic' },
      { movie_id: 1, title: 'x', collection_id: 5 },
    ]
    const found = await collections.build({ movies: await given(engine, movies, rows) }).collect()
    expect(found.toSorted((a, b) => a.collection_id - b.collection_id)).toEqual([
      { collection_id: 5, name: '', movie_count: 1 },
      { collection_id: 2344, name: 'The Matrix Collection', movie_count: 2 },
    ])
  })
})
