import { expect, it } from 'vitest'
import { duckdbDialect } from '../src/engines/duckdb/duckdb-dialect.ts'
import { count, lit, sql, structOf, sum, type Frame } from '../src/frame/index.ts'
import { defaultRules } from '../src/rules.ts'
import { array, bigint, double, relation, stored, string, table, type RowOfTable } from '../src/table.ts'

const unknown = { nullable: true } as const
const movies = stored({
  name: 'silver.movies',
  grain: 'one row per movie',
  key: ['movie_id'],
  columns: {
    movie_id: bigint('TMDB id'),
    title: string('title'),
    revenue_musd: double('revenue', { unit: 'million USD', nullable: true }),
    directors: array(structOf({ person_id: 'bigint', name: 'string' }))('who directed', unknown),
  },
})

const titles = table({
  name: 'gold.titles',
  grain: 'one row per title',
  key: ['title'],
  from: { movies },
  columns: { title: string('title'), movie_count: bigint('movies'), total_revenue_musd: double('sum', unknown) },
  build: ({ movies: input }) =>
    input.groupBy('title').agg((m) => ({ total_revenue_musd: sum(m.revenue_musd), movie_count: count() })),
})

it('knows its columns, their types, units and nulls', () => {
  expect(movies.columns).toEqual({
    movie_id: { type: 'bigint', about: 'TMDB id', isNullable: false },
    title: { type: 'string', about: 'title', isNullable: false },
    revenue_musd: { type: 'double', about: 'revenue', isNullable: true, unit: 'million USD' },
    directors: {
      type: { array: { struct: { person_id: 'bigint', name: 'string' } } },
      about: 'who directed',
      isNullable: true,
    },
  })
  expect(movies.frame.types).toEqual({
    movie_id: 'bigint',
    title: 'string',
    revenue_musd: 'double',
    directors: movies.columns['directors']?.type,
  })
})

it('builds its columns in declared order', () => {
  const built = titles.build({ movies: movies.frame })
  expect(built.columns).toEqual(['title', 'movie_count', 'total_revenue_musd'])
  expect(built.toSql(duckdbDialect)).toBe(
    [
      'SELECT "title", count(*) AS "movie_count", sum("revenue_musd") AS "total_revenue_musd"',
      'FROM silver.movies',
      'GROUP BY "title"',
    ].join('\n'),
  )
})

it('knows its inputs, which are the lineage', () => {
  expect(Object.entries(titles.inputs).map(([name, input]) => [name, input.name])).toEqual([
    ['movies', 'silver.movies'],
  ])
  expect(movies.inputs).toEqual({})
})

it('hands the rules to build, those of the assignment unless others are given', () => {
  const kept = table({
    name: 'gold.kept',
    grain: 'one row',
    key: ['movie_id'],
    from: { movies },
    columns: { movie_id: bigint('id'), top: bigint('places') },
    build: ({ movies: input }, rules) => input.select((m) => ({ movie_id: m.movie_id, top: lit(rules.top, 'bigint') })),
  })
  expect(kept.build({ movies: movies.frame }).toSql(duckdbDialect)).toContain('CAST(10 AS BIGINT)')
  expect(kept.build({ movies: movies.frame }, { ...defaultRules, top: 3 }).toSql(duckdbDialect)).toContain(
    'CAST(3 AS BIGINT)',
  )
})

const lying = (frame: Frame<{ id: 'bigint' | null }>) =>
  table({
    name: 'gold.lying',
    grain: 'one row',
    key: [],
    from: { movies },
    columns: { id: bigint('id', unknown) },
    build: () => frame,
  })

it('refuses types that the compiler could not see', () => {
  const wrong = sql({ id: 'string' })`select 1 as id` as unknown as Frame<{ id: 'bigint' | null }>
  const absent = sql({ other: 'bigint' })`select 1 as other` as unknown as Frame<{ id: 'bigint' | null }>
  expect(() => lying(wrong).build({ movies: movies.frame })).toThrow(
    'gold.lying.id: built as string, declared as bigint',
  )
  expect(() => lying(absent).build({ movies: movies.frame })).toThrow(
    'gold.lying.id: built as nothing, declared as bigint',
  )
})

it('refuses columns that differ only by case', () => {
  const twice = { id: bigint('id'), ID: bigint('id') }
  expect(() => stored({ name: 'bronze.x', grain: 'one row', key: ['id'], columns: twice })).toThrow(
    'differ only by case',
  )
})

it('takes a document for the struct it is read as, and writes it converted', () => {
  const parsed = table({
    name: 'silver.parsed',
    grain: 'one row per movie',
    key: [],
    from: { movies },
    columns: { movie_id: bigint('id'), ids: array('bigint')('ids', unknown) },
    build: ({ movies: input }) =>
      input
        .parseJson('title', 'doc', structOf({ ids: { array: 'bigint' } }))
        .select((m) => ({ movie_id: m.movie_id, ids: m.doc.fields.ids })) as unknown as Frame<{
        movie_id: 'bigint'
        ids: { readonly array: 'bigint' } | null
      }>,
  })
  expect(parsed.build({ movies: movies.frame }).toSql(duckdbDialect)).toMatch(
    /list_transform\("ids", .* AS BIGINT\)\) AS "ids"/,
  )
})

it('is built by nobody when it is stored', () => {
  expect(() => movies.build({})).toThrow('silver.movies is not built')
})

it('gives its rows a type', () => {
  const row: RowOfTable<typeof titles> = { title: 'Heat', movie_count: 1, total_revenue_musd: null }
  const rows: RowOfTable<typeof titles>[] = [row]
  expect(rows).toHaveLength(1)
})

it('reads a relation that only an engine knows', () => {
  expect(relation<{ id: 'int' }>("read_parquet('x')", { id: 'int' }).toSql(duckdbDialect)).toBe(
    `SELECT "id"\nFROM read_parquet('x')`,
  )
})
