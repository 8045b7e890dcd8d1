import { createHash } from 'node:crypto'
import { expect, it } from 'vitest'
import { movieRow, rejectedRow } from '../../src/bronze/rows.ts'

const at = '2025-12-09T23:59:59.999999Z'

it('an answer is a row of the UTC day it came on, its body unchanged', () => {
  const body = '{"id": 603,\r\n "title":"Amélie \\u00e9 日本"}'
  expect(movieRow({ movieId: 603, fetchedAt: at, request: '/3/movie/603', status: 200, body }, 'run-1')).toEqual({
    movie_id: 603,
    fetched_at: at,
    ingestion_date: '2025-12-09',
    run_id: 'run-1',
    request: '/3/movie/603',
    http_status: 200,
    etag: null,
    sha256: createHash('sha256').update(Buffer.from(body)).digest('hex'),
    payload: body,
  })
})

it('a refusal is a row with what is known of it, the rest null', () => {
  const refused = { movieId: undefined, rejectedAt: at, request: 'file:a.json#1', reason: 'not_json', message: 'x', attempts: 1 } // prettier-ignore
  expect(rejectedRow(refused, 'run-1')).toEqual({
    movie_id: null,
    request: 'file:a.json#1',
    reason: 'not_json',
    http_status: null,
    tmdb_status_code: null,
    attempts: 1,
    message: 'x',
    body: null,
    run_id: 'run-1',
    rejected_at: at,
    ingestion_date: '2025-12-09',
  })
  expect(rejectedRow({ ...refused, movieId: 0, status: 404, tmdbStatusCode: 34, body: '{}' }, 'run-1')).toMatchObject({
    movie_id: 0,
    http_status: 404,
    tmdb_status_code: 34,
    body: '{}',
  })
})
