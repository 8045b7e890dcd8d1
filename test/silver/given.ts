import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { bronzeMovies } from '../../src/bronze/movies.ts'
import { movieRow, type MovieRow } from '../../src/bronze/rows.ts'
import { openDuckdb } from '../../src/engines/duckdb/duckdb-engine.ts'
import type { Engine } from '../../src/engines/engine.ts'
import type { AnyFrame, Frame, RowOf } from '../../src/frame/index.ts'
import { defaultRules, type Rules } from '../../src/rules.ts'
import { answers } from '../../src/silver/answers.ts'
import { movies } from '../../src/silver/movies.ts'
import type { Table } from '../../src/table.ts'

const roots: string[] = []

/** The engines that every model runs on, each with a lake of its own; a new one is a line here. */
export async function openEngines(): Promise<readonly Engine[]> {
  const root = await mkdtemp(join(tmpdir(), 'movielake-models-'))
  roots.push(root)
  return [await openDuckdb({ root: join(root, 'duckdb'), threads: 1, memoryLimit: '1GB' })]
}

/** Ends the engines; their lakes are gone. */
export async function closeEngines(engines: readonly Engine[]): Promise<void> {
  await Promise.all(engines.map((engine) => engine.close()))
  await Promise.all(roots.splice(0).map((root) => rm(root, { recursive: true, force: true })))
}

let tables = 0

/** A table of these rows as a frame; what a row leaves out is null, or an empty list where there must be one. */
export async function given<S>(
  engine: Engine,
  table: Table<S>,
  rows: readonly Partial<RowOf<Frame<S>>>[],
): Promise<Frame<S>> {
  tables += 1
  const own = { ...table, name: `${table.name}_${tables}` }
  const nothing = Object.fromEntries(
    Object.entries(table.columns).map(([name, { type }]) => [name, typeof type === 'object' ? [] : null]),
  )
  await engine.append(
    own,
    rows.map((row) => ({ ...nothing, ...row })),
    { runId: 'test' },
  )
  return engine.open(own)
}

/** A complete answer about a movie; `changes` are put over it. A field that is undefined is left out. */
export const film = (changes: Readonly<Record<string, unknown>> = {}): Readonly<Record<string, unknown>> => ({
  id: 603,
  title: 'The Matrix',
  original_title: 'The Matrix',
  tagline: 'Free your mind.',
  overview: 'A hacker learns what the world is.',
  status: 'Released',
  release_date: '1999-03-31',
  original_language: 'en',
  belongs_to_collection: { id: 2344, name: 'The Matrix Collection' },
  genres: [
    { id: 28, name: 'Action' },
    { id: 878, name: 'Science Fiction' },
  ],
  production_companies: [{ id: 79, name: 'Village Roadshow Pictures', origin_country: 'US' }],
  production_countries: [{ iso_3166_1: 'US', name: 'United States of America' }],
  spoken_languages: [{ iso_639_1: 'en', name: 'English', english_name: 'English' }],
  budget: 63_000_000,
  revenue: 463_517_383,
  runtime: 136,
  popularity: 80.5,
  vote_average: 8.2,
  vote_count: 25_000,
  imdb_id: 'tt0133093',
  poster_path: '/poster.jpg',
  backdrop_path: '/backdrop.jpg',
  homepage: 'http://www.warnerbros.com/matrix',
  adult: false,
  video: false,
  credits: { cast: [actor(6384, 'Keanu Reeves')], crew: [director(9340, 'Lana Wachowski')] },
  ...changes,
})

/** An entry of a cast list. */
export const actor = (id: number, name: string, more: Readonly<Record<string, unknown>> = {}) => ({
  credit_id: `cast-${id}`,
  id,
  name,
  character: 'somebody',
  order: 0,
  gender: 2,
  known_for_department: 'Acting',
  ...more,
})

/** An entry of a crew list. */
export const member = (id: number, name: string, job: string, more: Readonly<Record<string, unknown>> = {}) => ({
  credit_id: `${job}-${id}`,
  id,
  name,
  department: 'Crew',
  job,
  gender: 1,
  known_for_department: 'Crew',
  ...more,
})

/** An entry of a crew list for a director. */
export const director = (id: number, name: string, more: Readonly<Record<string, unknown>> = {}) =>
  member(id, name, 'Director', more)

/** When and by which run an answer was fetched. */
export interface Fetched {
  readonly at?: string
  readonly run?: string
  readonly status?: number
}

/** An answer as bronze keeps it; a payload that is text is taken as it is. The movie is that of the payload's id. */
export function answer(
  payload: Readonly<Record<string, unknown>> | string,
  { at = '2025-12-09T10:00:00.000000Z', run = 'run-1', status = 200 }: Fetched = {},
  movieId = typeof payload === 'string' ? 603 : Number(payload['id'] ?? 603),
): MovieRow {
  const body = typeof payload === 'string' ? payload : JSON.stringify(payload)
  return movieRow({ movieId, fetchedAt: at, request: `/movie/${movieId}`, status, body }, run)
}

/** What TMDB says of a movie that it has no more. */
export const tombstone = (movieId: number, fetched: Fetched): MovieRow =>
  answer('{"success":false,"status_code":34}', { ...fetched, status: 404 }, movieId)

/** The rows of a silver table built from these answers, in no order. */
export async function silverRows<S>(
  engine: Engine,
  table: Table<S>,
  rows: readonly MovieRow[],
  rules: Partial<Rules> = {},
): Promise<RowOf<Frame<S>>[]> {
  const all = { ...defaultRules, ...rules }
  const bronze = await given(engine, bronzeMovies, rows)
  const parsed = answers.build({ added: bronze, bronze }, all) as AnyFrame
  const inputs = { added: bronze, bronze, answers: parsed, movies: movies.build({ answers: parsed }, all) as AnyFrame }
  return (await table.build(inputs, all).collect()) as RowOf<Frame<S>>[]
}
