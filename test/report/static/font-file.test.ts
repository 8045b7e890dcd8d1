import { expect, it } from 'vitest'
import { charactersOf, unpackFont } from '../../../src/report/static/font-file.ts'
import { mainFont, readFont } from '../../../src/report/static/fonts.ts'

it('knows which characters a font has', () => {
  const has = charactersOf(readFont(mainFont))
  const found = Array.from('AЯΩ千ع😀').filter((character) => has.has(character.codePointAt(0) ?? 0))
  expect(found.join('')).toBe('AЯΩ')
})

it('leaves a font that is not packed as it is', () => {
  const font = readFont(mainFont)
  expect(unpackFont(font)).toBe(font)
})
