import { rm, writeFile } from 'node:fs/promises'
import { parseHTML } from 'linkedom'
import { afterAll, describe, expect, it } from 'vitest'
import { movers } from '../../../src/gold/movers.ts'
import type { Palette } from '../../../src/report/charts/chart.ts'
import { charts } from '../../../src/report/charts/index.ts'
import { overlap, type Box } from '../../../src/report/charts/labels.ts'
import { dark, light } from '../../../src/report/charts/palette.ts'
import { chartSources } from '../../../src/report/charts/sources.ts'
import { films } from '../../../src/report/films.ts'
import { closeEngines, given, openEngines } from '../../silver/given.ts'
import { film, inventedFilms, inventedMovers, type FilmRow } from './sample-films.ts'
import { svgText, textBoxes } from './svg-text.ts'

const engines = await openEngines()
afterAll(() => closeEngines(engines))
const [engine] = engines
const { document } = parseHTML('<html></html>')

const sourcesOf = async (rows: readonly FilmRow[]) =>
  chartSources({
    films: await given(engine!, films, rows),
    movers: await given(engine!, movers, inventedMovers(rows)),
  })
const samples = {
  many: await sourcesOf(inventedFilms(300)),
  few: await sourcesOf(inventedFilms(12)),
  one: await sourcesOf(inventedFilms(2).slice(1)),
  cells: await sourcesOf(inventedFilms(5000)),
  moneyless: await sourcesOf([film(1), film(2, { release_date: '1999-03-31' })]),
  none: await sourcesOf([]),
}

describe.each(charts.map((chart) => [chart.id, chart] as const))('%s', (id, chart) => {
  const asked = new Map<keyof typeof samples, Promise<readonly object[]>>()
  const rowsOf = (sample: keyof typeof samples): Promise<readonly object[]> => {
    const rows = asked.get(sample) ?? chart.query(samples[sample]).collect()
    asked.set(sample, rows)
    return rows
  }
  const drawn = async (sample: keyof typeof samples, width: number, palette: Palette) =>
    chart.draw((await rowsOf(sample)) as never, { document, width, palette })
  const expectPicture = async (name: string, svg: SVGSVGElement | undefined, palette: Palette) => {
    const changed = new URL(`pictures/${name}-changed.svg`, import.meta.url)
    const text = svg === undefined ? '' : svgText(svg, palette.background)
    try {
      await expect(text).toMatchFileSnapshot(`pictures/${name}.svg`)
    } catch (error) {
      await writeFile(changed, text)
      throw error
    }
    await rm(changed, { force: true })
  }

  it('looks as it did', async () => {
    await expectPicture(id, await drawn('many', 720, light), light)
  })

  it('looks as it did in the dark, small, of few films', async () => {
    await expectPicture(`${id}-small-dark`, await drawn('few', 320, dark), dark)
  })

  it.each([320, 480, 720, 1200])('has its texts beside each other and within, %i pixels wide', async (width) => {
    const names = ['many', 'few', 'one', 'cells'] as const
    const pictures = await Promise.all(names.map((sample) => drawn(sample, width, light)))
    expect(pictures.map((svg) => (svg === undefined ? [] : faultsOf(svg, width)))).toEqual(names.map(() => []))
  })

  it('draws nothing of no films, and says so', async () => {
    expect(await drawn('none', 720, light)).toBeUndefined()
    const caption = chart.caption([])
    expect(caption.title).not.toBe('')
    expect(caption.subtitle).toMatch(/^No film/)
  })

  it('says what it says in words without a full stop, and in one line', async () => {
    for (const sample of Object.keys(samples) as (keyof typeof samples)[]) {
      const caption = chart.caption((await rowsOf(sample)) as never)
      for (const text of Object.values(caption)) expect(text).toMatch(/^[A-Z0-9]((?!NaN|undefined|null)[^\n])*[^.\n]$/)
    }
  })

  it('has neither inline styles nor style sheets', async () => {
    const svg = await drawn('many', 720, light)
    expect(svg?.querySelectorAll('[style], style').length).toBe(0)
  })

  it('answers at most 3,000 rows, of many films too', async () => {
    expect((await rowsOf('cells')).length).toBeLessThanOrEqual(3000)
  })
})

function faultsOf(svg: SVGSVGElement, width: number): readonly string[] {
  const boxes = textBoxes(svg).filter(({ text }) => text !== '')
  const view: Box = { left: -1, top: -1, right: width + 1, bottom: Number(svg.getAttribute('height')) + 1 }
  const outside = boxes.filter(
    (box) => box.left < view.left || box.right > view.right || box.top < view.top || box.bottom > view.bottom,
  )
  const covered = boxes.flatMap((box, at) =>
    boxes.slice(at + 1).flatMap((other) => (overlap(box, other) ? [`${box.text} is over ${other.text}`] : [])),
  )
  return [...outside.map(({ text }) => `${text} is outside`), ...covered]
}
