import { describe, expect, it } from 'vitest'
import { checkPayload, type PayloadRules } from '../../src/bronze/check-payload.ts'

const rules: PayloadRules = { requiredFields: ['id', 'title'], isCreditsRequired: true }
const movie = { id: 603, title: 'The Matrix', credits: { cast: [], crew: [] } }

const check = (payload: unknown, askedId?: number, changed: Partial<PayloadRules> = {}) =>
  checkPayload(
    typeof payload === 'string' ? payload : JSON.stringify(payload),
    { ...rules, ...changed },
    ...(askedId === undefined ? [] : [askedId]),
  )

describe('a movie payload', () => {
  it('has an id, a title and credits', () => {
    expect(check(movie)).toEqual({ isMovie: true, movieId: 603 })
    expect(check(movie, 603)).toEqual({ isMovie: true, movieId: 603 })
  })

  it('may hold anything else', () => {
    expect(check({ ...movie, success: true, softcore: false, runtime: 'long' })).toMatchObject({ isMovie: true })
  })

  it('needs no credits where the rules say so', () => {
    expect(check({ ...movie, credits: undefined }, 603, { isCreditsRequired: false })).toMatchObject({ isMovie: true })
  })
})

describe('a body is refused as', () => {
  it.each([
    ['not_json', '', 'Unexpected end of JSON input'],
    ['not_json', '{"id": 603', expect.stringContaining('JSON')],
    ['not_json', '{"id":603,"title":"x"} {"id":604}', expect.stringContaining('JSON')],
    ['not_an_object', '[{"id":603}]', 'a JSON array, not an object'],
    ['not_an_object', 'null', 'a JSON null, not an object'],
    ['not_an_object', '"The Matrix"', 'a JSON string, not an object'],
    ['not_an_object', '603', 'a JSON number, not an object'],
  ])('%s: %s', (reason, body, message) => {
    expect(check(body)).toEqual({ isMovie: false, reason, message })
  })

  it("success_false, with TMDB's own code and words", () => {
    const body = { success: false, status_code: 34, status_message: 'The resource you requested could not be found.' }
    expect(check(body)).toEqual({
      isMovie: false,
      reason: 'success_false',
      message: 'The resource you requested could not be found.',
      tmdbStatusCode: 34,
    })
    expect(check({ success: false, status_code: 'x' })).toEqual({
      isMovie: false,
      reason: 'success_false',
      message: 'TMDB reports a failure without a message',
    })
  })

  it.each([undefined, null, '603', 0, -603, 60.3, 2 ** 60, true])('id_missing: %s', (id) => {
    expect(check({ ...movie, id })).toMatchObject({ isMovie: false, reason: 'id_missing' })
  })

  it('id_mismatch when it is about another movie than the one asked for', () => {
    expect(check(movie, 604)).toEqual({
      isMovie: false,
      reason: 'id_mismatch',
      message: 'asked for movie 604, got 603',
      movieId: 603,
    })
  })

  it.each([undefined, null, '', ' \t', 5, ['x']])('title_missing: %j', (title) => {
    expect(check({ ...movie, title })).toMatchObject({ reason: 'title_missing', movieId: 603 })
  })

  it('field_missing when the rules want more fields', () => {
    const wanted = { requiredFields: ['id', 'title', 'runtime'] }
    expect(check(movie, 603, wanted)).toMatchObject({ reason: 'field_missing', message: 'runtime is missing' })
    expect(check({ ...movie, runtime: null }, 603, wanted)).toMatchObject({ message: 'runtime is null' })
    expect(check({ ...movie, runtime: 0 }, 603, wanted)).toMatchObject({ isMovie: true })
  })

  it.each([undefined, null, [], {}, { cast: [] }, { cast: [], crew: null }, { cast: {}, crew: [] }])(
    'credits_missing: %j',
    (credits) => {
      expect(check({ ...movie, credits })).toMatchObject({ reason: 'credits_missing', movieId: 603 })
    },
  )

  it('the first of several reasons', () => {
    const order = [
      { success: false, id: 0 },
      { id: 0, title: '' },
      { id: 1, title: '' },
      { id: 603, title: '' },
      { id: 603, title: 'x' },
      { id: 603, title: 'x', runtime: 1 },
    ].map((body) => check(body, 603, { requiredFields: ['runtime'] }))
    expect(order.map((one) => ('reason' in one ? one.reason : 'none'))).toEqual([
      'success_false',
      'id_missing',
      'id_mismatch',
      'title_missing',
      'field_missing',
      'credits_missing',
    ])
  })
})
