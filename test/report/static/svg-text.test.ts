import { parseHTML } from 'linkedom'
import { expect, it } from 'vitest'
import { escapeXml, svgText } from '../../../src/report/static/svg-text.ts'

const { document } = parseHTML('<html></html>')

function element(name: string, attributes: Readonly<Record<string, string>> = {}, ...inside: (Element | string)[]) {
  const made = document.createElementNS('http://www.w3.org/2000/svg', name)
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value)
  made.append(...inside)
  return made
}

it('writes texts and attributes that are valid whatever is in them', () => {
  const text = element('text', { 'aria-label': '<&">' }, 'Tom & Jerry <"1">')
  expect(svgText(text, 'a')).toBe('<text aria-label="&lt;&amp;&quot;&gt;">Tom &amp; Jerry &lt;&quot;1&quot;&gt;</text>')
})

it('leaves out what XML cannot hold: control characters, halves of surrogates, what is no character', () => {
  expect(escapeXml('a\u0000b\u0001\u001Fc\uD800d\uFFFE')).toBe('abcd')
  expect(escapeXml('千\t😀\n')).toBe('千\t😀\n')
})

it('turns inline styles into attributes, and leaves out classes, style sheets, scripts and data for scripts', () => {
  const rect = element('rect', { class: 'x', style: 'fill: red; display: none', onclick: 'x', 'data-filter': 'y' })
  const svg = element('svg', {}, element('style', {}, '.x{}'), element('script', {}, 'x()'), rect)
  expect(svgText(svg, 'a')).toBe('<svg><rect fill="red"/></svg>')
})

it('numbers ids in order, with the prefix, and what refers to them', () => {
  const clip = element('clipPath', { id: 'plot-clip-17' }, element('rect'))
  const svg = element('svg', {}, clip, element('g', { 'clip-path': 'url(#plot-clip-17)' }))
  expect(svgText(svg, 'a')).toBe('<svg><clipPath id="a-1"><rect/></clipPath><g clip-path="url(#a-1)"/></svg>')
})

it('keeps what the picture says of itself, and not what its parts do', () => {
  const svg = element('svg', { role: 'img', 'aria-label': 'all' }, element('g', { 'aria-label': 'dots' }))
  expect(svgText(svg, 'a')).toBe('<svg aria-label="all" role="img"><g/></svg>')
})
