import { textWidthPx } from '../../../src/report/charts/text.ts'
import type { Box } from '../../../src/report/charts/labels.ts'

/** A text of a picture, and the box it takes in pixels as far as one can tell without setting it. */
export interface TextBox extends Box {
  readonly text: string
}

/** The element as a document of its own, an element a line. */
export function svgText(svg: Element, background: string): string {
  const shown = `<rect width="100%" height="100%" fill="${background}"/>`
  return `${serialized(svg, '').replace(/^<svg([^>]*)>/, `<svg xmlns="http://www.w3.org/2000/svg"$1>\n  ${shown}`)}\n`
}

function serialized(element: Element, indent: string): string {
  const attributes = [...element.attributes]
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .map(({ name, value }) => ` ${name}="${escaped(value)}"`)
    .join('')
  const children = [...element.children].map((child) => `\n${indent}  ${serialized(child, `${indent}  `)}`).join('')
  const text = [...element.childNodes].filter(({ nodeType }) => nodeType === 3).map((node) => node.textContent ?? '')
  const end = children === '' ? '' : `\n${indent}`
  return `<${element.localName}${attributes}>${escaped(text.join(''))}${children}${end}</${element.localName}>`
}

const escaped = (text: string): string =>
  text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;')

/** Every text that is drawn. */
export function textBoxes(svg: Element): readonly TextBox[] {
  return [...svg.querySelectorAll('text')].map((element) => {
    const own = [...element.childNodes].find(({ nodeType }) => nodeType === 3)?.textContent ?? ''
    const [left, top] = translation(element)
    const x = left + lengthPx(element.getAttribute('x'))
    const baseline = top + lengthPx(element.getAttribute('y')) + lengthPx(element.getAttribute('dy'))
    const width = textWidthPx(own)
    const anchor = inherited(element, 'text-anchor')
    const start = x - (anchor === 'end' ? width : anchor === 'middle' ? width / 2 : 0)
    return { text: own, left: start, right: start + width, top: baseline - 9, bottom: baseline + 3 }
  })
}

function translation(element: Element | null): readonly [number, number] {
  if (element === null || element.localName === 'svg') return [0, 0]
  const [x, y] = translation(element.parentElement)
  const [, dx = '0', dy = '0'] = /translate\(([^,)]+),?([^)]*)\)/.exec(element.getAttribute('transform') ?? '') ?? []
  return [x + Number(dx), y + Number(dy)]
}

const lengthPx = (value: string | null): number =>
  value === null ? 0 : value.endsWith('em') ? Number(value.slice(0, -2)) * 12 : Number(value)

const inherited = (element: Element | null, name: string): string =>
  element === null ? '' : (element.getAttribute(name) ?? inherited(element.parentElement, name))
