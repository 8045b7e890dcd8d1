import { coalesce, concatWs, lit, type Column } from '../frame/index.ts'
import { bigint, int, string, table } from '../table.ts'
import { answers } from './answers.ts'
import { cleaner, trimmed } from './cleaning.ts'

const unknown = { nullable: true } as const
const noText = lit(null, 'string')

/** Who played in and who worked on each movie. */
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
    department: string('department; null for cast', unknown),
    job: string('job; null for cast', unknown),
    known_for_department: string('department the person is known for', unknown),
    gender: int("TMDB's code: 0 not set, 1 female, 2 male, 3 non-binary", unknown),
  },
  build: ({ answers }, rules) => {
    const cleaned = cleaner(rules.null_texts)
    const kept = answers.filter((a) => a.refusal.isNull())
    const cast = kept
      .select('movie_id', 'cast_list')
      .explode('cast_list', 'credit')
      .select(({ movie_id, credit: { fields: c } }) => ({
        credit_id: creditId(c.credit_id, 'cast', movie_id, c.id, c.character),
        movie_id,
        person_id: c.id.tryCast('bigint'),
        kind: lit('cast'),
        name: cleaned(c.name),
        character: trimmed(c.character),
        billing_order: c.order.tryCast('int'),
        department: noText,
        job: noText,
        known_for_department: trimmed(c.known_for_department),
        gender: c.gender.tryCast('int'),
      }))
    const crew = kept
      .select('movie_id', 'crew_list')
      .explode('crew_list', 'credit')
      .select(({ movie_id, credit: { fields: c } }) => ({
        credit_id: creditId(c.credit_id, 'crew', movie_id, c.id, c.job),
        movie_id,
        person_id: c.id.tryCast('bigint'),
        kind: lit('crew'),
        name: cleaned(c.name),
        character: noText,
        billing_order: lit(null, 'int'),
        department: trimmed(c.department),
        job: trimmed(c.job),
        known_for_department: trimmed(c.known_for_department),
        gender: c.gender.tryCast('int'),
      }))
    return cast.unionByName(crew).dropNulls('person_id', 'name')
  },
})

type Text = Column<'string' | null>

const creditId = (id: Text, kind: string, movieId: Column<'bigint'>, personId: Text, part: Text) =>
  coalesce(id, concatWs('-', kind, movieId.cast('string'), personId, part))
