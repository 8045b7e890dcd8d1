import { arrayDistinct, size, transform } from '../frame/index.ts'
import { bigint, int, string, table } from '../table.ts'
import { answers } from './answers.ts'

const unknown = { nullable: true } as const

/** Who played in and who worked on each movie. */
export const credits = table({
  name: 'silver.credits',
  grain: 'one row per credit: a person in a role or a job of a movie',
  key: ['movie_id', 'credit_id'],
  from: { answers },
  columns: {
    credit_id: string(
      'TMDB id of the credit; for answers without one it is made of kind, movie, person and role or job',
    ),
    movie_id: bigint('TMDB id of the movie'),
    person_id: bigint('TMDB id of the person'),
    kind: string('cast or crew'),
    name: string('name of the person'),
    character: string('role; null for crew', unknown),
    billing_order: int('place in the cast list, from 0; null for crew', unknown),
    department: string('department; null for cast', unknown),
    job: string('job; null for cast', unknown),
    known_for_department: string('department the person is known for', unknown),
    gender: int("TMDB's code: 0 not set, 1 female, 2 male, 3 non-binary", unknown),
  },
  build: ({ answers }) => {
    const listed = answers
      .filter((a) => a.refusal.isNull())
      .select((a) => ({
        movie_id: a.movie_id,
        credit_list: a.credit_list,
        different: size(arrayDistinct(transform(a.credit_list, (c) => c.fields.credit_id))),
      }))
    const rowsOf = (movies: typeof listed) =>
      movies
        .select('movie_id', 'credit_list')
        .explode('credit_list', 'credit')
        .select(({ movie_id, credit: { fields: c } }) => ({
          movie_id,
          credit_id: c.credit_id,
          person_id: c.person_id,
          kind: c.kind,
          name: c.name,
          character: c.character,
          billing_order: c.billing_order,
          department: c.department,
          job: c.job,
          known_for_department: c.known_for_department,
          gender: c.gender,
        }))
        .dropNulls('credit_id', 'person_id', 'kind', 'name')
    // a credit listed twice is rare, and telling rows apart is dear: only the movies that have one pay for it
    const once = listed.filter((a) => a.different.eq(size(a.credit_list)))
    const twice = listed.filter((a) => a.different.ne(size(a.credit_list)))
    return rowsOf(once).unionByName(
      rowsOf(twice).dropDuplicates(['movie_id', 'credit_id'], (c) => [c.billing_order, c.person_id, c.kind, c.job]),
    )
  },
})
