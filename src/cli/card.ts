import { cellText } from '../frame/show.ts'
import { widthOf } from '../frame/text-width.ts'
import type { Terminal } from './terminal.ts'
import { cutTo, padded } from './text-table.ts'

const frames = {
  unicode: { top: '╭─╮', side: '│', bottom: '╰─╯' },
  ascii: { top: '+-+', side: '|', bottom: '+-+' },
} as const

/** Lines of text in a frame that is `width` places wide, with a title in its upper edge; lines that are too long are cut. */
export function card(
  title: string,
  lines: readonly string[],
  width: number,
  { isUnicode, styled }: Pick<Terminal, 'isUnicode' | 'styled'>,
): string[] {
  const { top, side, bottom } = frames[isUnicode ? 'unicode' : 'ascii']
  const inner = Math.max(8, width - 4)
  const [left = '', line = '', right = ''] = top
  const shown = cutTo(cellText(title), inner - 2)
  const [endLeft = '', , endRight = ''] = bottom
  return [
    `${left}${line} ${styled('bold', shown)} ${line.repeat(inner - 1 - widthOf(shown))}${right}`,
    ...lines.map((text) => `${side} ${padded(cutTo(cellText(text), inner), inner)} ${side}`),
    `${endLeft}${line.repeat(inner + 2)}${endRight}`,
  ]
}
