import { lit, max, min, rowNumber, when } from '../frame/index.ts'
import { bigint, boolean, int, string, table } from '../table.ts'
import { answers } from './answers.ts'
import { creditRows } from './credit-rows.ts'

const unknown = { nullable: true } as const

/** Who played in and who worked on each movie. A credit that an answer lists twice is here once. */
export const credits = table({
  name: 'silver.credits',
  grain: 'one row per credit: a person in a role or a job of a movie',
  key: ['movie_id', 'credit_id'],
  from: { answers },
  columns: {
    credit_id: string('TMDB id of the credit; for answers without one, made of kind, movie, person and role or job'),
    movie_id: bigint('TMDB id of the movie'),
    person_id: bigint('TMDB id of the person'),
    kind: string('cast or crew'),
    name: string('name of the person'),
    character: string('role; null for crew', unknown),
    billing_order: int('place in the cast list, from 0; null for crew', unknown),
    is_main_role: boolean("whether it is the best billed of the person's roles in the movie; null for crew", unknown),
    department: string('department; null for cast', unknown),
    job: string('job; null for cast', unknown),
    known_for_department: string('department the person is known for', unknown),
    gender: int("TMDB's code: 0 not set, 1 female, 2 male, 3 non-binary", unknown),
  },
  build: ({ answers }, rules) => {
    const kept = answers.filter((a) => a.refusal.isNull())
    // grouping every credit would cost more than the rest of the table: only movies with doubles pay for it
    const doubled = kept.filter((a) => a.has_double_credits)
    const merged = creditRows(doubled, rules)
      .groupBy('movie_id', 'credit_id')
      .agg((c) => ({
        person_id: max(c.person_id),
        kind: min(c.kind),
        name: max(c.name),
        character: max(c.character),
        billing_order: min(c.billing_order),
        department: max(c.department),
        job: max(c.job),
        known_for_department: max(c.known_for_department),
        gender: max(c.gender),
      }))
      .dropNulls('person_id', 'kind', 'name')
      .withColumns((c) => {
        const place = rowNumber().over({
          partitionBy: [c.movie_id, c.person_id, c.kind],
          orderBy: [c.billing_order, c.credit_id],
        })
        return { is_main_role: when(c.kind.eq('cast'), place.eq(1)) }
      })
    return creditRows(
      kept.filter((a) => a.has_double_credits.not()),
      rules,
    )
      .withColumns((c) => ({ is_main_role: when(c.kind.eq('cast'), lit(true)) }))
      .unionByName(merged)
  },
})
