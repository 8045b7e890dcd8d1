import { mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import fc from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import type { Engine } from '../../../src/engines/engine.ts'
import { connectSpark } from '../../../src/engines/spark/spark-connection.ts'
import { sparkDialect } from '../../../src/engines/spark/spark-dialect.ts'
import { openSparkEngine } from '../../../src/engines/spark/spark-engine.ts'
import { sql, type AnyFrame, type Frame } from '../../../src/frame/index.ts'
import { bigint, date, stored, string, type Table } from '../../../src/table.ts'
import { modelled, run, sorted, step, type Movie } from '../../engines/engine-model.ts'
import { tempFolder } from '../../engines/temp-folder.ts'
import { movieColumns, movies, rowsIn, rowsOf as rowsOfDuckdb, testLake } from '../../engines/test-lake.ts'
import { sparkUrl } from './server.ts'

const opened: Engine[] = []
afterAll(async () => {
  for (const one of opened) await one.close()
})

async function sparkLake(root?: string): Promise<Engine & { readonly root: string }> {
  const folder = root ?? (await tempFolder())
  const engine = await openSparkEngine({ url: sparkUrl, root: folder })
  opened.push(engine)
  return Object.assign(engine, { root: folder })
}

/** The rows as a frame of the table's columns, by Spark's SQL. */
function rowsOf<S>(table: Table<S>, rows: readonly Partial<Record<keyof S, unknown>>[]): Frame<S> {
  const { types } = table.frame
  const text = `SELECT inline(from_json(${sparkDialect.text(JSON.stringify(rows))}, ${sparkDialect.text(sparkDialect.type({ array: { struct: types } }))}))`
  return sql(types)(Object.assign([text], { raw: [text] })) as Frame<never>
}

const raw = stored({
  name: 'bronze.movies',
  grain: 'one row per answer',
  key: ['movie_id'],
  columns: { movie_id: bigint('TMDB id'), ingestion_date: date('day') },
})
const movieIds = (ids: readonly number[]): AnyFrame =>
  rowsOfDuckdb(
    movies,
    ids.map((movie_id) => ({ movie_id })),
  ).select('movie_id')
const note = { runId: 'run-1' }
const heat = { movie_id: 1, title: 'Heat', rating: 8.3, genres: ['Crime'], directors: [{ person_id: 9, name: null }] }
const ronin = { movie_id: 2, title: 'Ronin', rating: null, genres: [], directors: null }

it('holds after any appends, merges and overwrites what a plain map holds, and DuckDB reads the same', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 2, maxLength: 3 }), async (steps) => {
      const lake = await sparkLake()
      const duckdb = await testLake({ root: lake.root })
      await lake.append(movies, [], note)
      let model: ReadonlyMap<number, Movie> = new Map()
      for (const one of steps) {
        const next = modelled(model, one)
        const isChange = await run(lake, model, one, rowsOf)
        expect(isChange).toBe(JSON.stringify(sorted(next)) !== JSON.stringify(sorted(model)))
        model = next
        expect(await rowsIn(lake, movies)).toEqual(sorted(model))
        expect(await rowsIn(duckdb, movies)).toEqual(sorted(model))
      }
    }),
    { numRuns: Number(process.env['RANDOM_LAKES'] ?? 1) },
  )
})

describe('a write', () => {
  it('says in the log who made it and what it has taken in, in one commit', async () => {
    const lake = await sparkLake()
    const watermarks = { 'bronze.movies': 7 }
    const properties = { 'movielake.fingerprint': 'abc' }
    const made = await lake.overwrite(movies, rowsOf(movies, [heat]))
    expect(await made.commit({ ...note, watermarks, properties })).toMatchObject({ version: 0, inserted: 1 })
    const merged = await lake.merge(movies, rowsOf(movies, [ronin]))
    expect(await merged.commit({ runId: 'run-2', watermarks: { 'bronze.movies': 8 }, properties })).toMatchObject({
      version: 1,
      inserted: 1,
    })
    for (const engine of [lake, await sparkLake(lake.root), await testLake({ root: lake.root })]) {
      expect(await engine.state(movies.name)).toMatchObject({
        version: 1,
        dataVersion: 1,
        rows: 2,
        files: 2,
        properties,
        watermarks: { 'bronze.movies': 8 },
      })
      expect((await engine.history(movies.name)).map(({ version, runId }) => [version, runId])).toEqual([
        [1, 'run-2'],
        [0, 'run-1'],
      ])
    }
    // upkeep takes nothing in
    await lake.optimize(movies.name, { runId: 'run-3' })
    for (const engine of [lake, await sparkLake(lake.root), await testLake({ root: lake.root })])
      expect(await engine.state(movies.name)).toMatchObject({
        version: 2,
        dataVersion: 1,
        watermarks: { 'bronze.movies': 8 },
      })
  })

  it('that changes nothing takes a note where there is something new to note', async () => {
    const lake = await sparkLake()
    await (await lake.overwrite(movies, rowsOf(movies, [heat, ronin]))).commit(note)
    const same = await lake.overwrite(movies, rowsOf(movies, [ronin, heat]))
    expect(same.isChange).toBe(false)
    expect(await same.commit(note)).toMatchObject({ version: 0 })
    const noted = await lake.overwrite(movies, rowsOf(movies, [ronin, heat]))
    await noted.commit({ ...note, watermarks: { 'bronze.movies': 3 }, properties: { 'movielake.fingerprint': 'new' } })
    expect(await lake.state(movies.name)).toMatchObject({
      version: 1,
      dataVersion: 0,
      watermarks: { 'bronze.movies': 3 },
      properties: { 'movielake.fingerprint': 'new' },
    })
  })

  it('makes a table where another was cut off while making it', async () => {
    const lake = await sparkLake()
    const log = path.join(lake.root, 'silver/movies/_delta_log')
    await mkdir(log, { recursive: true })
    await writeFile(path.join(log, '.00000000000000000000.json.0f3a.tmp'), '{"commitInfo":{"timestamp":17')
    expect(await lake.state(movies.name)).toBeUndefined()
    const made = await lake.overwrite(movies, rowsOf(movies, [heat]))
    expect(await made.commit({ ...note, properties: { a: '1' } })).toMatchObject({ version: 0, inserted: 1 })
    for (const engine of [lake, await testLake({ root: lake.root })]) {
      expect(await rowsIn(engine, movies)).toEqual([heat])
      expect(await engine.state(movies.name)).toMatchObject({ version: 0, properties: { a: '1' } })
    }
  })

  it('that appends takes the properties of its note, as on DuckDB', async () => {
    const found: unknown[] = []
    for (const lake of [await sparkLake(), await testLake()]) {
      await lake.append(movies, [heat], { ...note, properties: { a: '1', b: '1' } })
      await lake.append(movies, [ronin], { ...note, properties: { b: '2', 'c.d': "it's" }, watermarks: { 'x.y': 3 } })
      await lake.append(movies, [], { ...note, properties: { e: '4' }, watermarks: { 'x.y': 3 } })
      const { rows, properties, watermarks } = (await lake.state(movies.name)) ?? {}
      found.push({ rows, properties, watermarks })
      expect(await rowsIn(lake, movies)).toEqual([heat, ronin])
    }
    expect(found[0]).toEqual({
      rows: 2,
      properties: { a: '1', b: '2', 'c.d': "it's", e: '4' },
      watermarks: { 'x.y': 3 },
    })
    expect(found[1]).toEqual(found[0])
  })

  it('of a table that has nothing but its key brings new keys and takes old ones', async () => {
    const links = stored({
      name: 'silver.links',
      grain: 'one row per genre of a movie',
      key: ['movie_id', 'genre_id'],
      columns: { movie_id: bigint('TMDB id'), genre_id: bigint('TMDB id') },
    })
    const row = (movie_id: number, genre_id: number) => ({ movie_id, genre_id })
    const lake = await sparkLake()
    await lake.append(links, [row(1, 10), row(1, 20), row(2, 10)], note)
    const source = rowsOf(links, [row(1, 10), row(1, 30)])
    for (const isChanged of [true, false]) {
      const keys = rowsOf(links, [row(1, 0)]).select('movie_id')
      const merge = await lake.merge(links, source, { column: 'movie_id', keys, isChanged })
      expect(merge.isChange).toBe(isChanged)
      expect(await merge.commit(note)).toMatchObject(
        isChanged ? { version: 1, inserted: 1, updated: 0, deleted: 1 } : { version: 1, inserted: 0, deleted: 0 },
      )
    }
    expect((await lake.merge(links, source)).isChange).toBe(false)
    const found = await (await lake.open(links)).orderBy((l) => [l.movie_id, l.genre_id]).collect()
    expect(found).toEqual([row(1, 10), row(1, 30), row(2, 10)])
  })

  it('by keys beyond which a scope reaches changes what is in either', async () => {
    const credits = stored({
      name: 'silver.credits',
      grain: 'one row per credit',
      key: ['credit_id'],
      columns: { credit_id: bigint('id'), movie_id: bigint('TMDB id'), job: string('what was done') },
    })
    const row = (credit_id: number, movie_id: number, job: string) => ({ credit_id, movie_id, job })
    const lake = await sparkLake()
    await lake.append(credits, [row(1, 10, 'a'), row(2, 20, 'b'), row(20, 30, 'z')], note)
    const keys = rowsOf(credits, [row(0, 10, '')]).select('movie_id')
    const merge = await lake.merge(credits, rowsOf(credits, [row(2, 20, 'c')]), { column: 'movie_id', keys })
    expect(await merge.commit(note)).toMatchObject({ inserted: 0, updated: 1, deleted: 1 })
    const found = await (await lake.open(credits)).orderBy((c) => [c.credit_id]).collect()
    expect(found).toEqual([row(2, 20, 'c'), row(20, 30, 'z')])
  })

  it('to a table with deletion vectors of DuckDB finds the rows that are left', async () => {
    const lake = await sparkLake()
    const duckdb = await testLake({ root: lake.root, rewriteBytes: 0 })
    await duckdb.append(movies, [heat, ronin], note)
    const gone = { column: 'movie_id', keys: movieIds([1]) }
    await (await duckdb.merge(movies, rowsOfDuckdb(movies, [{ ...ronin, rating: 7 }]), gone)).commit(note)
    expect(await lake.state(movies.name)).toMatchObject({ rows: 1 })
    const merge = await lake.merge(movies, rowsOf(movies, [heat, { ...ronin, rating: 8 }]))
    expect(await merge.commit(note)).toMatchObject({ inserted: 1, updated: 1 })
    for (const engine of [lake, duckdb]) expect(await rowsIn(engine, movies)).toEqual([heat, { ...ronin, rating: 8 }])
  })

  it('gives a table the columns it lacks, and an overwrite gives it other types', async () => {
    const { rating: _, ...fewer } = movieColumns
    const narrow = stored({ ...movies, key: ['movie_id'], columns: fewer })
    const lake = await sparkLake()
    await lake.append(narrow, [{ movie_id: 1, title: 'Heat', genres: null, directors: null }], note)
    await lake.append(movies, [ronin], note)
    const merge = await lake.merge(movies, rowsOf(movies, [heat]))
    await merge.commit(note)
    expect(await rowsIn(lake, movies)).toEqual([heat, ronin])
    const other = stored({
      ...movies,
      key: ['movie_id'],
      columns: { movie_id: bigint('TMDB id'), title: bigint('a number') },
    })
    const overwrite = await lake.overwrite(other, rowsOf(other, [{ movie_id: 1, title: 1995 }]))
    expect(await (await overwrite.replaced()).count()).toBe(2)
    expect(await overwrite.commit(note)).toMatchObject({ inserted: 1, deleted: 2 })
    expect(await rowsIn(await testLake({ root: lake.root }), other)).toEqual([{ movie_id: 1, title: 1995 }])
  })

  it('prepared on a version that is no longer the newest conflicts, and writes nothing', async () => {
    const lake = await sparkLake()
    await lake.append(movies, [heat], note)
    const pending = await lake.merge(movies, rowsOf(movies, [{ ...heat, title: 'Heat 2' }]))
    await (await testLake({ root: lake.root })).append(movies, [ronin], note)
    await expect(pending.commit(note)).rejects.toMatchObject({ name: 'ConflictError', exitCode: 1 })
    expect(await rowsIn(lake, movies)).toEqual([heat, ronin])
  })

  it('is not there until it is committed, and gone when it is discarded', async () => {
    const lake = await sparkLake()
    await lake.append(movies, [heat], note)
    const pending = await lake.merge(movies, rowsOf(movies, [{ ...heat, rating: 9 }, ronin]))
    expect(await pending.after.count()).toBe(2)
    expect(await pending.written.count()).toBe(2)
    expect(await (await pending.replaced()).collect()).toEqual([heat])
    await pending.discard()
    expect(await rowsIn(lake, movies)).toEqual([heat])
  })

  it('of a key that comes twice, or is missing, is refused with the key', async () => {
    const lake = await sparkLake()
    await lake.append(movies, [heat], note)
    await expect(lake.merge(movies, rowsOf(movies, [ronin, ronin]))).rejects.toThrow(/"movie_id":2.*more than once/)
    await expect(lake.merge(movies, rowsOf(movies, [{ title: 'none' }]))).rejects.toThrow(/without movie_id/)
  })
})

describe('a table', () => {
  it('that is not there is missing, as is a version of it', async () => {
    const lake = await sparkLake()
    expect(await lake.state(movies.name)).toBeUndefined()
    expect(await lake.history(movies.name)).toEqual([])
    await expect(lake.open(movies)).rejects.toMatchObject({ name: 'TableError', fault: 'missing' })
    await lake.append(movies, [heat], note)
    const gone = (async () => (await lake.open(movies, { version: 5 })).collect())()
    await expect(gone).rejects.toMatchObject({ name: 'TableError', fault: 'missing' })
  })

  it('tells what was appended after a version, also when files were brought together since', async () => {
    const lake = await sparkLake()
    const idsSince = async (version: number): Promise<readonly number[]> =>
      (await (await lake.openAppended(raw, version)).collect()).map(({ movie_id }) => movie_id).toSorted()
    for (const movie_id of [1, 2, 3])
      await lake.append(raw, [{ movie_id, ingestion_date: '2025-12-09' }], { ...note, partitionBy: ['ingestion_date'] })
    expect(await idsSince(0)).toEqual([2, 3])
    const upkeep = await lake.optimize(raw.name, note)
    expect(upkeep).toMatchObject({ filesBefore: 3, filesAfter: 1, versionBefore: 2, version: 3 })
    expect(await idsSince(1)).toEqual([3])
    expect(await idsSince(3)).toEqual([])
    await expect(lake.vacuum(raw.name, { keepAppendedSince: 1 }, note)).rejects.toMatchObject({ fault: 'unsupported' })
    await expect(lake.vacuum(raw.name, { retentionHours: 1000 }, note)).rejects.toMatchObject({ fault: 'mismatch' })
    const now = { keepAppendedSince: 3, retentionHours: 0 }
    expect(await lake.vacuum(raw.name, { ...now, dryRun: true }, note)).toMatchObject({ filesBefore: 4, filesAfter: 1 })
    expect(await lake.vacuum(raw.name, { keepAppendedSince: 3 }, note)).toMatchObject({ filesBefore: 4, filesAfter: 4 })
    expect(await lake.vacuum(raw.name, now, note)).toMatchObject({ filesBefore: 4, filesAfter: 1 })
    expect(await idsSince(3)).toEqual([])
    await expect(lake.openAppended(raw, 1)).rejects.toMatchObject({ name: 'TableError', fault: 'missing' })
  })
})

describe('SQL of one’s own', () => {
  it('reads tables by the names they are bound to', async () => {
    const lake = await sparkLake()
    await lake.append(movies, [heat, ronin], note)
    await lake.bind('silver.movies', await lake.open(movies))
    const { columns, rows } = await lake.sql(
      'SELECT movies.title, m.title FROM silver.movies JOIN silver.movies m USING (movie_id) WHERE movie_id = 2; -- silver.none',
    )
    expect(columns).toEqual({ title: 'string', title_1: 'string' })
    for await (const batch of rows) expect(batch).toEqual([{ title: 'Ronin', title_1: 'Ronin' }])
    expect.assertions(2)
  })

  it('is told which integer is beyond what a number holds', async () => {
    const { rows } = await (await sparkLake()).sql('SELECT 9007199254740993 AS big')
    const read = (async () => {
      for await (const batch of rows) expect(batch).toEqual([])
    })()
    await expect(read).rejects.toMatchObject({ name: 'EngineError', hint: 'cast it to string' })
  })

  it('that writes is refused', async () => {
    const lake = await sparkLake()
    await lake.append(movies, [heat], note)
    await lake.bind('silver.movies', await lake.open(movies))
    const table = `delta.\`${lake.root}/silver/movies\``
    for (const text of [
      `DELETE FROM ${table}`,
      `INSERT INTO ${table} SELECT * FROM ${table}`,
      `WITH a AS (SELECT * FROM ${table}) INSERT INTO ${table} SELECT * FROM a`,
      `FROM ${table} INSERT INTO ${table} SELECT *`,
      'DROP VIEW silver.movies',
      'SET spark.sql.ansi.enabled = false',
      '',
    ])
      await expect(lake.sql(text)).rejects.toMatchObject({ name: expect.stringMatching(/^(EngineError|SparkError)$/) })
    expect(await rowsIn(lake, movies)).toEqual([heat])
  })
})

it('work that is stopped ends at once, and the engine goes on', async () => {
  const lake = await sparkLake()
  const slow = lake.stage('slow', sql({ n: 'bigint' })`SELECT count(*) AS n FROM range(10000000000) WHERE id % 7 = 3`)
  setTimeout(() => lake.stop?.(), 1000)
  await expect(slow).rejects.toMatchObject({ name: 'StoppedError' })
  await lake.append(movies, [heat], note)
  expect(await rowsIn(lake, movies)).toEqual([heat])
})

it('a session on it keeps two apart that work at once', async () => {
  const one = await sparkLake()
  const two = await sparkLake(one.root)
  await Promise.all([
    (await one.overwrite(movies, rowsOf(movies, [heat]))).commit({ runId: 'run-1', properties: { by: 'one' } }),
    (await two.overwrite(raw, rowsOf(raw, [{ movie_id: 7, ingestion_date: '2025-12-09' }]))).commit({
      runId: 'run-2',
      properties: { by: 'two' },
    }),
  ])
  expect(await rowsIn(two, movies)).toEqual([heat])
  expect(await rowsIn(one, raw)).toHaveLength(1)
  expect(await two.state(movies.name)).toMatchObject({ properties: { by: 'one' } })
  expect((await one.history(raw.name)).map(({ runId }) => runId)).toEqual(['run-2'])
  await using session = await connectSpark({ url: sparkUrl, root: one.root })
  expect(session.version).toMatch(/^4\.2/)
})
