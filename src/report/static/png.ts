import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Resvg } from '@resvg/resvg-js'
import { drawable, fontOf, mainFont, readFont, type Font } from './fonts.ts'

/**
 * A picture with two pixels for each of the SVG's, which is as `svgText` writes it. It is drawn with the fonts that are shipped and no
 * others, so that it is the same everywhere.
 */
export function renderPng(svg: string): Buffer {
  const used = new Set([mainFont])
  const drawn = withFonts(svg, used)
  const family = mainFont.family
  return withFontFiles([...used], (fontFiles) => {
    const font = { fontFiles, loadSystemFonts: false, defaultFontFamily: family, sansSerifFamily: family }
    return new Resvg(drawn, { fitTo: { mode: 'zoom', value: 2 }, font }).render().asPng()
  })
}

/** The picture with the font named for each text that the main one lacks a part of. */
const withFonts = (svg: string, used: Set<Font>): string =>
  svg.replaceAll(/(<text\b[^>]*>)(.*?)(<\/text>)/gs, (whole, start: string, content: string, end: string) => {
    const font = fontOf(content.replaceAll(/<[^>]*>/g, ''))
    if (font === mainFont) return whole
    used.add(font)
    const spans = content.replaceAll(
      /(?<=^|>)[^<]+/g,
      (text) => `<tspan font-family="${font.family}">${drawable(text, font)}</tspan>`,
    )
    return `${start}${spans}${end}`
  })

/** Calls `work` with the paths of the fonts; those that are packed lie unpacked in a folder that is gone afterwards. */
function withFontFiles<T>(used: readonly Font[], work: (paths: string[]) => T): T {
  if (!used.some(({ isPacked }) => isPacked)) return work(used.flatMap(({ paths }) => paths))
  const folder = mkdtempSync(join(tmpdir(), 'movielake-fonts-'))
  try {
    return work(
      used.flatMap((font, i) => {
        if (!font.isPacked) return font.paths
        const path = join(folder, `${i}.ttf`)
        writeFileSync(path, readFont(font))
        return [path]
      }),
    )
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
