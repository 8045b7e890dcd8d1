import { expect, it } from 'vitest'
import { parseExactly } from '../../src/delta/exact-json.ts'

it('leaves numbers as they are written', () => {
  expect(parseExactly('[9007199254740993, -0.10, 1E+400, {"a": 0, "b 1": "2, \\"3"}]')).toEqual([
    '9007199254740993',
    '-0.10',
    '1E+400',
    { a: '0', 'b 1': '2, "3' },
  ])
})

it.each(['1-2', '01', '1e', '1.2.3', '-', '1.', '.5', '+1', '1 2', '{1:2}', '{12 : 3}', '"a', '1"a"', ''])(
  'takes %j for no JSON',
  (text) => {
    expect(() => parseExactly(text)).toThrow(SyntaxError)
  },
)

it.each([
  ['letters', 'x'.repeat(10_000_000)],
  ['signs that are escaped', '"'.repeat(5_000_000)],
  ['escapes and digits', '\\"1'.repeat(2_000_000)],
  ['digits', '7'.repeat(10_000_000)],
])('takes texts of 10 MB: %s', (_, text) => {
  expect(parseExactly(JSON.stringify([text]))).toEqual([text])
})
