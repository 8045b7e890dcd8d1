import { readdirSync, readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { lakeTables } from '../../src/pipeline/catalogue.ts'
import { renderDataDictionary } from '../../src/report/data-dictionary.ts'
import { defaultRules } from '../../src/rules.ts'
import { bigint, stored, string, table } from '../../src/table.ts'

const tables = lakeTables(defaultRules)

it('docs/data-dictionary.md says what the tables say', () => {
  expect(readFileSync('docs/data-dictionary.md', 'utf8')).toBe(renderDataDictionary(tables))
})

it('has a table with grain, key, inputs and columns', () => {
  const answers = stored({ name: 'bronze.a', grain: 'one row per answer', key: [], columns: { id: bigint('TMDB id') } })
  const names = table({
    name: 'silver.b',
    grain: 'one row per movie',
    key: ['id'],
    from: { answers },
    columns: { id: bigint('TMDB id'), name: string('a | b', { unit: 'words', nullable: true }) },
    build: ({ answers: a }) => a.withColumns((m) => ({ name: m.id.cast('string') })),
  })
  const text = renderDataDictionary([answers, names])
  expect(text).toContain('### bronze.a\n\nOne row per answer. No key.\n\n| column')
  expect(text).toContain('### silver.b\n\nOne row per movie. Key: `id`. From: [bronze.a](#bronzea).')
  expect(text).toContain('| `name` | `string?` | words | a \\| b |')
})

it('every column of every table says what it means', () => {
  const short = tables.flatMap(({ name, columns }) =>
    Object.entries(columns)
      .filter(([, { about }]) => about.trim().length < 2)
      .map(([column]) => `${name}.${column}`),
  )
  expect(short).toEqual([])
})

it('every table is built in a test', () => {
  const texts = ['test/silver', 'test/gold'].flatMap((folder) =>
    readdirSync(folder).map((file) => readFileSync(`${folder}/${file}`, 'utf8')),
  )
  const built = tables.filter(({ name }) => !name.startsWith('bronze.'))
  expect(built.filter(({ name }) => !texts.some((text) => text.includes(name))).map(({ name }) => name)).toEqual([])
})
