import { expect, it } from 'vitest'
import { renderPng } from '../../../src/report/static/png.ts'
import { escapeXml } from '../../../src/report/static/svg-text.ts'

const picture = (text: string): Buffer =>
  renderPng(
    `<svg xmlns="http://www.w3.org/2000/svg" width="300" height="30" font-family="Inter"><text x="5" y="20" font-size="16">${escapeXml(text)}</text></svg>`,
  )

// boxes look alike: two texts of a script that are drawn as boxes are the same picture
it.each([
  ['Japanese', '千と千尋', '神と隠し'],
  ['Korean', '기생충', '살인의'],
  ['Chinese', '霸王别姬', '复仇者联'],
  ['Arabic', 'كفرناحوم', 'وجدةوجدة'],
  ['Cyrillic', 'Левиафан', 'Елки Ёлк'],
  ['Greek', 'Κυνόδοντας', 'Αστακόςας'],
  ['Hebrew', 'פוקסטרוט', 'ואלסעםבש'],
  ['Thai', 'ฉลาดเกม', 'สุริโยท'],
  ['Hindi', 'लगान', 'दंगल'],
  ['emoji', '😀🎬', '👽🚀'],
  ['Japanese and Arabic in one text', '千 كفر', '神 وجد'],
])('draws %s', (_, one, other) => {
  const [blank, first, second] = ['', one, other].map((text) => picture(text))
  expect(first).not.toEqual(blank)
  expect(first).not.toEqual(second)
})

it('draws what no font has as the sign for that, not as nothing', () => {
  const unknown = picture('a\u{10FFFD}b')
  expect(unknown).toEqual(picture('a\u{10FFFC}b'))
  expect(unknown).not.toEqual(picture('ab'))
})

it('passes over joiners and control characters', () => {
  expect(picture('Tom\u0001 & "Jerry"')).toEqual(picture('Tom & "Jerry"'))
  expect(picture('👨\u200D👩')).toEqual(picture('👨👩'))
})

it('has two pixels for each of the SVG, and the same bytes each time', () => {
  const png = picture('<&">')
  expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([600, 60])
  expect(picture('<&">')).toEqual(png)
})
