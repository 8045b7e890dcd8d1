import { array, bigint, date, double, int, stored, string } from '../../src/table.ts'
import { avg, coalesce, count, lit, max, rowNumber, size, sum, when, year, type RowOf } from '../../src/frame/index.ts'

const unknown = { nullable: true } as const
const columns = <const P extends string>(prefix: P) =>
  ({
    [`${prefix}_id`]: bigint('id'),
    [`${prefix}_count`]: bigint('count', unknown),
    [`${prefix}_name`]: string('name', unknown),
    [`${prefix}_ratio`]: double('ratio', unknown),
    [`${prefix}_on`]: date('day', unknown),
  }) as { [N in `${P}_id`]: ReturnType<typeof bigint> } & { [N in `${P}_count`]: ReturnType<typeof bigint<true>> } & {
    [N in `${P}_name`]: ReturnType<typeof string<true>>
  } & { [N in `${P}_ratio`]: ReturnType<typeof double<true>> } & { [N in `${P}_on`]: ReturnType<typeof date<true>> }

/** A table of 40 columns. */
const wide = stored({
  name: 'silver.wide',
  grain: 'one row per movie',
  key: ['movie_id'],
  columns: {
    movie_id: bigint('TMDB id'),
    title: string('title'),
    runtime: int('minutes', unknown),
    genres: array('string')('genres'),
    released_on: date('day', unknown),
    ...columns('a'),
    ...columns('b'),
    ...columns('c'),
    ...columns('d'),
    ...columns('e'),
    ...columns('f'),
    ...columns('g'),
  },
})

/** A chain of 15 steps over it, as a model would have. */
export const chain = wide.frame
  .filter((m) => m.a_ratio.gt(0.5).and(m.b_count.isNotNull()))
  .dropNulls('released_on', 'c_name')
  .withColumns((m) => ({ year: year(m.released_on), genre_count: size(m.genres) }))
  .filter((m) => m.genre_count.gt(1))
  .rename({ a_ratio: 'share', b_count: 'votes' })
  .withColumns((m) => ({ score: m.share.multiply(m.votes).divide(coalesce(m.runtime, 1)) }))
  .drop('d_id', 'd_count', 'e_name')
  .dropDuplicates(['movie_id'], (m) => [m.released_on.desc()])
  .explode('genres', 'genre')
  .withColumns((m) => ({ place: rowNumber().over({ partitionBy: [m.genre], orderBy: [m.score.desc()] }) }))
  .filter((m) => m.place.le(10))
  .withColumns((m) => ({ size: when(m.votes.gt(1000), 'large').when(m.votes.gt(100), 'middle').otherwise('small') }))
  .join(
    wide.frame.select((m) => ({ movie_id: m.movie_id, other: m.f_name })),
    ['movie_id'],
    'left',
  )
  .groupBy('genre', 'size', 'year')
  .agg((m) => ({ n: count(), total: sum(m.votes), mean: avg(m.score), last: max(m.released_on), one: max(m.other) }))
  .filter((m) => m.n.gt(lit(1, 'bigint')))

/** Its rows. */
export type ChainRow = RowOf<typeof chain>

const row = { genre: 'Drama', size: 'large', year: 1999, n: 2, total: null, mean: 0.5, last: '1999-12-31', one: null }
/** A row as the compiler knows it: the year is not null, since the date was not. */
export const chainRow: ChainRow = row
/** Both ways: neither side has a column or a null more. */
export const sameRow: { genre: string; size: string; year: number; n: number } = chainRow
