import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { finished } from 'node:stream/promises'
import { gzipSync } from 'node:zlib'
import { expect, it } from 'vitest'
import { InputError, QualityError } from '../../src/errors.ts'
import { tempFolder } from '../engines/temp-folder.ts'
import { newest, testLake } from './test-lake.ts'

const fetchedAt = '2025-12-09T10:00:00Z'
const movie = (id: number, title = `M${id}`): string =>
  JSON.stringify({ id, title, status: 'Released', credits: { cast: [], crew: [] } })
const lines = (...payloads: readonly string[]): string => payloads.map((payload) => `${payload}\n`).join('')
const upTo = (count: number): readonly string[] => Array.from({ length: count }, (_, i) => movie(i + 1))

async function fileOf(content: string | Uint8Array, name = 'movies.ndjson'): Promise<string> {
  const file = path.join(await tempFolder(), name)
  await writeFile(file, content)
  return file
}

it('takes payloads in as they are, dated as asked', async () => {
  const lake = await testLake()
  const payload = `{ "id":1,  "title":"Ü\\u00fc", "credits":{"cast":[],"crew":[]} }`
  await lake.import([await fileOf(lines(payload))], { fetchedAt })
  expect(await newest(lake, 'bronze.movies')).toMatchObject([
    { movie_id: 1, fetched_at: '2025-12-09T10:00:00.000000Z', ingestion_date: '2025-12-09', payload, http_status: 200 },
  ])
})

it('adds nothing when it is done again with the same instant, refusals included', async () => {
  const lake = await testLake()
  const file = await fileOf(lines(...upTo(9), '{"id":10}'))
  expect((await lake.import([file], { fetchedAt })).steps[0]?.counts).toEqual({ kept: 9, rejected: 1, duplicates: 0 })
  const again = await lake.import([file], { fetchedAt })
  expect(again).toMatchObject({ status: 'unchanged', steps: [{ counts: { kept: 0, rejected: 0, duplicates: 10 } }] })
  expect(await newest(lake, 'bronze.movies')).toHaveLength(9)
  expect(await newest(lake, 'bronze.rejected')).toMatchObject([
    { request: 'file:movies.ndjson#10', reason: 'title_missing', ingestion_date: '2025-12-09' },
  ])
})

it('keeps two payloads of one movie a microsecond apart, and the later one counts', async () => {
  const lake = await testLake(undefined, { set: { 'silver.min_filled_columns': 1 } })
  const file = await fileOf(lines(movie(1, 'old'), movie(2), movie(1, 'new'), movie(1, 'old')))
  await lake.import([file], { fetchedAt })
  const { rows } = await lake.sql('select fetched_at from bronze.movies where movie_id = 1 order by 1')
  expect(rows.map((row) => row['fetched_at'])).toEqual(['2025-12-09T10:00:00.000000Z', '2025-12-09T10:00:00.000001Z'])
  await lake.build({ layer: 'silver' })
  expect(
    await lake
      .table('silver.movies')
      .filter((m) => m.movie_id.eq(1))
      .first(),
  ).toMatchObject({ title: 'new' })
})

it('tells two files of one name apart, and takes a file that is named twice once', async () => {
  const lake = await testLake()
  const files = await Promise.all([fileOf(lines(movie(1), '{"id":9}')), fileOf(lines(movie(2), '{"id":9}'))])
  const [first = ''] = files
  const set = { fetchedAt }
  const wide = await testLake(undefined, { set: { 'quality.max_rejection_rate': 1 } })
  await wide.import([...files, first], set)
  expect((await newest(wide, 'bronze.rejected')).map(({ request }) => request).sort()).toEqual(
    files.map((file) => `file:${file}#2`).sort(),
  )
  await expect(lake.import(files, set)).rejects.toThrow(
    '2 of 4 answers were refused, allowed are 20 %: title_missing 2',
  )
})

it('ends with QualityError beyond max_rejection_rate, also when it is done again', async () => {
  const lake = await testLake()
  const file = await fileOf(lines(movie(1), '{"success":false,"status_code":34}'))
  for (let time = 0; time < 2; time += 1) await expect(lake.import([file], { fetchedAt })).rejects.toThrow(QualityError)
  expect(await newest(lake, 'bronze.rejected')).toMatchObject([{ reason: 'success_false' }])
  expect(await newest(lake, 'bronze.movies')).toHaveLength(1)
})

it.each<[string, string | Uint8Array, number]>([
  ['empty', '', 0],
  ['binary', Uint8Array.from({ length: 5000 }, (_, i) => (i * 7919) % 251), 0],
  ['text that is no JSON', 'id,title\n1,Avatar\n', 0],
  ['a list that ends in the middle', `[${upTo(5).join(',')},{"id":6,`, 5],
  ['a gzip that ends in the middle', gzipSync(lines(...upTo(2000)), { level: 1 }).subarray(0, 9000), 1],
])('tells a file that is %s, and keeps what was read before', async (_, content, least) => {
  const lake = await testLake()
  const file = await fileOf(content)
  const imported = lake.import([file], { fetchedAt })
  await expect(imported).rejects.toThrow(InputError)
  await expect(imported).rejects.toMatchObject({ exitCode: 2, message: expect.stringContaining(file) })
  const kept = await newest(lake, 'bronze.movies').catch(() => [])
  expect(kept.length).toBeGreaterThanOrEqual(least)
  expect((await lake.runs())[0]).toMatchObject({ status: 'failed', error: { exit_code: 2 } })
  expect(await lake.import([await fileOf(lines(...upTo(2000)))], { fetchedAt })).toMatchObject({ status: 'ok' })
  expect(await newest(lake, 'bronze.movies')).toHaveLength(2000)
})

it('refuses JSON of another shape record by record', async () => {
  const lake = await testLake()
  const imported = lake.import([await fileOf('{"data":{"films":[{"name":"Avatar"}]}}\n')], { fetchedAt })
  await expect(imported).rejects.toThrow('1 of 1 answers were refused, allowed are 20 %: id_missing 1')
})

it('passes over 200 MB in one line, in little memory, and takes the rest', async () => {
  const lake = await testLake(undefined, { set: { 'quality.max_rejection_rate': 0.5 } })
  const file = path.join(await tempFolder(), 'large.ndjson')
  const out = createWriteStream(file)
  out.write(`${movie(1)}\n{"id":2,"title":"`)
  const mebibyte = Buffer.alloc(1 << 20, 'x')
  for (let i = 0; i < 200; i += 1) if (!out.write(mebibyte)) await once(out, 'drain')
  out.end(`"}\n${movie(3)}\n`)
  await finished(out)
  const before = process.memoryUsage().rss
  expect((await lake.import([file], { fetchedAt })).steps[0]?.counts).toMatchObject({ kept: 2, rejected: 1 })
  expect(process.memoryUsage().rss - before).toBeLessThan(150 * 2 ** 20)
  expect(await newest(lake, 'bronze.rejected')).toMatchObject([{ reason: 'body_too_large', body: null }])
})

it('refuses an instant that is none, and a file that is not there, before anything is written', async () => {
  const lake = await testLake()
  await expect(lake.import([await fileOf('')], { fetchedAt: 'yesterday' })).rejects.toThrow('"yesterday" is no instant')
  await expect(lake.import(['/nowhere/movies.json'])).rejects.toThrow('/nowhere/movies.json: no such file')
  expect(await lake.tables()).toEqual([])
})

it('builds the same whatever was imported first', async () => {
  const [one, two] = await Promise.all([fileOf(lines(movie(1, 'old'))), fileOf(lines(movie(1, 'new')))])
  const [early, late] = ['2026-01-01', '2026-01-02']
  const ends = await Promise.all(
    [[one, early, two, late] as const, [two, late, one, early] as const].map(async ([a, at, b, then]) => {
      const lake = await testLake(undefined, { set: { 'silver.min_filled_columns': 1 } })
      await lake.import([a], { fetchedAt: at })
      await lake.build({ layer: 'silver' })
      await lake.import([b], { fetchedAt: then })
      await lake.build({ layer: 'silver' })
      return lake.table('silver.movies').select('movie_id', 'title').collect()
    }),
  )
  expect(ends).toEqual([[{ movie_id: 1, title: 'new' }], [{ movie_id: 1, title: 'new' }]])
})

it('is not led astray by a folder', async () => {
  const folder = path.join(await tempFolder(), 'sub')
  await mkdir(folder)
  const lake = await testLake()
  await expect(lake.import([folder])).rejects.toThrow(InputError)
})
