import { stripVTControlCharacters } from 'node:util'
import { cellText } from '../frame/show.ts'
import { widthOf } from '../frame/text-width.ts'
import type { Kpis } from '../index.ts'
import { formatNumber } from '../report/numbers.ts'
import { rankingTitle, rankingUnit } from '../report/ranking-titles.ts'
import { bar, greatest } from './bar.ts'
import type { Terminal } from './terminal.ts'
import { cutTo, padded } from './text-table.ts'

type Draw = Pick<Terminal, 'styled' | 'isUnicode'>

/** Rankings two by two, as they stand side by side. */
const pairs: readonly (readonly [string, string])[] = [
  ['highest_revenue', 'highest_budget'],
  ['highest_profit', 'lowest_profit'],
  ['highest_roi', 'lowest_roi'],
  ['highest_rated', 'lowest_rated'],
  ['most_voted', 'most_popular'],
]
/** Places a title needs beside a bar, and the most a bar takes. */
const titleWithBar = 34
const longestBar = 16

/** The rankings as lines of text, two side by side where `width` allows it, an empty line after each. */
export function rankingsText(rankings: Kpis['rankings'], width: number, draw: Draw): string[] {
  const known = pairs.flat()
  const others = Object.keys(rankings).filter((name) => !known.includes(name))
  return [...pairs, ...others.map((name) => [name])].flatMap((names) => sideBySide(names, rankings, width, draw))
}

function sideBySide(names: readonly string[], rankings: Kpis['rankings'], width: number, draw: Draw): string[] {
  const isWide = width >= 72 && names.length > 1
  const half = isWide ? Math.floor((width - 3) / 2) : width
  const blocks = names.flatMap((name) => {
    const rows = rankings[name]
    return rows === undefined ? [] : [ranking(name, rows, half, draw)]
  })
  if (!isWide) return blocks.flatMap((lines) => [...lines, ''])
  const [left = [], right = []] = blocks
  const height = blocks.length === 0 ? 0 : Math.max(left.length, right.length) + 1
  return Array.from({ length: height }, (_, i) => {
    const line = left[i] ?? ''
    // the title is styled, and its escapes take no place
    const blanks = ' '.repeat(Math.max(0, half - widthOf(stripVTControlCharacters(line))))
    return `${line}${blanks}   ${right[i] ?? ''}`.trimEnd()
  })
}

function ranking(name: string, rows: Kpis['rankings'][string], width: number, draw: Draw): string[] {
  const unit = rankingUnit(name)
  const values = rows.map(({ value }) => `${formatNumber(value, unit)}${unit === 'musd' ? ' M$' : ''}`)
  const valueWidth = Math.max(0, ...values.map((value) => value.length))
  const rankWidth = String(rows.length).length
  const left = Math.max(8, width - rankWidth - valueWidth - 2)
  const barWidth = left < titleWithBar ? 0 : Math.min(longestBar, left - titleWithBar + 8)
  const titleWidth = barWidth === 0 ? left : left - barWidth - 2
  const most = greatest(rows.map(({ value }) => Math.abs(value)))
  return [
    draw.styled('bold', cutTo(rankingTitle(name), width)),
    ...(rows.length === 0 ? ['(no movies)'] : []),
    ...rows.map(({ rank, title, value }, i) => {
      const text = padded(cutTo(cellText(title), titleWidth), titleWidth)
      const drawn = barWidth === 0 ? '' : `  ${bar(Math.abs(value), most, barWidth, draw.isUnicode)}`
      return `${String(rank).padStart(rankWidth)} ${text} ${(values[i] ?? '').padStart(valueWidth)}${drawn}`
    }),
  ]
}
