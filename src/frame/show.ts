import type { Row } from './engine.ts'
import { widthOf } from './text-width.ts'
import type { Fields, Type } from './types.ts'

/** Rows to be shown, with the types that say how; `hasMore` when there are others. */
export interface Shown {
  readonly types: Fields
  readonly rows: readonly Row[]
  readonly hasMore: boolean
}

const longest = 40

/**
 * Rows as a table of text: a header, a rule, one line a row, numbers to the right. A cell wider than 40 places is cut, control characters
 * read as escapes, null as `null`. Columns stay in line for wide characters, combining marks and emoji.
 */
export function textTable({ types, rows, hasMore }: Shown): string {
  const names = Object.keys(types)
  const cells = [names, ...rows.map((row) => names.map((name) => cut(cellText(row[name]))))]
  const widths = names.map((_, i) => Math.max(...cells.map((line) => widthOf(line[i] ?? ''))))
  const isRight = names.map((name) => isNumeric(types[name]))
  const lines = cells.map((line) =>
    line
      .map((text, i) => {
        const blanks = ' '.repeat((widths[i] ?? 0) - widthOf(text))
        return isRight[i] === true ? blanks + text : text + blanks
      })
      .join('  ')
      .trimEnd(),
  )
  const rule = widths.map((width) => '-'.repeat(width)).join('  ')
  return [lines[0], rule, ...lines.slice(1), ...footer(rows.length, hasMore)].join('\n')
}

/** What stands under a table: that there are more rows, or that there are none. */
export const footer = (count: number, hasMore: boolean): readonly string[] =>
  hasMore ? [`(the first ${count}; there are more)`] : count === 0 ? ['(no rows)'] : []

/** A value as one line of text; arrays and structs as JSON. */
export function cellText(value: unknown): string {
  const text = typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value)
  return text.replaceAll(
    /[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/gu,
    (c) => escapes[c] ?? `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}

/** Whether values of the type stand to the right. */
export const isNumeric = (type: Type | undefined): boolean => type === 'int' || type === 'bigint' || type === 'double'

const escapes: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' }

const segmenter = new Intl.Segmenter('en', { granularity: 'grapheme' })

function cut(text: string): string {
  if (widthOf(text) <= longest) return text
  let [kept, width] = ['', 0]
  for (const { segment } of segmenter.segment(text)) {
    width += widthOf(segment)
    if (width >= longest) break
    kept += segment
  }
  return `${kept}…`
}
