import {
  arrayDistinct,
  array,
  coalesce,
  concatWs,
  flatten,
  lit,
  nullif,
  size,
  transform,
  when,
  type Column,
  type Frame,
} from '../frame/index.ts'
import type { Json } from '../frame/types.ts'
import type { Rules } from '../rules.ts'
import { cleaner, trimmed } from './cleaning.ts'
import type { payload } from './payload.ts'

type Credits = (typeof payload)['struct']['credits']['struct']
type Cast = Json<Credits['cast']> | null
type Crew = Json<Credits['crew']> | null

const noText = lit(null, 'string')
const none = lit(0, 'int')

/**
 * Whether a movie's answer lists somebody in the cast twice, or a credit: two entries with the same credit_id, or without one of the same
 * person in the same job. Found list by list, so that the many movies without such entries need no grouping.
 */
export function hasDoubleCredits(cast: Column<Cast>, crew: Column<Crew>): Column<'boolean'> {
  const entries = coalesce(size(cast), none).plus(coalesce(size(crew), none))
  const ids = array(
    transform(cast, ({ fields: c }) => c.credit_id),
    transform(crew, ({ fields: c }) => c.credit_id),
  )
  const named = array(
    transform(cast, ({ fields: c }) => coalesce(nullif(c.credit_id, ''), concatWs('-', 'cast', c.id, c.character))),
    transform(crew, ({ fields: c }) => coalesce(nullif(c.credit_id, ''), concatWs('-', 'crew', c.id, c.job))),
  )
  const isFewer = (lists: typeof ids) => size(arrayDistinct(flatten(lists))).lt(entries)
  // ids that are all there and all different settle it
  const isCreditTwice = when(coalesce(isFewer(ids), false), coalesce(isFewer(named), false)).otherwise(false)
  const actors = arrayDistinct(transform(cast, ({ fields: c }) => c.id))
  return isCreditTwice.or(coalesce(size(actors).lt(size(cast)), false))
}

/** The entries of the lists as rows, one an entry; those without a person's id or name are left out. */
export function creditRows(answers: Frame<{ movie_id: 'bigint'; cast_list: Cast; crew_list: Crew }>, rules: Rules) {
  const cleaned = cleaner(rules.null_texts)
  const cast = answers
    .select('movie_id', 'cast_list')
    .explode('cast_list', 'credit')
    .select(({ movie_id, credit: { fields: c } }) => ({
      credit_id: coalesce(nullif(c.credit_id, ''), concatWs('-', 'cast', movie_id.cast('string'), c.id, c.character)),
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
  const crew = answers
    .select('movie_id', 'crew_list')
    .explode('crew_list', 'credit')
    .select(({ movie_id, credit: { fields: c } }) => ({
      credit_id: coalesce(nullif(c.credit_id, ''), concatWs('-', 'crew', movie_id.cast('string'), c.id, c.job)),
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
}
