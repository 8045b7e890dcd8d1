import { expect, it } from 'vitest'
import { ConfigError, SourceError } from '../../../src/errors.ts'
import { fetchMovieIds, openTmdb, type MovieIdSource } from '../../../src/sources/tmdb/index.ts'
import { serve } from './http-server.ts'
import { quickClock } from './quick-clock.ts'
import { ask, startSample } from './sample.ts'

const credential = { bearer: 'sample' }

async function idsOf(baseUrl: string, from: MovieIdSource): Promise<number[]> {
  const ids: number[] = []
  for await (const id of fetchMovieIds(openTmdb({ baseUrl, credential, clock: quickClock() }), from)) ids.push(id)
  return ids
}

/** A server whose pages hold the given ids. */
async function servePages(pages: readonly (readonly number[])[]): Promise<{ url: string; asked: string[] }> {
  const asked: string[] = []
  const url = await serve((request, response) => {
    asked.push(request.url ?? '')
    const page = Number(new URL(request.url ?? '', 'http://x').searchParams.get('page'))
    const results = (pages[page - 1] ?? []).map((id) => ({ id }))
    response.end(JSON.stringify({ page, results, total_pages: pages.length, total_results: 0 }))
  })
  return { url, asked }
}

it('gives the ids of a list in its order, each once, without asking anybody', async () => {
  expect(await idsOf('http://127.0.0.1:9', { source: 'list', ids: [3, 0, 3, 1, 0] })).toEqual([3, 0, 1])
})

it('gives the ids of as many pages as asked for, each once: lists move while they are read', async () => {
  const { url, asked } = await servePages([[1, 2, 3], [3, 4], [5]])
  expect(await idsOf(url, { source: 'popular', pages: 2 })).toEqual([1, 2, 3, 4])
  expect(asked).toEqual(['/3/movie/popular?page=1', '/3/movie/popular?page=2'])
})

it('ends after the last page', async () => {
  const { url, asked } = await servePages([[1], [2]])
  expect(await idsOf(url, { source: 'top_rated', pages: 500 })).toEqual([1, 2])
  expect(asked).toHaveLength(2)
})

it('asks for a page only when its ids are wanted', async () => {
  const { url, asked } = await servePages([[1], [2]])
  for await (const id of fetchMovieIds(openTmdb({ baseUrl: url }), { source: 'popular', pages: 2 })) if (id === 1) break
  expect(asked).toHaveLength(1)
})

it('gives the most popular movies of the sample in the order of the server', async () => {
  const server = await startSample()
  const ids = await idsOf(server.url, { source: 'popular', pages: 2 })
  const { body } = await ask<{ results: { id: number }[] }>(server, '/3/movie/popular')
  expect(ids).toHaveLength(40)
  expect(ids.slice(0, 20)).toEqual(body.results.map((row) => row.id))
})

it.each<MovieIdSource>([
  { source: 'popular', pages: 0 },
  { source: 'popular', pages: 501 },
  { source: 'top_rated', pages: 1.5 },
  { source: 'list', ids: [1.5] },
])('refuses %o', async (from) => {
  await expect(idsOf('http://127.0.0.1:9', from)).rejects.toBeInstanceOf(ConfigError)
})

it.each(['[]', 'null', '{"results":[{}],"total_pages":1}', '{"results":[{"id":1}]}'])(
  'throws for a page that is %s',
  async (text) => {
    const url = await serve((_, response) => response.end(text))
    await expect(idsOf(url, { source: 'popular', pages: 1 })).rejects.toMatchObject({
      name: 'SourceError',
      retryable: false,
    })
  },
)

it('throws a retryable error when a page cannot be had', async () => {
  const server = await startSample({ misbehave: [{ trouble: { kind: 'status', status: 503 } }] })
  const failed = idsOf(server.url, { source: 'popular', pages: 1 })
  await expect(failed).rejects.toBeInstanceOf(SourceError)
  await expect(failed).rejects.toMatchObject({
    retryable: true,
    message:
      'tmdb /3/movie/popular?page=1: status 503, Service offline: This service is temporarily offline, try again later.',
  })
})
