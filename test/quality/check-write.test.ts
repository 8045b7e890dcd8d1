import { afterAll, describe, expect, it } from 'vitest'
import { checkWrite } from '../../src/quality/check-write.ts'
import { array, bigint, stored, string } from '../../src/table.ts'
import { closeEngines, given, openEngines } from '../silver/given.ts'
import type { Engine } from '../../src/engines/engine.ts'

const engines = await openEngines()
afterAll(() => closeEngines(engines))

const links = stored({
  name: 'silver.links',
  grain: 'one row per movie and tag',
  key: ['movie_id', 'tag'],
  columns: {
    movie_id: bigint('TMDB id'),
    tag: string('tag'),
    names: array('string')('names'),
    note: string('note', { nullable: true }),
  },
})
type Link = { movie_id: number | null; tag: string | null; names?: string[] | null }

describe.each(engines)('a write on $name', (engine: Engine) => {
  const failuresOf = async (rows: readonly Link[], table = links) => {
    const written = await given(engine, links, rows as Parameters<typeof given<typeof links.frame.schema>>[2])
    const write = { table: table.name, written, after: written, replaced: async () => written, isChange: true }
    return checkWrite(table, {
      ...write,
      commit: () => Promise.reject(new Error('not asked for')),
      discard: () => Promise.resolve(),
    })
  }

  it('passes when every key stands once and nothing is null that must not be', async () => {
    expect(await failuresOf([{ movie_id: 1, tag: 'a' }, { movie_id: 1, tag: 'b' }, { movie_id: 2, tag: 'a' }])).toEqual([]) // prettier-ignore
  })

  it('passes without rows', async () => {
    expect(await failuresOf([])).toEqual([])
  })

  it('counts the rows with null, column by column', async () => {
    const rows = [{ movie_id: null, tag: 'a' }, { movie_id: 2, tag: null, names: null }, { movie_id: null, tag: 'b' }] // prettier-ignore
    expect(await failuresOf(rows)).toEqual([
      { table: 'silver.links', check: 'movie_id is never null', failures: 2 },
      { table: 'silver.links', check: 'tag is never null', failures: 1 },
      { table: 'silver.links', check: 'names is never null', failures: 1 },
    ])
  })

  it('counts the keys that stand more than once', async () => {
    const [a, b] = [{ movie_id: 1, tag: 'a' }, { movie_id: 1, tag: 'b' }] // prettier-ignore
    expect(await failuresOf([a, a, a, b, b, { movie_id: 2, tag: 'a' }])).toEqual([
      { table: 'silver.links', check: 'movie_id, tag is unique', failures: 2 },
    ])
  })

  it('may hold a row twice in a table without a key', async () => {
    const row = { movie_id: 1, tag: 'a' }
    expect(await failuresOf([row, row], { ...links, key: [] })).toEqual([])
  })
})
