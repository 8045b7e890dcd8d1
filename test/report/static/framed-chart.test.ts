import { parseHTML } from 'linkedom'
import { expect, it } from 'vitest'
import { light } from '../../../src/report/charts/palette.ts'
import { framedChart } from '../../../src/report/static/framed-chart.ts'

const { document } = parseHTML('<html></html>')
const caption = { title: 'Tom & Jerry', subtitle: '2 of 3 films', description: 'two dots' }
const framing = { id: 'x', caption, source: ['Data: TMDB'], palette: light, width: 400 }

function chart(): SVGSVGElement {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg')
  svg.setAttribute('width', '360')
  svg.setAttribute('height', '100')
  return svg
}

it('says what it is to those who cannot see it', () => {
  const svg = framedChart(chart(), framing)
  expect(svg).toContain('role="img" aria-labelledby="x-title x-desc"')
  expect(svg).toContain('<title id="x-title">Tom &amp; Jerry</title><desc id="x-desc">two dots</desc>')
})

it('puts title and subtitle above the chart, the source below', () => {
  const texts = ['>Tom &amp; Jerry</text>', '>2 of 3 films</text>', 'height="100"', '>Data: TMDB</text>']
  const places = texts.map((text) => framedChart(chart(), framing).indexOf(text))
  expect(places).toEqual(places.toSorted((a, b) => a - b))
  expect(places).not.toContain(-1)
})

it('breaks a long title into lines, and grows by them', () => {
  const heightOf = (title: string) =>
    Number(/height="(\d+)"/.exec(framedChart(chart(), { ...framing, caption: { ...caption, title } }))?.[1])
  expect(heightOf('a film '.repeat(20))).toBeGreaterThan(heightOf('a film') + 40)
})

it('says so when there is nothing to draw', () => {
  expect(framedChart(undefined, framing)).toContain('No films to draw yet')
})
