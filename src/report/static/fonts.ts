import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { charactersOf, unpackFont } from './font-file.ts'

/** A font that is shipped. */
export interface Font {
  readonly family: string
  /** Its weights, the regular one first. */
  readonly paths: readonly string[]
  /** Whether the renderer cannot read the file as it is. */
  readonly isPacked: boolean
}

const find = createRequire(import.meta.url).resolve

const font = (family: string, ...files: readonly string[]): Font => ({
  family,
  paths: files.map((file) => find(file)),
  isPacked: files.some((file) => file.endsWith('.woff')),
})

/** The font that texts are set in. */
export const mainFont: Font = font(
  'Inter',
  '@expo-google-fonts/inter/400Regular/Inter_400Regular.ttf',
  '@expo-google-fonts/inter/500Medium/Inter_500Medium.ttf',
  '@expo-google-fonts/inter/600SemiBold/Inter_600SemiBold.ttf',
)

/** The fonts in the order in which a text looks for one that has it all. The last one has nearly every character there is, drawn plainly. */
const fonts: readonly Font[] = [
  mainFont,
  font('Noto Sans Arabic', '@expo-google-fonts/noto-sans-arabic/400Regular/NotoSansArabic_400Regular.ttf'),
  font('Sawarabi Gothic', '@expo-google-fonts/sawarabi-gothic/400Regular/SawarabiGothic_400Regular.ttf'),
  font('NanumGothic', '@expo-google-fonts/nanum-gothic/400Regular/NanumGothic_400Regular.ttf'),
]
const lastFont = font('UnifontExMono', '@fontsource/unifontex/files/unifontex-latin-400-normal.woff')

const plain = /^[ -~]*$/
// joiners, direction marks and variation selectors: fonts with rules for them need no glyph, the last one draws them as boxes
const joiners = /\p{Default_Ignorable_Code_Point}/gu
/** Stands for a character that no font has. */
const replacement = '\uFFFD'

/**
 * The font that a text is set in: the first one that has all of it. One for a whole text, since the renderer cannot put texts of several fonts
 * together: it draws boxes, or nothing.
 */
export function fontOf(text: string): Font {
  if (plain.test(text)) return mainFont
  const drawn = text.replaceAll(joiners, '').replaceAll(/\s/g, '')
  return fonts.find((font) => Array.from(drawn).every((character) => hasGlyph(font, character))) ?? lastFont
}

/** The text as that font can draw it: what not even the last one has becomes U+FFFD. */
export function drawable(text: string, font: Font): string {
  if (font !== lastFont) return text
  const seen = text.replaceAll(joiners, '')
  return Array.from(seen, (character) =>
    /\s/.test(character) || hasGlyph(font, character) ? character : replacement,
  ).join('')
}

const known = new Map<Font, ReadonlySet<number>>()

function hasGlyph(font: Font, character: string): boolean {
  const characters = known.get(font) ?? charactersOf(readFont(font))
  known.set(font, characters)
  return characters.has(character.codePointAt(0) ?? 0)
}

/** The regular weight of a font, as OpenType. */
export const readFont = ({ paths: [path = ''] }: Font): Buffer => unpackFont(readFileSync(path))
