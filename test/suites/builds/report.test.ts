import { createHash } from 'node:crypto'
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseHTML } from 'linkedom'
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest'
import { openLake, type Kpis, type Lake } from '../../../src/index.ts'
import { formatNumber } from '../../../src/report/numbers.ts'
import { rankingTitle, rankingUnit } from '../../../src/report/ranking-titles.ts'
import { tempFolder } from '../../engines/temp-folder.ts'
import { fewIds, filesIn, newest, testLake } from '../../pipeline/test-lake.ts'

let html = ''
let markdown = ''
let kpis: Kpis
let files: readonly (readonly [path: string, text: string])[] = []
let again: typeof files = []
let taglines: readonly string[] = []
let root = ''

const openSampleLake = (lake: string, movieIds: readonly number[] = [0, ...fewIds]): Promise<Lake> => {
  const set = { 'quality.max_rejection_rate': 1, 'sample.date': '2026-02-27', 'duckdb.threads': 1 }
  return openLake({ lake, cwd: '/', env: {}, set: { ...set, 'ingest.movie_ids': movieIds } })
}
const sampleLake = async (movieIds?: readonly number[]): Promise<Lake> => {
  const lake = await openSampleLake(await tempFolder(), movieIds)
  onTestFinished(() => lake.close())
  return lake
}
const readAll = async (folder: string) =>
  Promise.all(
    (await filesIn(folder)).map(async (path) => [path, await readFile(join(folder, path), 'latin1')] as const),
  )

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'movielake-test-'))
  await using lake = await openSampleLake(root)
  await lake.run()
  files = await readAll(join(root, 'report'))
  again = await readAll((await lake.report({ folder: join(root, 'again') })).folder)
  kpis = await lake.kpis()
  html = await readFile(join(root, 'report/index.html'), 'utf8')
  markdown = await readFile(join(root, 'report/report.md'), 'utf8')
  taglines = (await newest(lake, 'silver.movies')).flatMap(({ tagline, overview }) =>
    [tagline, overview].filter((text) => typeof text === 'string'),
  )
}, 600_000)

afterAll(() => rm(root, { recursive: true }))

it('is a page, Markdown, and each chart as SVG, PNG and CSV', () => {
  const names = files.map(([path]) => path)
  expect(names).toEqual(expect.arrayContaining(['index.html', 'report.md', 'report.json']))
  const charts = names.filter((name) => name.endsWith('.svg')).map((name) => name.slice(0, -4))
  expect(charts.length).toBeGreaterThan(5)
  expect(names).toEqual(expect.arrayContaining(charts.flatMap((name) => [`${name}.png`, `${name}.csv`])))
})

it('is the same bytes when it is written again', () => {
  expect(again.map(([path]) => path)).toEqual(files.map(([path]) => path))
  expect(again.filter(([, text], i) => text !== files[i]?.[1]).map(([path]) => path)).toEqual([])
})

it('has the numbers of the KPIs', () => {
  for (const [name, rows] of Object.entries(kpis.rankings))
    expect(rowsOf(rankingTitle(name))).toEqual(
      rows.map(({ rank, title, value }) => [String(rank), title, formatNumber(value, rankingUnit(name))]),
    )
  const totals = kpis.directors.map((d) => [d.name, formatNumber(d.total_revenue_musd, 'musd')])
  expect(rowsOf('Directors with the highest total revenue').map((cells) => [cells[0], cells[2]])).toEqual(totals)
  const years = kpis.years.map(({ year, movie_count }) => [String(year), String(movie_count)]).toReversed()
  expect(rowsOf('Years, the newest first').map((cells) => cells.slice(0, 2))).toEqual(years)
  const genres = kpis.genres.map(({ genre, roi_median }) => [genre, formatNumber(roi_median, 'ratio')])
  expect(rowsOf('Genres by number of films').map((cells) => [cells[0], cells[5]])).toEqual(genres)
})

it('lets a browser run and load nothing, and take only its own style sheet', () => {
  const style = /<style>([^]*?)<\/style>/.exec(html)?.[1] ?? ''
  const hash = createHash('sha256').update(style).digest('base64')
  expect(html).toContain(`default-src 'none'; style-src 'sha256-${hash}';`)
  expect(html).not.toMatch(/<script|\son\w+=|javascript:|\sstyle=|<link|<img|@import|url\(["']?http/i)
  expect(html.match(/<style>/g)).toHaveLength(1)
})

it('closes every element, has headings in order and names each thing once', () => {
  expect(unclosed(html)).toEqual([])
  const levels = Array.from(html.matchAll(/<h([1-6])/g), ([, level]) => Number(level))
  expect(levels.filter((level, i) => level > (levels[i - 1] ?? 0) + 1)).toEqual([])
  const ids = Array.from(html.matchAll(/\sid="([^"]*)"/g), ([, id]) => id)
  expect(ids).toHaveLength(new Set(ids).size)
  const targets = Array.from(html.matchAll(/href="#([^"]*)"/g), ([, id]) => id)
  expect(targets.filter((id) => !ids.includes(id))).toEqual([])
})

it('says loudly that the films are those of the sample server', () => {
  expect(html).toContain('<p class="sample">Sample data. All 4 films come from the sample server')
  expect(markdown).toContain('> **Sample data. All 4 films come from the sample server')
  expect(files.find(([path]) => path.endsWith('.svg'))?.[1]).toContain('SAMPLE DATA, not from TMDB')
})

it('says which run, which versions, what was refused, and how fresh', () => {
  const versions = rowsOf('Published tables and their checks').map(([name, , version]) => [name, Number(version)])
  expect(Object.fromEntries(versions)).toEqual(kpis.published.versions)
  expect(rowsOf('Steps of the run').map(([step]) => step)).toEqual(['ingest', 'silver', 'gold', 'publish'])
  expect(rowsOf('What was refused, and why')[0]?.slice(0, 3)).toEqual(['not found', 'refused: not in any table', '1'])
  expect(rowsOf('Where the answers are from')[0]?.slice(0, 3)).toEqual([kpis.published.run_id, 'sample server', '4'])
})

it('tells nothing that TMDB wrote about a film', () => {
  expect(taglines.filter((text) => html.includes(text) || markdown.includes(text))).toEqual([])
})

it.each([
  ['no film', [0], 'There are no films in the published tables yet'],
  ['one film', [597], '1 film, released 1997'],
])('of %s says so', async (_, movieIds, text) => {
  const lake = await sampleLake(movieIds)
  await lake.run()
  expect(await readFile(join(lake.root, 'report/index.html'), 'utf8')).toContain(text)
})

it('names the run that found nothing new, which is no news', async () => {
  const lake = await sampleLake()
  await cp(root, lake.root, { recursive: true })
  const { run_id, status, steps } = await lake.run()
  expect([status, steps.at(-1)]).toMatchObject(['unchanged', { step: 'report', status: 'unchanged' }])
  expect(await readFile(join(lake.root, 'report/index.html'), 'utf8')).toContain(run_id)
})

it('is left alone when a run that was cut off after it goes on', async () => {
  const lake = await sampleLake()
  await cp(root, lake.root, { recursive: true })
  const [record] = await lake.runs()
  const run = join(lake.root, 'runs', record?.run_id ?? '', 'run.json')
  await writeFile(run, (await readFile(run, 'utf8')).replace('"status": "ok"', '"status": "running"'))
  const page = join(lake.root, 'report/index.html')
  await writeFile(page, 'as it was')
  const { run_id, steps } = await lake.run()
  expect(run_id).toBe(record?.run_id)
  expect(steps.at(-1)).toMatchObject({ step: 'report', status: 'unchanged' })
  expect(await readFile(page, 'utf8')).toBe('as it was')
})

it('takes nothing back that is published when it cannot be written', async () => {
  const lake = await sampleLake()
  await mkdir(join(lake.root, 'report'), { recursive: true })
  await writeFile(join(lake.root, 'report/thesis.doc'), '')
  await expect(lake.run()).rejects.toThrow('holds other files than a report')
  const [record] = await lake.runs()
  expect(record).toMatchObject({
    status: 'failed',
    steps: [{}, {}, {}, { status: 'ok' }, { step: 'report', status: 'failed' }],
  })
  expect(await lake.published()).toMatchObject({ run_id: record?.run_id })
  expect(await filesIn(join(lake.root, 'report'))).toEqual(['thesis.doc'])
})

it('is not written by a run that is told not to', async () => {
  const lake = await testLake(undefined, { env: {}, set: { 'report.enabled': false } })
  expect((await lake.plan('run')).steps.map(({ step }) => step)).not.toContain('report')
})

/** The cells of the table with that caption. */
function rowsOf(caption: string): readonly (readonly string[])[] {
  const { document } = parseHTML(html)
  const table = [...document.querySelectorAll('table')].find(
    (each) => each.querySelector('caption')?.textContent === caption,
  )
  return [...(table?.querySelectorAll('tbody tr') ?? [])].map((row) =>
    [...row.children].map((cell) => cell.textContent ?? ''),
  )
}

/** The names of elements that are not closed, or closed twice. */
function unclosed(text: string): readonly string[] {
  const open: string[] = []
  const wrong: string[] = []
  const tags = text.replace(/<style>[^]*?<\/style>/, '').matchAll(/<(\/?)([a-zA-Z][\w:-]*)((?:"[^"]*"|[^">])*?)(\/?)>/g)
  for (const [, slash, name = '', , end] of tags)
    if (end === '/') continue
    else if (slash === '') open.push(name)
    else if (open.pop() !== name) wrong.push(name)
  return [...wrong, ...open]
}
