import { rowHash, type AnyFrame, type Frame } from '../frame/index.ts'
import { bigint, table } from '../table.ts'
import { answers } from './answers.ts'
import { curatedBy } from './movies-curated.ts'
import { movies } from './movies.ts'

/** Hashes of what silver has taken in of each movie. A build compares them with those of new answers, and touches only the tables that have something to change. */
export const fingerprints = table({
  name: 'silver.fingerprints',
  grain: 'one row per movie',
  key: ['movie_id'],
  from: { answers, movies },
  columns: {
    movie_id: bigint('TMDB id'),
    movie: bigint('hash of the row of silver.movies; each engine has its own hashes'),
    curated: bigint('hash of the row of silver.movies_curated'),
    links: bigint('hash of genres, companies, countries and languages'),
    credits: bigint('hash of cast and crew'),
  },
  build: ({ answers, movies }, rules) => {
    const curated = curatedBy(rules).build({ movies }, rules)
    return answers
      .select((a) => ({
        movie_id: a.movie_id,
        links: rowHash(a.genre_list, a.company_list, a.country_list, a.language_list),
        credits: rowHash(a.cast_list, a.crew_list),
      }))
      .join(hashedRows(movies).rename({ id: 'movie_id', hash: 'movie' }), ['movie_id'])
      .join(hashedRows(curated).rename({ id: 'movie_id', hash: 'curated' }), ['movie_id'])
  },
})

/** What can change of a movie without the rest, by the column of silver.fingerprints that tells; `any` is one of them or more. */
export type Part = 'movie' | 'curated' | 'links' | 'credits' | 'any'

/**
 * Which parts of which movies are to be written again: those whose fingerprint is new, another one, or gone. One row per movie with new
 * answers of which at least one part is; `before` are the fingerprints silver has.
 */
export const changedParts = (
  asked: Frame<{ movie_id: 'bigint' }>,
  before: typeof fingerprints.frame,
  now: typeof fingerprints.frame,
) =>
  asked
    .select('movie_id')
    .join(now, ['movie_id'], 'left')
    .join(
      before.rename({
        movie: 'movie_before',
        curated: 'curated_before',
        links: 'links_before',
        credits: 'credits_before',
      }),
      ['movie_id'],
      'left',
    )
    .select((m) => ({
      movie_id: m.movie_id,
      movie: m.movie.eqNullSafe(m.movie_before).not(),
      curated: m.curated.eqNullSafe(m.curated_before).not(),
      links: m.links.eqNullSafe(m.links_before).not(),
      credits: m.credits.eqNullSafe(m.credits_before).not(),
    }))
    .withColumns((m) => ({ any: m.movie.or(m.curated).or(m.links).or(m.credits) }))
    .filter((m) => m.any)

/** The rows of a frame as hashes of all their columns, by their first one. */
function hashedRows(frame: AnyFrame): Frame<{ id: 'bigint'; hash: 'bigint' }> {
  return (frame as Frame<Record<string, 'bigint'>>).select((row) => {
    const [id, ...others] = frame.columns.flatMap((name) => row[name] ?? [])
    if (id === undefined) throw new Error('a frame without columns')
    return { id, hash: rowHash(id, ...others) }
  })
}
