import { describe, expect, it } from 'vitest'
import { ConfigError } from '../../../../src/errors.ts'
import { chooseTrouble, parseMisbehaviour } from '../../../../src/sources/tmdb/demo/misbehave.ts'

const drop = { kind: 'drop' } as const
const struck = (rule: object, facts = { movieId: 603, timesAsked: 1 }): number[] =>
  Array.from({ length: 10 }, (_, n) => n + 1).filter(
    (number) => chooseTrouble([{ trouble: drop, ...rule }], { number, ...facts }) !== undefined,
  )

describe('a trouble strikes', () => {
  it.each([
    ['every request', {}, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]],
    ['a span of them', { from: 3, to: 5 }, [3, 4, 5]],
    ['every nth', { every: 4 }, [4, 8]],
    ['every nth of a span', { every: 2, from: 5, to: 8 }, [6, 8]],
    ['no other movies', { movieIds: [604] }, []],
  ])('%s', (_, rule, numbers) => {
    expect(struck(rule)).toEqual(numbers)
  })

  it('the first requests of a path', () => {
    expect(struck({ times: 1 })).toHaveLength(10)
    expect(struck({ times: 1 }, { movieId: 603, timesAsked: 2 })).toEqual([])
  })

  it('as the first rule that fits says', () => {
    const rules = parseMisbehaviour('503:every=2 hang')
    const kinds = [1, 2, 3].map((number) => chooseTrouble(rules, { number, movieId: 1, timesAsked: 1 })?.kind)
    expect(kinds).toEqual(['hang', 'status', 'hang'])
  })
})

describe('misbehaviour as text', () => {
  it('is read', () => {
    expect(
      parseMisbehaviour('429:every=10,retry_after=1 429:retry_after=date  cut:movies=603+604,times=1 slow:wait_ms=20'),
    ).toEqual([
      { trouble: { kind: 'status', status: 429, retryAfter: 1 }, every: 10 },
      { trouble: { kind: 'status', status: 429, retryAfter: 'date' } },
      { trouble: { kind: 'cut' }, movieIds: [603, 604], times: 1 },
      { trouble: { kind: 'slow', waitMs: 20 } },
    ])
    expect(parseMisbehaviour(' ')).toEqual([])
  })

  it.each([
    ['200', "misbehaviour '200': '200' is not a status, slow, hang"],
    ['503:often=1', "misbehaviour '503:often=1': unknown key 'often'"],
    ['503:every=x', "misbehaviour '503:every=x': every 'x' is not a whole number above 0"],
    ['503:every=0', "misbehaviour '503:every=0': every '0' is not a whole number above 0"],
    ['cut:movies=a', "misbehaviour 'cut:movies=a': movies 'a' is not a list such as 603+604"],
  ])('is refused when it is %s', (text, message) => {
    expect(() => parseMisbehaviour(text)).toThrow(ConfigError)
    expect(() => parseMisbehaviour(text)).toThrow(message)
  })
})
