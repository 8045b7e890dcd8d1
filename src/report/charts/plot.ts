import { plot, type PlotOptions } from '@observablehq/plot'
import type { Canvas } from './chart.ts'
import { fontFamily, fontSizePx } from './text.ts'

/**
 * What Plot draws on the canvas, with the palette's ink and our font, and without style sheets and style attributes: pages whose
 * Content-Security-Policy forbids inline styles show it as it is.
 */
export function plotted(canvas: Canvas, options: PlotOptions): SVGSVGElement {
  const { document, width, palette } = canvas
  const svg = plot({ document, width, ...options })
  if (!isSvg(svg)) throw new Error('Plot answered a figure: a title, a caption or a legend was asked for')
  for (const style of svg.querySelectorAll('style')) style.remove()
  for (const element of svg.querySelectorAll('*')) roundNumbers(element)
  svg.removeAttribute('class')
  svg.setAttribute('fill', palette.ink)
  svg.setAttribute('font-family', fontFamily)
  svg.setAttribute('font-size', String(fontSizePx))
  return svg
}

const isSvg = (element: SVGSVGElement | HTMLElement): element is SVGSVGElement =>
  element.tagName.toLowerCase() === 'svg'

// logarithms differ in the last digits from one browser to the next
function roundNumbers(element: Element): void {
  for (const { name, value } of element.attributes)
    if (/\.\d{3}/.test(value) && !name.startsWith('data-'))
      element.setAttribute(
        name,
        value.replace(/-?\d+\.\d{3,}(e-\d+)?/g, (number) => String(Number(Number(number).toFixed(2)))),
      )
}
