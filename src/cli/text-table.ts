import { cellText } from '../frame/show.ts'
import { widthOf } from '../frame/text-width.ts'

/** A column of a table in text. */
export interface TextColumn {
  readonly title: string
  readonly isRight?: boolean
  /** May be cut so that the table fits; others keep their width. */
  readonly isElastic?: boolean
}

const gap = '  '

/**
 * A table in text that fits into `width` as far as its elastic columns can give way: a header, then one line a row.
 * Control characters are shown as escapes. Without a title in any column there is no header.
 */
export function textTable(
  columns: readonly TextColumn[],
  rows: readonly (readonly string[])[],
  width: number,
  header: (line: string) => string = (line) => line,
): string[] {
  const hasHeader = columns.some(({ title }) => title !== '')
  const cells = [...(hasHeader ? [columns.map(({ title }) => title)] : []), ...rows.map((row) => row.map(cellText))]
  const widths = fitted(
    columns.map((_, i) => Math.max(0, ...cells.map((line) => widthOf(line[i] ?? '')))),
    columns,
    width,
  )
  const lines = cells.map((line) =>
    columns
      .map(({ isRight = false }, i) => padded(cutTo(line[i] ?? '', widths[i] ?? 0), widths[i] ?? 0, isRight))
      .join(gap)
      .trimEnd(),
  )
  return hasHeader ? [header(lines[0] ?? ''), ...lines.slice(1)] : lines
}

/** The text with blanks up to `width`, on its right unless it stands to the right. */
export function padded(text: string, width: number, isRight = false): string {
  const blanks = ' '.repeat(Math.max(0, width - widthOf(text)))
  return isRight ? blanks + text : text + blanks
}

const segmenter = new Intl.Segmenter('en', { granularity: 'grapheme' })

/** The text, its end left out where it is wider than `width`; an ellipsis says so. */
export function cutTo(text: string, width: number): string {
  if (widthOf(text) <= width) return text
  let kept = ''
  let used = 1
  for (const { segment } of segmenter.segment(text)) {
    used += widthOf(segment)
    if (used > width) break
    kept += segment
  }
  return width < 1 ? '' : `${kept.trimEnd()}…`
}

function fitted(widths: readonly number[], columns: readonly TextColumn[], width: number): number[] {
  const result = [...widths]
  const total = (): number => result.reduce((sum, each) => sum + each, gap.length * (columns.length - 1))
  const smallest = 8
  while (total() > width) {
    const widest = columns.reduce(
      (best, { isElastic = false }, i) => (isElastic && (result[i] ?? 0) > (result[best] ?? 0) ? i : best),
      -1,
    )
    if (widest < 0 || (result[widest] ?? 0) <= smallest) break
    result[widest] = (result[widest] ?? 0) - 1
  }
  return result
}
