/** What every text of a chart is set in; the picture and the page bring Inter along. */
export const fontFamily = 'Inter, Helvetica, Arial, sans-serif'

/** The size of a chart's texts. */
export const fontSizePx = 12

// parts of the font size, of Inter's letters, the widest of a kind
const narrow = 0.33
const usual = 0.64
const capital = 0.76
const broad = 0.99
const fullWidth = 1.05

const segmenter = new Intl.Segmenter('en', { granularity: 'grapheme' })

/** The width of a text in Inter of this size, guessed rather too large than too small. Full-width characters and emoji count double. */
export function textWidthPx(text: string, sizePx: number = fontSizePx): number {
  let width = 0
  for (const { segment } of segmenter.segment(text)) width += graphemeWidth(segment)
  return width * sizePx
}

/** The text, or as much of its beginning with `…` as is not wider than this. */
export function truncated(text: string, mostPx: number, sizePx: number = fontSizePx): string {
  if (textWidthPx(text, sizePx) <= mostPx) return text
  let kept = ''
  for (const { segment } of segmenter.segment(text)) {
    if (textWidthPx(`${kept}${segment}…`, sizePx) > mostPx) break
    kept += segment
  }
  return `${kept.trimEnd()}…`
}

function graphemeWidth(grapheme: string): number {
  if (/^[ijlI.,:;'’!| ()[\]ftr·-]$/.test(grapheme)) return narrow
  if (/^[mwMW@%…—–×−+→]$/.test(grapheme)) return broad
  if (/^[A-Z&$#]$/.test(grapheme)) return capital
  if (/^[\x20-\u024f]/.test(grapheme)) return usual
  return fullWidth
}
