import { expect, it } from 'vitest'
import { bar, greatest } from '../../src/cli/bar.ts'
import { card } from '../../src/cli/card.ts'
import { widthOf } from '../../src/frame/text-width.ts'

const plain = { isUnicode: true, styled: (_: unknown, text: string) => text }

it('draws eighths of a place, and whole places in ASCII', () => {
  expect(bar(5, 10, 8, true)).toBe('████')
  expect(bar(3, 10, 8, true)).toBe('██▍')
  expect(bar(5, 10, 8, false)).toBe('####')
})

it('marks the least of values, and leaves out those that are none', () => {
  expect(bar(1e-9, 10, 8, true)).toBe('▏')
  expect(bar(1e-9, 10, 8, false)).toBe('#')
  for (const value of [0, -1, null, undefined, Number.NaN, 'x']) expect(bar(value, 10, 8, true)).toBe('')
  expect(bar(1, 0, 8, true)).toBe('')
})

it('never goes beyond its width', () => {
  expect(bar(11, 10, 8, true)).toBe('████████')
  expect(greatest([null, 2, 'x', 3])).toBe(3)
  expect(greatest([])).toBe(0)
})

it('frames lines of any script, and cuts what is too long', () => {
  const lines = card('千と千尋の神隠し', ['Hayao Miyazaki', 'x'.repeat(90), 'a\u0007b'], 40, plain)
  expect(lines.map(widthOf)).toEqual([40, 40, 40, 40, 40])
  expect(lines[0]).toBe(`╭─ 千と千尋の神隠し ${'─'.repeat(19)}╮`)
  expect(lines[2]).toContain('x…')
  expect(card('T', ['t'], 12, { ...plain, isUnicode: false })).toEqual(['+- T ------+', '| t        |', '+----------+'])
})
