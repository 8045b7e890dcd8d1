const segmenter = new Intl.Segmenter('en', { granularity: 'grapheme' })

// the wide and full-width blocks of East Asian Width. Source: https://www.unicode.org/reports/tr11/
const wide =
  /^[\u1100-\u115f\u2329\u232a\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe10-\ufe19\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6\u{16fe0}-\u{18aff}\u{1aff0}-\u{1b2ff}\u{20000}-\u{3fffd}]/u
const emoji = /^(\p{Emoji_Presentation}|\p{Emoji}\ufe0f|\p{Regional_Indicator}{2})/u
const invisible = /^[\p{Mark}\p{Cf}\p{Cc}\u{115f}\u{1160}]+$/u

/** How many places a text takes in a terminal: 2 for wide characters and emoji, 0 for what combines with the letter before. */
export function widthOf(text: string): number {
  if (/^[\x20-\x7e]*$/.test(text)) return text.length
  let width = 0
  for (const { segment } of segmenter.segment(text)) width += graphemeWidth(segment)
  return width
}

const graphemeWidth = (grapheme: string): number =>
  invisible.test(grapheme) ? 0 : wide.test(grapheme) || emoji.test(grapheme) ? 2 : 1
