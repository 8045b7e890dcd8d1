import { rm } from 'node:fs/promises'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Lake } from '../../src/index.ts'
import type {
  ChartAnswer,
  FacetsAnswer,
  FilmAnswer,
  FilmsAnswer,
  HeadlineAnswer,
  LakeAnswer,
  RunAnswer,
  RunsAnswer,
  SearchAnswer,
  TableAnswer,
  TablesAnswer,
} from '../../src/dashboard/api-types.ts'
import { publishedLake, testDashboard, type TestDashboard } from './test-dashboard.ts'

let lake: Lake
let dashboard: TestDashboard
beforeAll(async () => {
  lake = await publishedLake()
  dashboard = await testDashboard(lake)
}, 60_000)
afterAll(async () => {
  await dashboard.close()
  await lake.close()
  await rm(lake.root, { recursive: true, force: true })
})

const valueOf = (answer: HeadlineAnswer, id: string) => answer.numbers.find((number) => number.id === id)

it('says the same numbers as the KPIs', async () => {
  const kpis = await lake.kpis({ top: 100 })
  for (const { kind, movie_count, median_roi, mean_rating } of kpis.franchise_vs_standalone) {
    const answer = await dashboard.read<HeadlineAnswer>(`/api/headline?franchise=${kind === 'franchise' ? 1 : 0}`)
    expect(valueOf(answer, 'films')?.value).toBe(movie_count)
    expect(valueOf(answer, 'median_roi')?.value).toBe(median_roi)
    expect(valueOf(answer, 'mean_rating')?.value).toBe(mean_rating)
  }
  for (const { genre, movie_count } of kpis.genres) {
    const answer = await dashboard.read<FilmsAnswer>(`/api/films?genre=${encodeURIComponent(genre)}`)
    expect(answer.total).toBe(movie_count)
  }
  for (const { year, movie_count } of kpis.years) {
    const answer = await dashboard.read<HeadlineAnswer>(`/api/headline?years=${year}-${year}`)
    expect(valueOf(answer, 'films')?.value).toBe(movie_count)
  }
  const directors = await dashboard.read<ChartAnswer>('/api/charts/directors')
  const expected = kpis.directors.filter(({ total_revenue_musd }) => total_revenue_musd !== null).slice(0, 15)
  expect(directors.rows).toMatchObject(expected)
})

it('draws every chart, over all films and over some', async () => {
  const { charts } = await dashboard.read<LakeAnswer>('/api/lake')
  for (const id of charts)
    for (const filters of ['', '?genre=Action&genre=Drama&years=1990-2015&votes=1-&rating=1-10&language=en']) {
      const answer = await dashboard.read<ChartAnswer>(`/api/charts/${id}${filters}`)
      expect(answer.caption.title).not.toBe('')
      expect(answer.sql).toContain('FROM films')
      expect((await dashboard.ask(`/api/charts/${id}.csv${filters}`)).headers.get('content-type')).toContain('text/csv')
      const svg = await (await dashboard.ask(`/api/charts/${id}.svg${filters}`)).text()
      expect(svg).toMatch(/^<svg /)
      // the chart in it leaves a margin on both sides
      for (const [, width] of svg.slice(4).matchAll(/<svg [^>]*?width="(\d+)"/g)) expect(width).toBe('820')
    }
  expect(dashboard.errors).toEqual([])
}, 60_000)

it('draws a chart as a PNG', async () => {
  const answer = await dashboard.ask('/api/charts/roi-by-genre.png?theme=dark&width=640')
  expect(answer.headers.get('content-type')).toBe('image/png')
  expect(
    Buffer.from(await answer.arrayBuffer())
      .subarray(1, 4)
      .toString(),
  ).toBe('PNG')
})

it('lists, sorts and filters films', async () => {
  const { films, total } = await dashboard.read<FilmsAnswer>('/api/films?sort=budget_musd&order=asc&size=3')
  expect(total).toBe(12)
  expect(films).toHaveLength(3)
  const budgets = films.map(({ budget_musd }) => budget_musd ?? Number.POSITIVE_INFINITY)
  expect(budgets).toEqual(budgets.toSorted((a, b) => a - b))
  const [first] = films
  const director = first?.directors[0]
  const directed = await dashboard.read<FilmsAnswer>(`/api/films?director=${director?.person_id}`)
  expect(directed.films.map(({ movie_id }) => movie_id)).toContain(first?.movie_id)
  const named = await dashboard.read<HeadlineAnswer>(`/api/headline?director=${director?.person_id}`)
  expect(named.names.director).toBe(director?.name)
  const csv = await (await dashboard.ask('/api/films.csv?votes=1-')).text()
  expect(csv.trim().split('\r\n')).toHaveLength(13)
})

it('turns to every page there may be', async () => {
  for (const page of [401, 40_000]) {
    const { films, total } = await dashboard.read<FilmsAnswer>(`/api/films?page=${page}`)
    expect([films, total]).toEqual([[], 12])
  }
})

it('has the films of a file in the order of the list', async () => {
  const { films } = await dashboard.read<FilmsAnswer>('/api/films?sort=title&order=asc&franchise=1')
  const csv = await (await dashboard.ask('/api/films.csv?sort=title&order=asc&franchise=1')).text()
  const [, ...lines] = csv.trim().split('\r\n')
  expect(lines.map((line) => Number.parseInt(line))).toEqual(films.map(({ movie_id }) => movie_id))
})

it('gives the headline numbers as a file', async () => {
  const { numbers } = await dashboard.read<HeadlineAnswer>('/api/headline?years=2000-')
  const lines = (await (await dashboard.ask('/api/headline.csv?years=2000-')).text()).trim().split('\r\n')
  expect(lines).toHaveLength(numbers.length + 1)
  expect(lines[1]).toBe(
    `films,Films,films,${[numbers[0]?.value, numbers[0]?.n, numbers[0]?.now, numbers[0]?.before].join()}`,
  )
})

it('filters by months of release', async () => {
  const { rows } = await dashboard.read<ChartAnswer>('/api/charts/seasonality')
  const counts = new Map(rows.map(({ month, movie_count }) => [Number(month), Number(movie_count)]))
  const [first = 0, second = 0] = counts.keys()
  const { films, total } = await dashboard.read<FilmsAnswer>(`/api/films?month=${first}&month=${second}`)
  expect(total).toBe((counts.get(first) ?? 0) + (counts.get(second) ?? 0))
  expect(new Set(films.map(({ month }) => month))).toEqual(new Set([first, second]))
  expect((await dashboard.ask('/api/films?month=13')).status).toBe(400)
})

it('shows a film with its people and its past', async () => {
  const film = await dashboard.read<FilmAnswer>('/api/films/597')
  expect(film.film.title).toBe('Titanic')
  expect(film.cast.length).toBeGreaterThan(0)
  expect(film.crew.some(({ jobs }) => jobs.includes('Director'))).toBe(true)
  expect(film.history).toHaveLength(1)
  expect((await dashboard.ask('/api/films/1')).status).toBe(404)
})

it('finds films, directors and franchises in any case and without accents', async () => {
  const found = await dashboard.read<SearchAnswer>('/api/search?q=TITÀNIC')
  expect(found.films.map(({ title }) => title)).toContain('Titanic')
  const { directors, franchises } = await dashboard.read<SearchAnswer>('/api/search?q=a')
  expect(directors.length).toBeGreaterThan(0)
  expect(franchises.length).toBeGreaterThan(0)
  const facets = await dashboard.read<FacetsAnswer>('/api/facets')
  expect(facets.genre.length).toBeGreaterThan(3)
})

it('shows runs with their lineage, and tables with their columns', async () => {
  const { runs } = await dashboard.read<RunsAnswer>('/api/runs')
  const run = await dashboard.read<RunAnswer>(`/api/runs/${runs[0]?.run_id}`)
  expect(run.is_published).toBe(true)
  const gold = run.run.steps.findIndex(({ step }) => step === 'gold')
  expect(run.rows_read[gold]).toBeGreaterThan(12)
  expect(run.lineage.edges).toContainEqual({ from: 'bronze.movies', to: 'silver.movies' })
  expect(run.lineage.edges).toContainEqual({ from: 'silver.movies', to: 'gold.movie_performance' })
  const { tables } = await dashboard.read<TablesAnswer>('/api/tables')
  expect(tables.map(({ table }) => table)).toContain('gold.directors')
  const table = await dashboard.read<TableAnswer>('/api/tables/silver.movies')
  expect(table.columns.find(({ name }) => name === 'runtime')?.unit).toBe('minutes')
  expect(table.versions[0]?.is_published).toBe(true)
  for (const address of ['/api/runs/none', '/api/tables/silver.none', '/api/charts/none', '/api/none'])
    expect((await dashboard.ask(address)).status).toBe(404)
})

it('answers 304 when nothing has changed', async () => {
  const first = await dashboard.ask('/api/headline')
  const etag = first.headers.get('etag') ?? ''
  expect((await dashboard.ask('/api/headline', { headers: { 'if-none-match': etag } })).status).toBe(304)
})
