import { expect, it } from 'vitest'
import { jupyterDisplay } from '../../src/frame/frame.ts'
import type { QueryEngine } from '../../src/frame/engine.ts'
import { htmlTable } from '../../src/frame/html.ts'
import { textTable } from '../../src/frame/show.ts'
import { widthOf } from '../../src/frame/text-width.ts'
import type { Fields } from '../../src/frame/types.ts'
import { duckdbDialect } from '../../src/engines/duckdb/duckdb-dialect.ts'
import { relation } from '../../src/table.ts'

const types: Fields = { title: 'string', votes: 'bigint' }
const shown = (...rows: { title: string | null; votes: number | null }[]) => ({ types, rows, hasMore: false })

it('puts numbers to the right, text to the left, null where nothing is', () => {
  expect(textTable(shown({ title: 'Heat', votes: 7000 }, { title: null, votes: null }))).toBe(
    ['title  votes', '-----  -----', 'Heat    7000', 'null    null'].join('\n'),
  )
})

it('keeps columns in line for wide characters, combining marks and emoji', () => {
  const lines = textTable(
    shown(
      { title: '千と千尋', votes: 1 },
      { title: 'Ame\u0301lie', votes: 2 },
      { title: '👨‍👩‍👧 x', votes: 3 },
      { title: '한국', votes: 4 },
    ),
  ).split('\n')
  expect(new Set(lines.map(widthOf))).toEqual(new Set([15]))
})

it.each([
  ['', 0],
  ['abc', 3],
  ['é', 1],
  ['e\u0301', 1],
  ['日本', 4],
  ['ｶ', 1],
  ['Ａ', 2],
  ['😀', 2],
  ['❤️', 2],
  ['🇫🇷', 2],
  ['1️⃣', 2],
  ['\u200b', 0],
])('%j takes %i places', (text, places) => {
  expect(widthOf(text)).toBe(places)
})

it('cuts long cells without cutting a character', () => {
  const [, , line = ''] = textTable(shown({ title: '映'.repeat(30), votes: 1 })).split('\n')
  expect(line).toMatch(/^映{19}… +1$/)
})

it('writes line ends and control characters as escapes, and keeps one line a row', () => {
  const [, , line] = textTable(shown({ title: 'a\nb\t\u001b[31m\u2028', votes: 1 })).split('\n')
  expect(line).toBe('a\\nb\\t\\u001b[31m\\u2028      1')
})

it('says when there is nothing, or more', () => {
  expect(textTable(shown())).toBe('title  votes\n-----  -----\n(no rows)')
  expect(textTable({ ...shown({ title: 'Heat', votes: 1 }), hasMore: true })).toMatch(
    /\(the first 1; there are more\)$/,
  )
})

it('shows arrays and structs as JSON', () => {
  const nested: Fields = { genres: { array: 'string' }, person: { struct: { id: 'bigint' } } }
  const rows = [{ genres: ['Crime', null], person: { id: 1 } }]
  expect(textTable({ types: nested, rows, hasMore: false }).split('\n')[2]).toBe('["Crime",null]  {"id":1}')
})

it('escapes everything in HTML, the names of the columns too', () => {
  const html = htmlTable({
    types: { '<b>': 'string' },
    rows: [{ '<b>': `<script>"&'` }, { '<b>': null }],
    hasMore: false,
  })
  expect(html).toContain('>&lt;b&gt;</th>')
  expect(html).toContain('>&lt;script&gt;&quot;&amp;&#39;</td>')
  expect(html).toContain('<i style="color:gray">null</i>')
  expect(html).not.toContain('<script>')
})

const engine = (rows: number): QueryEngine => ({
  dialect: duckdbDialect,
  explain: () => Promise.resolve(''),
  async *query(sql) {
    const limit = Number(/LIMIT (\d+)/.exec(sql)?.[1])
    yield await Promise.resolve(Array.from({ length: Math.min(rows, limit) }, (_, n) => ({ id: n })))
  },
})
const frame = (rows: number) => relation<{ id: 'int' }>('t', { id: 'int' }, engine(rows))

it('show hands one text to the writer and tells that there are more rows', async () => {
  const written: string[] = []
  await frame(3).show(2, (text) => written.push(text))
  expect(written).toEqual(['id\n--\n 0\n 1\n(the first 2; there are more)'])
})

it('show of all rows claims no more', async () => {
  const written: string[] = []
  await frame(2)
    .orderBy((c) => [c.id])
    .show(2, (text) => written.push(text))
  expect(written).toEqual(['id\n--\n 0\n 1'])
})

it('is a table in a notebook, as HTML and as text', async () => {
  const display = await frame(1)[jupyterDisplay]()
  expect(jupyterDisplay).toBe(Symbol.for('Jupyter.display'))
  expect(Object.keys(display)).toEqual(['text/html', 'text/plain'])
  expect(display['text/html']).toMatch(/^<table>.*<td style="text-align:right">0<\/td>.*<\/table>$/)
  expect(display['text/plain']).toBe('id\n--\n 0')
})
