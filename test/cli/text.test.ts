import { describe, expect, it } from 'vitest'
import { csvText } from '../../src/report/csv.ts'
import { failureOf, redacted } from '../../src/cli/failure.ts'
import { parseInstant } from '../../src/cli/instant.ts'
import { formatNumber } from '../../src/report/numbers.ts'
import { cutTo, textTable } from '../../src/cli/text-table.ts'
import { ConfigError, StoppedError } from '../../src/errors.ts'

describe('numbers', () => {
  it.each([
    [2923.706026, 'musd', '2,923.7'],
    [7.786117, 'ratio', '7.8x'],
    [0.000123, 'ratio', '0.00012x'],
    [34325, 'count', '34,325'],
    [8.2, 'rating', '8.20'],
    [null, 'musd', '-'],
    [Number.NaN, 'ratio', '-'],
  ] as const)('%d as %s reads %s', (value, unit, text) => {
    expect(formatNumber(value, unit)).toBe(text)
  })
})

describe('tables in text', () => {
  const columns = [
    { title: 'title', isElastic: true },
    { title: 'n', isRight: true },
  ]

  it('are in line, numbers to the right', () => {
    expect(
      textTable(
        columns,
        [
          ['Heat', '7'],
          ['Ran', '12'],
        ],
        80,
      ),
    ).toEqual(['title   n', 'Heat    7', 'Ran    12'])
  })

  it('cut the elastic columns so that they fit', () => {
    const lines = textTable(columns, [['The Assassination of Jesse James', '7']], 20)
    expect(lines).toEqual(['title              n', 'The Assassinatio…  7'])
  })

  it('stay in line for wide letters', () => {
    expect(cutTo('千と千尋の神隠し', 7)).toBe('千と千…')
  })

  it('show control characters as escapes', () => {
    expect(textTable([{ title: 't' }], [['a\u001B[31mb\nc']], 80)[1]).toBe('a\\u001b[31mb\\nc')
  })
})

describe('CSV', () => {
  it('quotes what needs it, and leaves null empty', () => {
    const rows = [{ id: 1, title: 'Say "Hi", Bob', genres: ['A', 'B'], note: null }]
    expect(csvText(['id', 'title', 'genres', 'note'], rows)).toBe(
      'id,title,genres,note\r\n1,"Say ""Hi"", Bob","[""A"",""B""]",\r\n',
    )
  })
})

describe('instants', () => {
  it.each([
    ['2025-12-09', '2025-12-09T00:00:00.000Z'],
    ['2025-12-09T10:45', '2025-12-09T10:45:00.000Z'],
    ['2025-12-09 10:45:30', '2025-12-09T10:45:30.000Z'],
    ['2025-12-09T10:45:30.5+01:00', '2025-12-09T09:45:30.500Z'],
  ])('%s is %s', (text, instant) => {
    expect(parseInstant(text, '--as-of')).toBe(instant)
  })

  it.each(['yesterday', '2025-02-30', '2025-13-01', '2025-12-09T25:00', '1765276800'])('%s is refused', (text) => {
    expect(() => parseInstant(text, '--as-of')).toThrow(ConfigError)
  })
})

describe('failures', () => {
  const idle = new AbortController().signal

  it('keep the exit code and hint of errors thrown on purpose', () => {
    expect(failureOf(new ConfigError('x', { hint: 'y' }), idle)).toMatchObject({ exitCode: 2, hint: 'y', isBug: false })
  })

  it('are bugs when nobody threw them on purpose', () => {
    expect(failureOf(new TypeError('x is not a function'), idle)).toMatchObject({ exitCode: 1, isBug: true })
    expect(failureOf('text', idle)).toMatchObject({ exitCode: 1, message: 'text' })
  })

  it('say what to do about a full disk', () => {
    const full = Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' })
    expect(failureOf(full, idle)).toMatchObject({
      exitCode: 1,
      isBug: false,
      hint: expect.stringContaining('make room'),
    })
  })

  it('count as stopped once the user has stopped the command', () => {
    const stopped = AbortSignal.abort(new StoppedError('stopped by SIGTERM', { signal: 'SIGTERM' }))
    expect(failureOf(new Error('interrupted'), stopped)).toMatchObject({ exitCode: 143, message: 'stopped by SIGTERM' })
  })

  it('never hold a secret', () => {
    const text = 'GET /3/movie/1?api_key=abcdef: Bearer eyJx.y.z and hunter2'
    expect(redacted(text, ['hunter2'])).toBe('GET /3/movie/1?api_key=[redacted] Bearer [redacted] and [redacted]')
  })
})
