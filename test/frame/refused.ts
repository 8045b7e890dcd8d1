import {
  arrayContains,
  arrayOf,
  avg,
  coalesce,
  count,
  greatest,
  lit,
  rank,
  rowNumber,
  size,
  struct,
  structOf,
  sum,
  transform,
  when,
  year,
} from '../../src/frame/index.ts'
import { bigint, double, int, stored, string, table } from '../../src/table.ts'
import { movies } from './sample.ts'

const m = movies.frame
const other = m.pick('movie_id', 'title')
const texts = m.select((c) => ({ movie_id: c.movie_id.cast('string'), name: c.title }))
/** What must not compile: a line that did would be an error of this file. */
// prettier-ignore
export const refused = [
  // @ts-expect-error a misspelt column
  () => m.filter((c) => c.vote_averge.gt(8)),
  // @ts-expect-error text against a number
  () => m.filter((c) => c.vote_average.gt('8')),
  // @ts-expect-error a number against text
  () => m.filter((c) => c.title.eq(8)),
  // @ts-expect-error a column that was dropped
  () => m.drop('cast').select((c) => ({ cast: c.cast })),
  // @ts-expect-error a column that was not selected
  () => m.select('title').filter((c) => c.runtime.gt(1)),
  // @ts-expect-error a name that does not exist
  () => m.select('titel'),
  // @ts-expect-error comparing with null: isNull is meant
  () => m.filter((c) => c.tagline.eq(null)),
  // @ts-expect-error arithmetic on text
  () => m.select((c) => ({ x: c.title.plus(1) })),
  // @ts-expect-error an aggregate in filter
  () => m.filter(() => count().gt(1)),
  // @ts-expect-error an aggregate in select
  () => m.select((c) => ({ x: sum(c.revenue_musd) })),
  // @ts-expect-error a bare column in agg
  () => m.groupBy('collection_id').agg((c) => ({ x: c.title })),
  // @ts-expect-error an aggregate mixed with a bare column
  () => m.groupBy('collection_id').agg((c) => ({ x: sum(c.revenue_musd).plus(c.budget_musd) })),
  // @ts-expect-error an aggregate of an aggregate
  () => m.agg((c) => ({ x: sum(avg(c.revenue_musd)) })),
  // @ts-expect-error a window in filter
  () => m.filter((c) => rowNumber().over({ orderBy: [c.title] }).eq(1)),
  // @ts-expect-error a window in an aggregate
  () => m.agg((c) => ({ x: sum(rowNumber().over({ orderBy: [c.title] })) })),
  // @ts-expect-error a rank without its window
  () => m.select(() => ({ x: rank() })),
  // @ts-expect-error a row's value over a window
  () => m.select((c) => ({ x: c.title.over({}) })),
  // @ts-expect-error a condition that is not boolean
  () => m.filter((c) => c.title),
  // @ts-expect-error exploding what is no array
  () => m.explode('title', 't'),
  // @ts-expect-error an unknown field of a struct
  () => m.select((c) => ({ x: transform(c.directors, (d) => d.fields.salary) })),
  // @ts-expect-error the size of no array
  () => m.select((c) => ({ x: size(c.title) })),
  // @ts-expect-error the year of text
  () => m.select((c) => ({ x: year(c.title) })),
  // @ts-expect-error title is on both sides
  () => m.join(other, ['movie_id']),
  // @ts-expect-error joining on a column that one side lacks
  () => m.join(other, ['runtime']),
  // @ts-expect-error a union with other columns
  () => m.unionByName(other),
  // @ts-expect-error a union with more columns
  () => other.unionByName(m.pick('movie_id', 'title', 'runtime')),
  // @ts-expect-error a number needs its type
  () => m.select(() => ({ x: lit(1) })),
  // @ts-expect-error branches of two types
  () => m.select((c) => ({ x: when(c.runtime.gt(1), c.title).otherwise(c.runtime) })),
  // @ts-expect-error a cast that may fail: tryCast is meant
  () => m.select((c) => ({ x: c.title.cast('int') })),
  // @ts-expect-error JSON fields are what the shape says
  () => m.parseJson('overview', 'doc', structOf({ a: 'int', b: arrayOf('string') })).select((c) => ({ x: c.doc.fields.c })),
  // @ts-expect-error an order that another step would lose
  () => m.orderBy((c) => [c.title]).filter((c) => c.runtime.gt(1)),
  // @ts-expect-error a group by a column that does not exist
  () => m.groupBy('yeer'),
  // @ts-expect-error no column at all
  () => m.pick(),
  // @ts-expect-error a name that does not exist
  () => m.pick('titel'),
  // @ts-expect-error joining text with a number
  () => m.join(texts, ['movie_id']),
  // @ts-expect-error title is on both sides of a condition
  () => m.joinOn(other, (l, r) => l.movie_id.eq(r.movie_id)),
  // @ts-expect-error a condition on a column of neither side
  () => m.joinOn(other.rename({ movie_id: 'id', title: 'name' }), (l, r) => l.movie_id.eq(r.movie_id)),
  // @ts-expect-error a union of columns with other types
  () => texts.rename({ name: 'title' }).unionByName(other),
  // @ts-expect-error renaming what is not there
  () => m.rename({ titel: 'name' }),
  // @ts-expect-error the old name after rename
  () => m.rename({ title: 'name' }).select('title'),
  // @ts-expect-error the array after explode
  () => m.explode('genres', 'genre').select('genres'),
  // @ts-expect-error the fields of what is no struct
  () => m.select((c) => ({ x: c.title.fields })).select('x'),
  // @ts-expect-error JSON of a number
  () => m.parseJson('runtime', 'doc', structOf({ a: 'int' })),
  // @ts-expect-error dropDuplicates without an order
  () => m.dropDuplicates(['movie_id']),
  // @ts-expect-error dropDuplicates with an empty order
  () => m.dropDuplicates(['movie_id'], () => []),
  // @ts-expect-error a null where a value is meant
  () => m.select((c) => ({ x: coalesce(c.title, null) })),
  // @ts-expect-error the largest of text and a number
  () => m.select((c) => ({ x: greatest(c.title, c.runtime) })),
  // @ts-expect-error a number in an array of text
  () => m.select((c) => ({ x: arrayContains(c.genres, 1) })),
  // @ts-expect-error not of a number
  () => m.filter((c) => c.runtime.not()),
  // @ts-expect-error a fraction of the wide type: nothing can fail in a widening
  () => m.select((c) => ({ x: c.runtime.tryCast('double') })),
  // @ts-expect-error an array as text
  () => m.select((c) => ({ x: c.genres.cast('string') })),
  // @ts-expect-error a double as text
  () => m.select((c) => ({ x: c.vote_average.cast('string') })),
  // @ts-expect-error text of text in a regular expression
  () => m.filter((c) => c.title.rlike(c.tagline)),
  // @ts-expect-error a struct of plain values
  () => m.select(() => ({ x: struct({ a: 1 }) })),
  // @ts-expect-error a step after an order
  () => m.orderBy((c) => [c.title]).select('title'),
  // @ts-expect-error ordered rows in a join
  () => m.join(other.rename({ title: 'name' }).orderBy((c) => [c.name]), ['movie_id']),
  // @ts-expect-error an aggregate that orders
  () => m.orderBy((c) => [sum(c.runtime)]),
  // @ts-expect-error null as a literal of no type
  () => m.select(() => ({ x: lit(null) })),
  // @ts-expect-error a column of the rows before the groups
  () => m.groupBy('runtime').agg(() => ({ n: count() })).filter((c) => c.title.eq('x')),
]

/** What the rows of a frame are not. */
export const rows = [
  // @ts-expect-error a value that may be missing
  async (): Promise<number | undefined> => (await m.first())?.runtime,
  // @ts-expect-error a bigint is a number here
  async (): Promise<bigint | undefined> => (await m.first())?.movie_id,
  // @ts-expect-error a date is text
  async (): Promise<Date | null | undefined> => (await m.first())?.release_date,
]

const shape = { movie_id: bigint('id'), title: string('title') }
const base = { name: 'gold.x', grain: 'one row per movie', from: { movies }, key: ['movie_id'] } as const
// @ts-expect-error runtime is not declared
// prettier-ignore
export const extra = table({ ...base, columns: shape, build: ({ movies }) => movies.select('movie_id', 'title', 'runtime') })
// @ts-expect-error title is missing
// prettier-ignore
export const missing = table({ ...base, columns: shape, build: ({ movies }) => movies.select('movie_id') })
// @ts-expect-error movie_id is bigint, not int
// prettier-ignore
export const otherType = table({ ...base, columns: { ...shape, movie_id: int('id') }, build: ({ movies }) => movies.select('movie_id', 'title') })
// @ts-expect-error revenue may be null
// prettier-ignore
export const nullable = table({ ...base, columns: { ...shape, revenue_musd: double('revenue') }, build: ({ movies }) => movies.select('movie_id', 'title', 'revenue_musd') })
// @ts-expect-error a table has no order
// prettier-ignore
export const sorted = table({ ...base, columns: shape, build: ({ movies }) => movies.select('movie_id', 'title').orderBy((m) => [m.title]) })
// @ts-expect-error a key may not be null
// prettier-ignore
export const nullableKey = table({ ...base, key: ['tagline'], columns: { ...shape, tagline: string('tagline', { nullable: true }) }, build: ({ movies }) => movies.select('movie_id', 'title', 'tagline') })
// @ts-expect-error a key is a column
// prettier-ignore
export const unknownKey = stored({ name: 'bronze.x', grain: 'one row per movie', key: ['id'], columns: shape })
