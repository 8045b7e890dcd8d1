import { describe, expect, it } from 'vitest'
import { duckdbDialect } from '../../src/engines/duckdb/duckdb-dialect.ts'
import { sparkDialect } from '../../src/engines/spark/spark-dialect.ts'
import { shared, type Dialect } from '../../src/frame/dialect.ts'
import { count, lit, structOf, sum, type Column, type Columns, type Frame } from '../../src/frame/index.ts'
import { relation } from '../../src/table.ts'
import { expressions } from './cases/expressions.ts'
import { frames } from './cases/frames.ts'
import { documentsRead } from './cases/json.ts'

const dialects: readonly Dialect[] = [duckdbDialect, sparkDialect]
const row = relation<{ one: 'int' }>('one_row', { one: 'int' })
const inDialect = (dialect: Dialect) => ({
  dialect,
  explain: () => Promise.resolve(''),
  query: () => {
    throw new Error('text only')
  },
})

describe.each(dialects)('$name', (dialect) => {
  it('writes every function as it was agreed on', async () => {
    const lines = expressions.map(([name, , expression]) => {
      const projection = (c: Columns<{ one: 'int' }>): Record<string, Column<unknown>> => ({ x: expression(c) })
      const sql = row.select(projection).toSql(dialect)
      return `${name}: ${sql.replace(/^SELECT /, '').replace(/ AS .x.\nFROM one_row$/, '')}`
    })
    await expect(`${lines.join('\n')}\n`).toMatchFileSnapshot(`golden/expressions.${dialect.name}.txt`)
  })

  it('writes every step as it was agreed on', async () => {
    const texts = [...frames, ...documentsRead.slice(0, 1), ...documentsRead.slice(-9, -5)].map(
      ([name, , build]) => `-- ${name}\n${build(inDialect(dialect)).toSql()}\n`,
    )
    await expect(texts.join('\n')).toMatchFileSnapshot(`golden/frames.${dialect.name}.sql`)
  })

  it('has every function, and those that are shared as they are or in its own words', () => {
    expect(Object.keys(duckdbDialect.functions).toSorted()).toEqual(Object.keys(sparkDialect.functions).toSorted())
    expect(Object.keys(dialect.functions)).toEqual(expect.arrayContaining(Object.keys(shared)))
  })
})

const movies: Frame<{ movie_id: 'bigint'; title: 'string'; votes: 'int' | null }> = relation(
  'movies',
  { movie_id: 'bigint', title: 'string', votes: 'int' },
  inDialect(duckdbDialect),
)

it('puts steps that SQL allows into one SELECT', () => {
  expect(
    movies
      .filter((m) => m.votes.gt(1))
      .filter((m) => m.title.ne(''))
      .select((m) => ({ title: m.title, twice: m.votes.multiply(2) }))
      .orderBy((m) => [m.twice.desc()])
      .limit(3)
      .toSql(),
  ).toBe(
    [
      'SELECT "title", ("votes" * 2) AS "twice"',
      'FROM movies',
      `WHERE (("votes" > 1) AND ("title" <> ''))`,
      'ORDER BY "twice" DESC NULLS LAST',
      'LIMIT 3',
    ].join('\n'),
  )
})

it('names steps as they are called and never two alike, whatever their case', () => {
  const step = movies.filter((m) => m.votes.gt(1)).as('Busy')
  const sql = step
    .select((m) => ({ movie_id: m.movie_id }))
    .as('busy')
    .limit(1)
    .as('movies')
    .limit(1)
    .toSql()
  expect(sql.match(/"\w+" AS \(/g)).toEqual(['"Busy" AS (', '"busy_2" AS (', '"movies_2" AS ('])
})

it('writes a frame that is read twice once', () => {
  const busy = movies.filter((m) => m.votes.gt(1)).as('busy')
  const sql = busy
    .join(
      busy.groupBy('title').agg(() => ({ n: count() })),
      ['title'],
    )
    .toSql()
  expect(sql.match(/> 1/g)).toHaveLength(1)
})

it('does not indent the line ends of literals', () => {
  const inner = movies.select((m) => ({ movie_id: m.movie_id, text: lit('a\n  b\nc') })).distinct()
  expect(inner.agg(() => ({ n: count() })).toSql()).toContain("'a\n  b\nc'")
})

it('writes a rendering that grows with the steps and not faster', () => {
  const lengthOf = (steps: number): number => {
    let frame = movies
    for (let n = 0; n < steps; n += 1)
      frame = frame.withColumns((m) => ({ votes: m.votes.plus(1) })).filter((m) => m.votes.gt(1))
    return frame.toSql().length
  }
  const perStep = (lengthOf(200) - lengthOf(100)) / 100
  expect((lengthOf(400) - lengthOf(200)) / 200).toBeCloseTo(perStep, -1)
})

it('a self join in every step is no explosion', () => {
  let frame = movies.groupBy('title').agg((m) => ({ n: sum(m.votes) }))
  for (let n = 0; n < 30; n += 1) {
    const doubled = frame.join(frame.rename({ n: 'other' }), ['title'])
    frame = doubled.select((m) => ({ title: m.title, n: m.n.plus(m.other) }))
  }
  expect(frame.toSql().length).toBeLessThan(20_000)
})

describe('refused while a frame is built', () => {
  const loose = movies as unknown as Frame<{ a: 'int' }>
  it.each<readonly [string, () => unknown, string]>([
    [
      'names that differ only by case',
      () => movies.withColumns(() => ({ Title: lit('x') })),
      'columns title and Title differ only by case',
    ],
    ['fields that do', () => structOf({ a: 'int', A: 'int' }), 'fields a and A differ only by case'],
    [
      'a table with such columns',
      () => relation('t', { id: 'int', ID: 'int' }),
      'columns id and ID differ only by case',
    ],
    ['no column', () => movies.select(() => ({})), 'no columns'],
    ['a column without a name', () => movies.rename({ title: '' }), 'a column without a name'],
    ['an unknown column', () => loose.pick('a'), 'no column a; there are movie_id, title, votes'],
    ['a new name that is taken', () => movies.rename({ title: 'votes' }), 'columns votes and votes'],
    [
      'an aggregate named as a key',
      () => movies.groupBy('title').agg(() => ({ title: count() })),
      'agg: there is a column title already',
    ],
    [
      'an element named as another column',
      () => loose.withColumns(() => ({})) && arrays.explode('list', 'id'),
      'explode: there is a column id already',
    ],
    [
      'a union of other types',
      () => movies.unionByName(relation('t', { movie_id: 'int', title: 'string', votes: 'int' }) as never),
      'union: movie_id is bigint here and int there',
    ],
    [
      'a join on other types',
      () => movies.join(relation('t', { movie_id: 'string', x: 'int' }) as never, ['movie_id'] as never),
      'join: movie_id is bigint here and string there',
    ],
    ['a join on nothing', () => movies.join(movies, [], 'semi'), 'join: no column to join on'],
    [
      'a clash that the compiler could not see',
      () => movies.join(movies as never, ['movie_id'] as never),
      'join: there is a column title already',
    ],
    ['a limit that is no count', () => movies.limit(-1), 'limit: -1 is not a count'],
    [
      'a hint that nobody knows',
      () => movies.hint('merge' as 'broadcast'),
      'hint: merge is not known; there is: broadcast',
    ],
    ['documents compared', () => documents.distinct(), 'is still a document'],
    [
      'documents beside structs',
      () => documents.unionByName(relation('t', { doc: { struct: { n: 'int' } } }) as never),
      'union: doc is',
    ],
  ])('%s', (_, build, message) => {
    expect(build).toThrow(message)
  })
})

const arrays: Frame<{ id: 'int'; list: { array: 'int' } }> = relation('t', { id: 'int', list: { array: 'int' } })
const documents = relation<{ text: 'string' }>('t', { text: 'string' })
  .parseJson('text', 'doc', structOf({ n: 'int' }))
  .pick('doc')
