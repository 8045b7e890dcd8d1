import { createHash } from 'node:crypto'
import { basename } from 'node:path'
import { Hono, type Context } from 'hono'
import { z } from 'zod'
import type { LakePaths } from '../config/paths.ts'
import type { Engine } from '../engines/engine.ts'
import { InputError } from '../errors.ts'
import { readRunRecords } from '../pipeline/run-record.ts'
import { charts } from '../report/charts/index.ts'
import { csvText } from '../report/csv.ts'
import { films } from '../report/films.ts'
import type { Rules } from '../rules.ts'
import { NotFoundError } from './answer-error.ts'
import { answerChart, chartColumns } from './answers/chart-answer.ts'
import { answerFilm } from './answers/film-answer.ts'
import { answerFilms, parseFilmsQuery, readFilmsFile } from './answers/films-answer.ts'
import { answerHeadline } from './answers/headline-answer.ts'
import { renderChartPng, renderSvg, type PictureOptions } from './answers/picture.ts'
import { answerRun, answerRuns } from './answers/runs-answer.ts'
import { answerFacets, answerSearch } from './answers/search-answer.ts'
import { answerTable, answerTables } from './answers/tables-answer.ts'
import type { LakeAnswer, PublishedAnswer } from './api-types.ts'
import { answerEvents } from './events.ts'
import { parseFilters } from './filters.ts'
import type { Publication } from './publication.ts'
import { RunWatch } from './run-watch.ts'
import type { Serving } from './serving.ts'
import { ShownFilms } from './shown-films.ts'

/** What the API answers from. */
export interface ApiParts {
  readonly serving: Serving
  readonly engine: Engine
  readonly rules: Rules
  readonly paths: LakePaths
  readonly version: string
}

/** The routes below `/api`; `api-types.ts` says what each answers. */
export function buildApi(parts: ApiParts): Hono {
  const { serving, engine, rules, paths } = parts
  const api = new Hono()
  const runs = new RunWatch(paths.runs)
  const use = <T>(c: Context, work: (publication: Publication, signal: AbortSignal) => Promise<T>) =>
    serving.current.use((publication) => work(publication, c.req.raw.signal))
  const shown = (c: Context, publication: Publication) =>
    new ShownFilms(publication, parseFilters(queryOf(c)), c.req.raw.signal)

  api.get('/published', (c) => c.json(publishedOf(serving.current)))
  api.get('/events', (c) => answerEvents(c, serving, runs))
  api.get('/lake', async (c) => json(c, await use(c, (publication) => answerLake(parts, publication))))
  api.get('/facets', async (c) => json(c, await use(c, answerFacets)))
  api.get('/headline', async (c) =>
    json(c, await use(c, (publication, signal) => answerHeadline(publication, parseFilters(queryOf(c)), signal))),
  )
  api.get('/headline.csv', async (c) => {
    const { numbers } = await use(c, (publication, signal) =>
      answerHeadline(publication, parseFilters(queryOf(c)), signal),
    )
    const columns = ['id', 'label', 'unit', 'value', 'n', 'now', 'before']
    return file(
      c,
      'headline.csv',
      'text/csv; charset=utf-8',
      csvText(
        columns,
        numbers.map((number) => ({ ...number })),
      ),
    )
  })
  api.get('/charts/:file', (c) =>
    use(c, (publication) => answerChartFile(c, shown(c, publication), publication, paths)),
  )
  api.get('/films', async (c) =>
    json(c, await use(c, (publication) => answerFilms(shown(c, publication), parseFilmsQuery(queryOf(c))))),
  )
  api.get('/films.csv', async (c) => {
    const rows = await use(c, (publication) => readFilmsFile(shown(c, publication), parseFilmsQuery(queryOf(c))))
    return file(c, 'films.csv', 'text/csv; charset=utf-8', csvText(Object.keys(films.columns), rows))
  })
  api.get('/films/:id', async (c) => {
    const id = idOf(c.req.param('id'))
    return json(c, await use(c, (publication, signal) => answerFilm(publication, engine, id, signal)))
  })
  api.get('/search', async (c) => {
    const { q } = parseFilters(new URLSearchParams({ q: c.req.query('q')?.trim() ?? '' }))
    if (q === undefined) return json(c, { films: [], directors: [], franchises: [] })
    return json(c, await use(c, (publication, signal) => answerSearch(publication, q, signal)))
  })
  api.get('/runs', async (c) => json(c, await answerRuns(paths.runs, serving.current.published.run_id)))
  api.get('/runs/:id', async (c) => {
    const from = { folder: paths.runs, engine, rules, publishedBy: serving.current.published.run_id }
    return json(c, await answerRun(from, c.req.param('id'), c.req.raw.signal))
  })
  api.get('/tables', async (c) => json(c, await answerTables(engine, rules, serving.current.published)))
  api.get('/tables/:name', async (c) =>
    json(c, await answerTable(engine, rules, serving.current.published, c.req.param('name'))),
  )
  return api
}

const queryOf = (c: Context): URLSearchParams => new URL(c.req.url).searchParams

const publishedOf = ({ published: { run_id, at } }: Publication): PublishedAnswer => ({ run_id, at })

async function answerLake({ paths, version }: ApiParts, publication: Publication): Promise<LakeAnswer> {
  const { film_count, first_year, last_year, newest_on } = publication.meta
  const runs = await readRunRecords(paths.runs)
  return {
    name: basename(paths.root),
    published: publishedOf(publication),
    is_sample: runs.some(({ is_sample }) => is_sample),
    film_count,
    years: first_year === null || last_year === null ? null : [first_year, last_year],
    newest_on,
    charts: charts.map(({ id }) => id),
    version,
  }
}

const pictureSchema = z.object({
  theme: z.enum(['light', 'dark'], 'light or dark').default('light'),
  width: z.coerce
    .number('pixels from 320 to 1600')
    .int()
    .min(320, 'at least 320')
    .max(1600, 'at most 1600')
    .default(860),
})

async function answerChartFile(
  c: Context,
  shown: ShownFilms,
  { published }: Publication,
  { root }: LakePaths,
): Promise<Response> {
  const [, id = '', ending] = /^(.*?)(?:\.(csv|svg|png))?$/.exec(c.req.param('file') ?? '') ?? []
  const answer = await answerChart(shown, id)
  if (ending === undefined) return json(c, answer)
  if (ending === 'csv')
    return file(c, `${id}.csv`, 'text/csv; charset=utf-8', csvText(chartColumns(shown, id), answer.rows))
  const { data, error } = pictureSchema.safeParse({ theme: c.req.query('theme'), width: c.req.query('width') })
  if (data === undefined) {
    const [issue] = error.issues
    throw new InputError(`${issue?.path[0]?.toString() ?? 'picture'}: ${issue?.message ?? 'not understood'}`)
  }
  const options: PictureOptions = {
    ...data,
    source: [
      `${basename(root)}, published ${published.at.slice(0, 10)} (run ${published.run_id})`,
      'Data: TMDB, which neither endorses nor certifies this',
    ],
  }
  if (ending === 'svg') return file(c, `${id}.svg`, 'image/svg+xml', renderSvg(answer, options))
  return file(c, `${id}.png`, 'image/png', renderChartPng(answer, options))
}

function idOf(text: string): number {
  if (/^\d{1,12}$/.test(text)) return Number(text)
  throw new NotFoundError(`there is no film ${JSON.stringify(text.slice(0, 50))}`, { hint: 'films have numbers' })
}

/** An answer that a browser asks for again, and gets only when it has changed. */
function json(c: Context, answer: object): Response {
  const { took_ms, ...lasting }: { readonly took_ms?: number } = answer
  // how long it took is no difference
  const content = JSON.stringify(lasting)
  return unlessKnown(c, content, () => {
    c.header('Content-Type', 'application/json; charset=utf-8')
    return c.body(took_ms === undefined ? content : `{"took_ms":${took_ms},${content.slice(1)}`)
  })
}

const file = (c: Context, name: string, type: string, body: string | Uint8Array<ArrayBuffer>): Response =>
  unlessKnown(c, body, () => {
    c.header('Content-Type', type)
    c.header('Content-Disposition', `attachment; filename="${name}"`)
    return c.body(body)
  })

function unlessKnown(c: Context, content: string | Uint8Array, answer: () => Response): Response {
  const tag = `"${createHash('sha256').update(content).digest('base64url').slice(0, 22)}"`
  c.header('ETag', tag)
  c.header('Cache-Control', 'no-cache')
  return c.req.header('if-none-match') === tag ? c.body(null, 304) : answer()
}
