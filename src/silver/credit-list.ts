import { array, coalesce, concatWs, filter, flatten, lit, struct, transform, type Column } from '../frame/index.ts'
import type { Json } from '../frame/types.ts'
import type { payload } from './payload.ts'

type Credits = Column<Json<(typeof payload)['struct']['credits']> | null>
type Text = Column<'string' | null, never>
type Cleaned = (text: Text) => Column<'string' | null, never>

/**
 * Cast and crew as one list of records in one shape. Entries without a person's id or name are left out.
 * Answers of before credit ids get one made of who did what, the same every time.
 */
export function creditList(movieId: Column<'bigint'>, credits: Credits, cleaned: Cleaned) {
  const { cast, crew } = credits.fields
  const none = lit(null, 'string')
  const actors = transform(cast, ({ fields: p }) =>
    struct({
      credit_id: coalesce(p.credit_id, concatWs('-', 'cast', text(movieId), text(p.id), p.character)),
      person_id: p.id,
      kind: lit('cast'),
      name: cleaned(p.name),
      character: cleaned(p.character),
      billing_order: p.order,
      department: none,
      job: none,
      known_for_department: cleaned(p.known_for_department),
      gender: p.gender,
    }),
  )
  const makers = transform(crew, ({ fields: p }) =>
    struct({
      credit_id: coalesce(p.credit_id, concatWs('-', 'crew', text(movieId), text(p.id), p.job)),
      person_id: p.id,
      kind: lit('crew'),
      name: cleaned(p.name),
      character: none,
      billing_order: lit(null, 'int'),
      department: cleaned(p.department),
      job: cleaned(p.job),
      known_for_department: cleaned(p.known_for_department),
      gender: p.gender,
    }),
  )
  return filter(flatten(array(actors, makers)), ({ fields: c }) => c.person_id.isNotNull().and(c.name.isNotNull()))
}

const text = (id: Column<'bigint' | null, 'row'> | Column<'bigint' | null, never>) => id.cast('string')
